// Every way of being denied: each is a leaf, each says why in two languages, and no byte of any
// record leaves.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(refused_askers_test)

namespace {

// All that a refused asker gets to see.
std::string bytes_of_refusal(const Refusal& refusal) {
    return refusal.code + refusal.where + refusal.zh + refusal.en +
           std::to_string(refusal.retry_after_ms);
}

// Texts of the offices' records and of the question that are long enough to be somebody's.
std::vector<std::string> personal_texts() {
    std::vector<std::string> texts;
    const auto collect = [&texts](const std::string& bytes) {
        std::string run;
        for (const char c : bytes + "<") {
            if (c == '<' || c == '>' || c == '"' || c == '\n' || c == ',' || c == ':') {
                if (run.size() >= 6) texts.push_back(run);
                run.clear();
            } else {
                run += c;
            }
        }
    };
    for (const char* operation : {"employment", "homes", "deed-tax"})
        collect(TestHub::answer_of(operation));
    const Result<std::string> certificate = gb18030_to_utf8(TestHub::answer_of("certificate"));
    if (certificate) collect(*certificate);
    collect(test::example("640100.housing-fund/loan-eligibility-request/v1/example.xml"));
    std::erase_if(
        texts,
        [](const std::string& text) {  // numbers of persons and things, and whatever is Chinese
            std::size_t digits = 0;
            std::size_t longest = 0;
            bool chinese = false;
            for (const char c : text) {
                digits = c >= '0' && c <= '9' ? digits + 1 : 0;
                longest = std::max(longest, digits);
                chinese = chinese || static_cast<unsigned char>(c) >= 0x80;
            }
            return !chinese && longest < 9;
        });
    return texts;
}

std::size_t denied_leaves(TestHub& hub, const std::string& code) {
    std::size_t count = 0;
    for (int shard = 0; shard < store::shard_count; ++shard) {
        for (const store::AuditRow& row : test::need(hub.store->audit_after(shard, 0, 1'000))) {
            const bool denied = row.kind == static_cast<std::int32_t>(audit::LeafKind::denied);
            if (denied && row.leaf.find("\"" + code + "\"") != std::string::npos) ++count;
            for (const std::string& text : personal_texts()) {
                BOOST_REQUIRE_MESSAGE(row.leaf.find(text) == std::string::npos,
                                      "a leaf holds a record's text: " + text);
            }
        }
    }
    return count;
}

struct Case {
    std::string code;
    std::function<void(TestHub&, Request&)> spoil;
    bool sign_again = true;
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_denial_is_a_leaf_with_its_code_and_lets_nothing_out) {
    const std::vector<std::string> texts = personal_texts();
    BOOST_REQUIRE(texts.size() > 20U);
    TestHub hub;
    const Offices offices(hub);
    const std::vector<Case> cases = {
        {"agreement.purpose", [](TestHub&, Request& r) { r.purpose = "curiosity"; }},
        {"resource.unknown", [](TestHub&, Request& r) { r.resource = "housing-fund/everything"; }},
        {"kind.not_offered", [](TestHub&, Request& r) { r.kind = policy::Kind::submit; }},
        {"kind.not_offered", [](TestHub&, Request& r) { r.kind = policy::Kind::publish; }},
        {"schema.not_agreed", [](TestHub&, Request& r) { r.schema = "640100.tax/deed-tax@1"; }},
        {"consent.missing", [](TestHub&, Request& r) { r.consent.reset(); }},
        {"consent.purpose", [](TestHub&, Request& r) { r.consent->purpose = "other"; }},
        {"consent.receiver", [](TestHub&, Request& r) { r.consent->receiver = "640100.tax"; }},
        {"consent.ended", [](TestHub&, Request& r) { r.consent->valid_until = Instant{1}; }},
        {"request.hub", [](TestHub&, Request& r) { r.hub = "hub.elsewhere"; }},
        {"request.id", [](TestHub&, Request& r) { r.request_id = "a b"; }},
        {"request.malformed", [](TestHub&, Request& r) { r.officer = "王某某"; }},
        {"request.malformed", [](TestHub&, Request& r) { r.signed_at_ms = -1; }},
        {"version", [](TestHub&, Request& r) { r.revision = 2; }},
        {"clock.old", [](TestHub&, Request& r) { r.signed_at_ms -= 7'200'000; }},
        {"clock.future", [](TestHub&, Request& r) { r.signed_at_ms += 120'000; }},
        {"call.body_too_large", [](TestHub&, Request& r) { r.body.assign(2U << 20, ' '); }},
        {"signature.invalid", [](TestHub&, Request& r) { r.officer = "YC-9999"; }, false},
        {"signature.invalid", [](TestHub&, Request& r) { r.body += " "; }, false},
        {"signature.key",
         [](TestHub& h, Request& r) { r.signature = h.sign("640100.tax", signed_form(r)); },
         false},
    };
    int number = 0;
    for (const Case& next : cases) {
        BOOST_TEST_CONTEXT(next.code << " " << number) {
            const std::size_t before = denied_leaves(hub, next.code);
            Request request = hub.request("D-" + std::to_string(++number));
            next.spoil(hub, request);
            if (next.sign_again) request = hub.signed_again(std::move(request));
            const Reply<Outcome> reply =
                hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
            BOOST_REQUIRE(!reply.ok());
            BOOST_TEST(reply.refusal().code == next.code);
            BOOST_TEST(reply.refusal().retry_after_ms == 0);
            const std::string out = bytes_of_refusal(reply.refusal());
            for (const std::string& text : texts)
                BOOST_REQUIRE(out.find(text) == std::string::npos);
            BOOST_TEST(denied_leaves(hub, next.code) == before + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(somebody_elses_certificate_cannot_use_our_signature) {
    TestHub hub;
    const Reply<Outcome> reply =
        hub.exchanges->exchange(hub.request("D-1"), TestHub::caller("640100.tax"));
    BOOST_REQUIRE(!reply.ok());
    BOOST_TEST(reply.refusal().code == "signature.key");
    BOOST_TEST(denied_leaves(hub, "signature.key") == 1U);
    const Reply<Outcome> nobody =
        hub.exchanges->exchange(hub.request("D-2"), TestHub::caller("640100.nobody"));
    BOOST_TEST(nobody.refusal().code == "member.unknown");
}

BOOST_AUTO_TEST_CASE(a_revoked_signing_certificate_signs_nothing_any_more) {
    TestHub hub;
    hub.city.revoke({test::need(read_certificate(hub.city.certificates[TestHub::asker])).serial});
    const Reply<Outcome> reply =
        hub.exchanges->exchange(hub.request("D-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(!reply.ok());
    BOOST_TEST(reply.refusal().code == "signature.certificate");
    BOOST_TEST(denied_leaves(hub, "signature.certificate") == 1U);
}

BOOST_AUTO_TEST_CASE(a_revoked_tls_certificate_is_a_leaf_once_a_minute) {
    TestHub hub;
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(
            hub.exchanges->turned_away(TestHub::caller("640100.tax"), "certificate.revoked").code ==
            "certificate.revoked");
    }
    BOOST_TEST(denied_leaves(hub, "certificate.revoked") == 1U);
    hub.clock.offset_ms = 61'000;
    static_cast<void>(
        hub.exchanges->turned_away(TestHub::caller("640100.tax"), "certificate.revoked"));
    BOOST_TEST(denied_leaves(hub, "certificate.revoked") == 2U);
}

BOOST_AUTO_TEST_CASE(a_denied_request_stays_denied_under_its_id_without_another_leaf) {
    TestHub hub;
    Request request = hub.request("D-1");
    request.purpose = "curiosity";
    request = hub.signed_again(request);
    for (int i = 0; i < 3; ++i) {
        const Reply<Outcome> reply =
            hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
        BOOST_TEST(reply.refusal().code == "agreement.purpose");
    }
    BOOST_TEST(denied_leaves(hub, "agreement.purpose") == 1U);
    hub.stop();
    hub.start();
    BOOST_TEST(hub.exchanges->exchange(request, TestHub::caller(TestHub::asker)).refusal().code ==
               "agreement.purpose");
}

BOOST_AUTO_TEST_CASE(an_asker_over_its_rate_is_busy_with_a_time_and_no_leaf) {
    TestHub hub([](ExchangeTerms&) {},
                [](test::City& city) {
                    city.change("members/640100.housing-fund.yaml",
                                "{per_second: 50, burst: 200}",
                                "{per_second: 1, burst: 1}");
                });
    Request request = hub.request("D-1");
    request.purpose = "curiosity";
    request = hub.signed_again(request);
    BOOST_TEST(hub.exchanges->exchange(request, TestHub::caller(TestHub::asker)).refusal().code ==
               "agreement.purpose");
    const Refusal busy =
        hub.exchanges->exchange(request, TestHub::caller(TestHub::asker)).refusal();
    BOOST_TEST(busy.code == "busy");
    BOOST_TEST(busy.retry_after_ms > 0);
    BOOST_TEST(denied_leaves(hub, "busy") == 0U);
}

BOOST_AUTO_TEST_CASE(another_member_cannot_see_the_outcome) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(hub.request("D-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(outcome.ok());
    const std::chrono::milliseconds now(0);
    const Reply<Outcome> stolen =
        hub.exchanges->result(outcome->exchange_id, now, TestHub::caller("640100.tax"));
    BOOST_REQUIRE(!stolen.ok());
    BOOST_TEST(stolen.refusal().code == "exchange.unknown");
    BOOST_TEST(hub.exchanges->trace(outcome->exchange_id, TestHub::caller("640100.nobody"))
                   .refusal()
                   .code == "exchange.unknown");
    BOOST_TEST(hub.exchanges->trace(outcome->exchange_id, TestHub::caller("640100.tax"))
                   .ok());  // it answered a part
}

BOOST_AUTO_TEST_SUITE_END()
