#include "connectors/runtime/own_requests.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>
#include <httplib.h>

#include "base/json.h"
#include "connectors/runtime/connector_runtime.h"
#include "tests/support/runtime_bench.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::RuntimeBench;

namespace {

std::string enquiry(const std::string& serial, const std::string& more = "") {
    return "<?xml version=\"1.0\"?><E xmlns=\"urn:e\"><Head><No>" + serial +
           "</No><By>YC-1</By><Kind>FETCH</Kind></Head><Consent><Id>C1</Id><At>2026-11-21</At>"
           "<Until>2027-02-21T23:59:59+08:00</Until></Consent><Case>CASE-1</Case>" +
           more + "</E>";
}

struct Desk : RuntimeBench {
    Desk() {
        RequestsConfig requests;
        requests.wait_ms = 2000;
        requests.max_body = 4096;
        RequestForm form;
        form.schema = "610100.tax/e@1";
        form.root = "E";
        form.resource = "housing-fund/loan-eligibility";
        form.kind.path = "/E/Head/Kind";
        form.kinds = {{"FETCH", "fetch"}, {"VERIFY", "verify"}};
        form.purpose.literal = "loan-approval";
        form.request_id.path = "/E/Head/No";
        form.officer.path = "/E/Head/By";
        form.case_ref.path = "/E/Case";
        ConsentPaths consent;
        consent.id.path = "/E/Consent/Id";
        consent.given_at.path = "/E/Consent/At";
        consent.valid_until.path = "/E/Consent/Until";
        consent.channel.literal = "counter";
        consent.evidence_sha256.literal = std::string(64, 'a');
        form.consent = consent;
        requests.forms.push_back(form);
        config.requests = requests;
    }
    [[nodiscard]] static std::pair<int, Json> post(const ConnectorRuntime& runtime,
                                                   const std::string& body) {
        httplib::Client client("127.0.0.1", runtime.requests_port());
        client.set_read_timeout(20);
        const auto reply = client.Post("/requests", body, "application/xml");
        BOOST_REQUIRE(reply);
        auto said = parse_json(reply->body);
        return {reply->status, said ? *said : Json()};
    }
    [[nodiscard]] static std::pair<int, Json> get(const ConnectorRuntime& runtime,
                                                  const std::string& id) {
        httplib::Client client("127.0.0.1", runtime.requests_port());
        const auto reply = client.Get("/requests/" + id);
        BOOST_REQUIRE(reply);
        auto said = parse_json(reply->body);
        return {reply->status, said ? *said : Json()};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(own_requests_test)

BOOST_AUTO_TEST_CASE(the_offices_own_message_becomes_a_signed_request) {
    Desk desk;
    auto runtime = desk.start();
    const auto [status, said] = Desk::post(*runtime, enquiry("R-1"));
    BOOST_TEST(status == 202);
    BOOST_TEST(said["exchange"] == "EX-R-1");
    BOOST_TEST(said["request"] == "R-1");
    BOOST_TEST(said["state"] == "pending");
    const auto requests = desk.hub.with([](auto& hub) { return hub.requests; });
    BOOST_REQUIRE(requests.size() == 1U);
    const wire::Request& request = requests.front();
    BOOST_TEST(request.hub == "hub.test");
    BOOST_TEST((request.kind == wire::ExchangeKind::fetch));
    BOOST_TEST(request.officer == "YC-1");
    BOOST_TEST(request.case_ref == "CASE-1");
    BOOST_TEST(request.body == enquiry("R-1"));
    BOOST_TEST((request.delivery == wire::Delivery::push));
    BOOST_TEST(request.consent.consent_id == "C1");
    BOOST_TEST(request.consent.receiver == "610100.tax");
    BOOST_TEST(request.consent.given_at_ms == parse_iso_instant("2026-11-21T00:00:00+08:00")->ms);
    BOOST_TEST(desk.signing.public_key().verify(request_text(request), request.signature.value));
    BOOST_TEST(request.journal.number == 1);
}

BOOST_AUTO_TEST_CASE(what_is_posted_to_a_forms_own_path_is_of_that_form_alone) {
    Desk desk;
    RequestForm event = desk.config.requests->forms.front();
    event.at = "/cases/events";
    event.resource = "housing-fund/loan-issued";
    event.kind = {"submit", ""};
    event.consent.reset();
    desk.config.requests->forms.push_back(event);
    auto runtime = desk.start();
    httplib::Client client("127.0.0.1", runtime->requests_port());
    const auto posted = client.Post("/cases/events", enquiry("R-1"), "application/xml");
    BOOST_REQUIRE(posted);
    BOOST_TEST(posted->status == 202);
    BOOST_TEST(Desk::post(*runtime, enquiry("R-2")).first == 202);
    const auto elsewhere = client.Post("/cases/other", enquiry("R-3"), "application/xml");
    BOOST_REQUIRE(elsewhere);
    BOOST_TEST(elsewhere->status == 404);
    const auto requests = desk.hub.with([](auto& hub) { return hub.requests; });
    BOOST_REQUIRE(requests.size() == 2U);
    BOOST_TEST((requests[0].kind == wire::ExchangeKind::submit));
    BOOST_TEST(requests[0].resource == "housing-fund/loan-issued");
    BOOST_TEST((requests[1].kind == wire::ExchangeKind::fetch));
}

BOOST_AUTO_TEST_CASE(the_same_again_is_the_same_request_and_other_content_a_conflict) {
    Desk desk;
    auto runtime = desk.start();
    BOOST_TEST(Desk::post(*runtime, enquiry("R-1")).first == 202);
    BOOST_TEST(Desk::post(*runtime, enquiry("R-1")).second["exchange"] == "EX-R-1");
    const auto [status, said] = Desk::post(*runtime, enquiry("R-1", "<Other/>"));
    BOOST_TEST(status == 409);
    BOOST_TEST(said["code"] == "request.conflict");
    BOOST_TEST(!said["zh"].get<std::string>().empty());
    BOOST_TEST(desk.hub.with([](auto& hub) { return hub.requests.size(); }) == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_hub_is_shown_and_remembered) {
    Desk desk;
    desk.hub.with([](auto& hub) {
        hub.on_exchange = [](const wire::Request&) -> wire::Outcome {
            wire::Refusal refusal;
            refusal.code = "agreement.none";
            refusal.zh = "没有协议";
            refusal.en = "no agreement";
            throw refusal;
        };
    });
    auto runtime = desk.start();
    for (int i = 0; i < 2; ++i) {
        const auto [status, said] = Desk::post(*runtime, enquiry("R-1"));
        BOOST_TEST(status == 403);
        BOOST_TEST(said["code"] == "agreement.none");
        BOOST_TEST(said["zh"] == "没有协议");
    }
    BOOST_TEST(desk.hub.with([](auto& hub) { return hub.requests.size(); }) == 1U);
    BOOST_TEST(!desk.at_rest("YC-1"));
}

BOOST_AUTO_TEST_CASE(without_a_hub_the_request_is_kept_sealed_and_sent_later_byte_for_byte) {
    Desk desk;
    desk.config.requests->wait_ms = 200;
    desk.hub.close();
    {
        auto runtime = desk.start();
        const auto [status, said] = Desk::post(*runtime, enquiry("R-1", "<Name>a citizen</Name>"));
        BOOST_TEST(status == 202);
        BOOST_TEST(said["state"] == "queued");
    }
    BOOST_TEST(!desk.at_rest("a citizen"));
    desk.hub.reopen();
    auto runtime = desk.start();
    BOOST_REQUIRE(desk.eventually(
        [&] { return desk.hub.with([](auto& hub) { return hub.requests.size() == 1; }); }));
    BOOST_TEST(desk.hub.with([](auto& hub) { return hub.requests.front().body; }) ==
               enquiry("R-1", "<Name>a citizen</Name>"));
    BOOST_REQUIRE(
        desk.eventually([&] { return Desk::get(*runtime, "R-1").second["state"] == "pending"; }));
    BOOST_TEST(Desk::get(*runtime, "R-1").second["exchange"] == "EX-R-1");
}

BOOST_AUTO_TEST_CASE(the_office_can_ask_what_has_become_of_it) {
    Desk desk;
    desk.hub.with([](auto& hub) {
        hub.on_result = [](const std::string& exchange) {
            wire::Outcome outcome;
            outcome.exchange_id = exchange;
            outcome.state = wire::ExchangeState::refused;
            wire::Finding finding;
            finding.code = "C-07";
            finding.zh = "余额不符";
            outcome.findings.push_back(finding);
            return outcome;
        };
    });
    auto runtime = desk.start();
    BOOST_TEST(Desk::post(*runtime, enquiry("R-1")).first == 202);
    const auto [status, said] = Desk::get(*runtime, "R-1");
    BOOST_TEST(status == 200);
    BOOST_TEST(said["state"] == "refused");
    BOOST_TEST(said["final"] == true);
    BOOST_TEST(said["findings"][0]["code"] == "C-07");
    BOOST_TEST(Desk::get(*runtime, "R-2").first == 404);
}

BOOST_AUTO_TEST_CASE(what_was_denied_after_it_was_taken_in_is_over_for_the_office_too) {
    Desk desk;
    desk.hub.with([](auto& hub) {
        hub.on_result = [](const std::string&) -> wire::Outcome {
            wire::Refusal refusal;
            refusal.code = "consent.withdrawn";
            refusal.zh = "本人已撤回授权";
            refusal.en = "the consent was withdrawn";
            throw refusal;
        };
    });
    auto runtime = desk.start();
    BOOST_TEST(Desk::post(*runtime, enquiry("R-1")).second["state"] == "pending");
    const auto said = Desk::get(*runtime, "R-1").second;
    BOOST_TEST(said["code"] == "consent.withdrawn");
    BOOST_TEST(said["zh"] == "本人已撤回授权");
    const auto [status, again] = Desk::post(*runtime, enquiry("R-1"));
    BOOST_TEST(status == 403);
    BOOST_TEST(again["code"] == "consent.withdrawn");
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused_in_both_languages) {
    Desk desk;
    auto runtime = desk.start();
    for (const std::string& body : {std::string("not xml"),
                                    std::string("<Other/>"),
                                    enquiry("a b"),
                                    enquiry(""),
                                    std::string("{\"a\":1}"),
                                    std::string("<!DOCTYPE a [<!ENTITY b 'c'>]><E>&b;</E>")}) {
        const auto [status, said] = Desk::post(*runtime, body);
        BOOST_TEST(status == 400);
        BOOST_TEST(said["code"] == "request.malformed");
        BOOST_TEST(!said["zh"].get<std::string>().empty());
    }
    BOOST_TEST(Desk::post(*runtime, enquiry("R-1", std::string(5000, ' '))).first == 413);
    BOOST_TEST(desk.hub.with([](auto& hub) { return hub.requests.empty(); }));
}

BOOST_AUTO_TEST_CASE(a_form_that_a_reload_brings_is_taken_where_it_says) {
    Desk desk;
    auto runtime = desk.start();
    const auto post = [&runtime](const std::string& path, const std::string& body) {
        httplib::Client client("127.0.0.1", runtime->requests_port());
        const auto reply = client.Post(path, body, "application/xml");
        BOOST_REQUIRE(reply);
        return reply->status;
    };
    BOOST_TEST(post("/cases/new", enquiry("R-1")) == 404);
    ConnectorConfig next = desk.config;
    RequestForm form = next.requests->forms.front();
    form.at = "/cases/new";
    form.resource = "other/resource";
    next.requests->forms.push_back(form);
    BOOST_TEST(runtime->reload(next).ok());
    BOOST_TEST(post("/cases/new", enquiry("R-2")) == 202);
    BOOST_TEST(post("/requests", enquiry("R-3")) == 202);
    BOOST_TEST(post("/elsewhere", enquiry("R-4")) == 404);
    std::map<std::string, std::string> asked_for;
    const auto requests = desk.hub.with([](auto& hub) { return hub.requests; });
    for (const wire::Request& request : requests)
        asked_for[request.request_id] = request.resource;
    BOOST_TEST(requests.size() == 2U);
    BOOST_TEST(asked_for["R-2"] == "other/resource");
    BOOST_TEST(asked_for["R-3"] == desk.config.requests->forms.front().resource);
    next.requests->max_body += 1;
    BOOST_TEST(runtime->reload(next).fault().where == "requests.max_body");
}

BOOST_AUTO_TEST_CASE(a_dropped_file_is_a_request_and_is_answered_beside_it) {
    Desk desk;
    desk.config.requests->drop_in = desk.authority.folder / "drop-in";
    desk.config.requests->drop_out = desk.authority.folder / "drop-out";
    auto runtime = desk.start();
    std::filesystem::create_directories(desk.config.requests->drop_in);
    std::ofstream(desk.config.requests->drop_in + "/q1.xml") << enquiry("R-9");
    const std::string reply = desk.config.requests->drop_out + "/q1.xml.json";
    BOOST_REQUIRE(desk.eventually([&] { return std::filesystem::exists(reply); }));
    const auto said = parse_json(*read_file(reply));
    BOOST_REQUIRE(said.ok());
    BOOST_TEST((*said)["exchange"] == "EX-R-9");
    BOOST_TEST(desk.eventually(
        [&] { return std::filesystem::exists(desk.config.requests->drop_in + "/taken/q1.xml"); }));
}

BOOST_AUTO_TEST_SUITE_END()
