#include <boost/test/unit_test.hpp>

#include "hub/exchange/part_reasons.h"
#include "hub/exchange/rate_limiter.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/router.h"
#include "hub/exchange/stored_forms.h"
#include "hub/exchange/verdicts.h"
#include "tests/support/need.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::support::need;

BOOST_AUTO_TEST_SUITE(small_parts_test)

BOOST_AUTO_TEST_CASE(a_member_gets_its_burst_and_then_its_rate) {
    RateLimiter limiter;
    const RateLimiter::Time start{};
    const policy::RateLimit limit{10, 2};
    BOOST_TEST(limiter.take("a", limit, start) == 0);
    BOOST_TEST(limiter.take("a", limit, start) == 0);
    BOOST_TEST(limiter.take("a", limit, start) == 100);
    BOOST_TEST(limiter.take("b", limit, start) == 0);
    BOOST_TEST(limiter.take("a", limit, start + std::chrono::milliseconds(100)) == 0);
}

BOOST_AUTO_TEST_CASE(a_message_number_has_20_digits_and_is_the_same_each_time) {
    const std::string number = message_number("e1/tax");
    BOOST_TEST(number.size() == 20U);
    BOOST_TEST(number.find_first_not_of("0123456789") == std::string::npos);
    BOOST_TEST(number == message_number("e1/tax"));
    BOOST_TEST(number != message_number("e2/tax"));
}

BOOST_AUTO_TEST_CASE(a_detail_is_read_back_as_it_was_written) {
    Detail detail;
    detail.officer_commitment = "aa";
    detail.document_sha256 = "bb";
    PartDetail& part = detail.parts["tax"];
    part.provider = "640100.tax";
    part.open = false;
    part.status = mapping::PartStatus::answered;
    part.envelope = SignedEnvelope{
        "640100.tax", "e", "e/tax", "cc", 5, {"es256", "k", std::string("\0\1\2", 3)}};
    schemas::Finding finding;
    finding.code = "C-07";
    finding.place = {"a/b", 3, 4};
    finding.zh = "中";
    detail.findings.push_back(finding);
    detail.verdicts.push_back({"certificate.base", Verdict::match, "width", 9});
    const Detail back = need(read_detail(write_detail(detail)));
    BOOST_TEST(write_detail(back) == write_detail(detail));
    BOOST_TEST(back.parts.at("tax").envelope->signature.value.size() == 3U);
    BOOST_TEST(!read_detail("{\"parts\":1}").ok());
}

BOOST_AUTO_TEST_CASE(a_head_is_read_back_without_its_body) {
    Request request;
    request.request_id = "R-1";
    request.kind = policy::Kind::verify;
    request.body = "not here";
    request.consent = policy::ConsentTerms{"c", "r", "p", "m", Instant{1}, Instant{2}, "app", "e"};
    const std::string written = write_head(request);
    BOOST_TEST(written.find("not here") == std::string::npos);
    const Request back = need(read_head(written));
    BOOST_TEST(back.request_id == "R-1");
    BOOST_TEST((back.consent == request.consent));
}

BOOST_AUTO_TEST_CASE(every_refusal_speaks_chinese_and_english) {
    for (const char* code :
         {"busy", "request.conflict", "clock.old", "envelope.signature", "journal.forked"}) {
        const Refusal refused = refusal(code, "somewhere");
        BOOST_TEST(refused.code == code);
        BOOST_TEST(!refused.zh.empty());
        BOOST_TEST(!refused.en.empty());
    }
    BOOST_TEST(refusal("no.such.code", "x").code == "internal");
}

namespace {

struct Held {
    policy::Part part;
    PartAnswer answer;
    schemas::Group record;
    Held() {
        part.name = "certificate";
        part.stale_after = std::chrono::hours(24);
        answer.part = &part;
        answer.status = mapping::PartStatus::answered;
        answer.source_time_ms = 1'000;
        schemas::Group employer;
        employer.set("name", {std::string("西安（高新）公司"), {}});
        schemas::Group certificate;
        certificate.set("employer", {employer, {}});
        certificate.set("base", {schemas::Money{123'456}, {}});
        schemas::List ledger;
        for (const char* serial : {"1", "2"}) {
            schemas::Group row;
            row.set("serial", {std::string(serial), {}});
            ledger.items.push_back({row, {}});
        }
        certificate.set("ledger", {ledger, {}});
        record.set("certificate", {certificate, {}});
    }
    FieldVerdict verdict(const std::string& field,
                         const std::string& value,
                         std::int64_t now_ms = 2'000) const {
        return judge({field, value}, record, answer, Instant{now_ms});
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_five_outcomes_are_told_apart) {
    Held held;
    BOOST_TEST((held.verdict("certificate.base", "1234.56").verdict == Verdict::match));
    BOOST_TEST(held.verdict("certificate.base", "1234.56").source_age_ms == 1'000);
    BOOST_TEST((held.verdict("certificate.base", "1234.57").verdict == Verdict::mismatch));
    BOOST_TEST((held.verdict("certificate.number", "1").verdict == Verdict::no_record));
    BOOST_TEST((held.verdict("certificate.ledger.serial", "1").verdict == Verdict::ambiguous));
    BOOST_TEST((held.verdict("certificate.base", "1234.56", 90'000'000).verdict ==
                Verdict::unavailable_or_stale));
    held.answer.status = mapping::PartStatus::unavailable;
    BOOST_TEST(
        (held.verdict("certificate.base", "1234.56").verdict == Verdict::unavailable_or_stale));
    held.answer.status = mapping::PartStatus::no_record;
    BOOST_TEST((held.verdict("certificate.base", "1234.56").verdict == Verdict::no_record));
    held.answer.status = mapping::PartStatus::ambiguous;
    BOOST_TEST((held.verdict("certificate.base", "1234.56").verdict == Verdict::ambiguous));
}

BOOST_AUTO_TEST_CASE(a_match_says_which_normalisation_made_it) {
    const Held held;
    BOOST_TEST(held.verdict("certificate.employer.name", "西安（高新）公司").normalisation == "");
    const FieldVerdict width = held.verdict("certificate.employer.name", "西安(高新)公司");
    BOOST_TEST((width.verdict == Verdict::match));
    BOOST_TEST(width.normalisation == "width");
    const FieldVerdict blanks = held.verdict("certificate.employer.name", "西安 (高新) 公司");
    BOOST_TEST((blanks.verdict == Verdict::match));
    BOOST_TEST(blanks.normalisation == "blanks");
}

BOOST_AUTO_TEST_CASE(a_reason_is_explained_by_the_longest_code_that_it_begins_with) {
    const auto of = [](const char* reason) {
        const PartReason* known = part_reason(reason);
        return known == nullptr ? std::string_view() : known->code;
    };
    BOOST_TEST(of("odbc.column_missing") == "odbc.column_missing");
    BOOST_TEST(of("odbc.HY000") == "odbc.");
    BOOST_TEST(of("soap.fault.Server") == "soap.fault.");
    BOOST_TEST(of("http.status.503") == "http.status.");
    BOOST_TEST(of("http.connect") == "http.connect");
    BOOST_TEST(of("http.connected") == "http.");
    BOOST_TEST(of("deadlines") == "");
    BOOST_TEST(of("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
