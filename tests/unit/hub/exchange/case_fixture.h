// A hub with cases that are a fake: resources of which one opens them, one reports into them and
// one is what they ask for, all between the offices of the shipped city pair.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "hub/exchange/case_calls.h"
#include "hub/exchange/intake.h"
#include "hub/exchange/middle.h"
#include "hub/exchange/router.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

namespace tongban::test {

class FakeCases final : public exchange::Intake {
public:
    Result<exchange::CaseReply> open(const exchange::CaseOpening& opening) override {
        auto told = told_.lock();
        ++told->calls;
        if (std::optional<Fault> fault = next_fault(*told)) return *fault;
        told->openings.push_back(opening);
        const auto [found, fresh] = told->cases.try_emplace(
            opening.submission.exchange_id, "TB-2026-" + std::to_string(told->cases.size() + 1));
        static_cast<void>(fresh);
        exchange::CaseReply reply;
        reply.case_number = found->second;
        reply.state = "A_APPLIED";
        reply.state_zh = "已受理申请";
        reply.state_en = "application received";
        reply.due = Date{2026, 12, 15};
        return reply;
    }
    Result<exchange::CaseReply> event(const exchange::CaseEvent& event) override {
        auto told = told_.lock();
        ++told->calls;
        if (std::optional<Fault> fault = next_fault(*told)) return *fault;
        told->events.push_back(event);
        exchange::CaseReply reply;
        reply.reception = event.value == "TB-2026-000017" ? exchange::Reception::accepted
                                                          : exchange::Reception::unknown_case;
        if (reply.reception == exchange::Reception::accepted) reply.case_number = event.value;
        return reply;
    }

    struct Told {
        int calls = 0;
        std::vector<exchange::CaseOpening> openings;
        std::vector<exchange::CaseEvent> events;
        std::map<std::string, std::string> cases;  // by exchange id: the number it was given
        std::vector<Fault> faults;                 // said first, one a call
    };
    [[nodiscard]] Told told() { return *told_.lock(); }
    void fail_with(std::vector<Fault> faults) { told_.lock()->faults = std::move(faults); }

private:
    static std::optional<Fault> next_fault(Told& told) {
        if (told.faults.empty()) return std::nullopt;
        const Fault fault = told.faults.front();
        told.faults.erase(told.faults.begin());
        return fault;
    }
    Guarded<Told> told_;
};

class Answers {  // what the cases have been told
public:
    void hear(exchange::CaseAnswer answer) {
        heard_.lock()->push_back(std::move(answer));
        changed_.notify_all();
    }
    exchange::CaseAnswer wait_for(const std::string& op_key) {
        auto heard = heard_.lock();
        const auto is_it = [&](const exchange::CaseAnswer& answer) {
            return answer.name.op_key == op_key;
        };
        const bool came = changed_.wait_for(heard.native(), std::chrono::seconds(15), [&] {
            return std::any_of(heard->begin(), heard->end(), is_it);
        });
        BOOST_REQUIRE_MESSAGE(came, "no answer of " + op_key);
        return *std::find_if(heard->begin(), heard->end(), is_it);
    }
    std::size_t count() { return heard_.lock()->size(); }

private:
    Guarded<std::vector<exchange::CaseAnswer>> heard_;
    std::condition_variable changed_;
};

inline std::string case_agreement(const std::string& id,
                                  const std::string& resource,
                                  const std::string& rest) {
    return "agreement: " + id +
           "\nversion: 1\nrequester: 640100.housing-fund\nresource: " + resource +
           "\npurpose: loan-approval\nground: {law: 住房公积金管理条例, article: 第二十六条}\n"
           "consent: not_required\nvalid_from: 2026-01-01\nkinds: [submit]\n" +
           rest;
}

constexpr const char* acknowledged_in =
    "delivery: 640100.housing-fund/case-acknowledgement@1\n"
    "fields: [reception, case_number, state, state_zh, state_en, due, received_at]\n";

struct CaseHub {
    inline static const std::string office = "610100.housing-fund";
    FakeCases cases;
    Answers answers;
    TestHub hub;

    explicit CaseHub(
        const std::string& effect = "idempotent",
        const std::function<void(exchange::ExchangeTerms&)>& change =
            [](exchange::ExchangeTerms&) {})
        : hub(
              change,
              [&](City& city) { write_files(city, effect); },
              [this](exchange::Exchanges& exchanges) {
                  exchanges.take_in_by(cases);
                  exchanges.case_calls().on_answer(
                      [this](exchange::CaseAnswer answer) { answers.hear(std::move(answer)); });
              }) {}

    static std::string into_case(const std::string& id,
                                 const std::string& request,
                                 const std::string& subject,
                                 const std::string& intake) {
        return "resource: " + id +
               "\nversion: 1\nzh: 收件\nen: intake\nrecord: case/acknowledgement@1\nrequest: " +
               request + "\nsubject: " + subject + "\nkinds: [submit]\nintake: " + intake +
               "\nwait_ms: 20000\ndeadline_ms: 120000\ndeliver_within_ms: 604800000\n";
    }
    static void write_files(City& city, const std::string& effect) {
        const auto put = [&city](const std::string& name, const std::string& text) {
            spill(city.folder / ("configs/" + name), text);
        };
        put("resources/test.remote-loan.yaml",
            into_case("test/remote-loan",
                      "case/remote-loan-application@1",
                      "applicant.id_number",
                      "{open: test/loan}"));
        put("resources/test.loan-issued.yaml",
            into_case("test/loan-issued",
                      "housing-fund/loan-issued@1",
                      "borrower.id_number",
                      "{event: loan.issued, correlate: case_number}"));
        const std::string status =
            effect == "queryable"
                ? ", status: {operation: mark-status, query: 610100.housing-fund/loan-feedback@1, "
                  "record: 610100.housing-fund/loan-mark@1}"
                : "";
        put("resources/test.loan-mark.yaml",
            "resource: test/loan-mark\nversion: 1\nzh: 标记\nen: mark\n"
            "record: housing-fund/loan-mark@1\nrequest: housing-fund/loan-feedback@1\n"
            "subject: borrower.id_number\nkinds: [submit]\neffect: " +
                effect +
                "\nwait_ms: 20000\ndeadline_ms: 120000\ndeliver_within_ms: 604800000\nparts:\n"
                "  mark: {zh: 标记, en: mark, type: housing-fund/mark-answer@1, required: true, "
                "division_by: contribution_division, providers: [{division: \"610100\", member: "
                "610100.housing-fund, operation: mark, query: "
                "610100.housing-fund/loan-feedback@1, record: 610100.housing-fund/loan-mark@1, "
                "from: 2026-01-01" +
                status + "}]}\n");
        put("agreements/T-open.yaml",
            case_agreement("T-open",
                           "test/remote-loan",
                           "request: 640100.housing-fund/remote-loan-application@1\n" +
                               std::string(acknowledged_in)));
        // Of a member without a system: the hub's own words, in and out.
        put("resources/test.plain-loan.yaml",
            into_case("test/plain-loan",
                      "case/remote-loan-application@1",
                      "applicant.id_number",
                      "{open: test/loan}"));
        put("agreements/T-plain.yaml",
            case_agreement("T-plain",
                           "test/plain-loan",
                           "request: case/remote-loan-application@1\n"
                           "delivery: case/acknowledgement@1\n"
                           "fields: [reception, case_number, state]\n"));
        put("agreements/T-issued.yaml",
            case_agreement(
                "T-issued",
                "test/loan-issued",
                "request: 640100.housing-fund/loan-issued@1\n" + std::string(acknowledged_in)));
        put("agreements/T-mark.yaml",
            case_agreement("T-mark",
                           "test/loan-mark",
                           "cases: [test/loan]\nfields: [mark, request.certificate_number]\n"));
        city.change("agreements/A-640100-hf-0001.yaml",
                    "kinds: [fetch, verify]",
                    "kinds: [fetch, verify]\ncases: [test/loan]");
    }

    exchange::Request sent(const std::string& id,
                           const std::string& resource,
                           const std::string& schema) const {
        exchange::Request request = hub.request(id);
        request.kind = policy::Kind::submit;
        request.resource = resource;
        request.schema = "640100.housing-fund/" + schema + "@1";
        request.body = example("640100.housing-fund/" + schema + "/v1/example.xml");
        request.consent->resource = resource;
        return hub.signed_again(std::move(request));
    }
    exchange::Request application(const std::string& id) const {
        return sent(id, "test/remote-loan", "remote-loan-application");
    }
    exchange::Reply<exchange::Outcome> send(const exchange::Request& request) {
        return hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
    }
    // A case that the lending centre has opened, by its exchange.
    std::string opened(const std::string& id = "YC-1") {
        const exchange::Reply<exchange::Outcome> outcome = send(application(id));
        BOOST_REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.refusal().code));
        BOOST_REQUIRE_MESSAGE(outcome->state == exchange::State::delivered,
                              codes_of(outcome->findings));
        return outcome->exchange_id;
    }

    static schemas::Group canonical(const std::string& type, const Json& json) {
        const auto record = mapping::accept(json.dump(), *the_engine()->catalogue->type(type));
        BOOST_REQUIRE_MESSAGE(record.ok(), codes_of(record.findings));
        return record.value->fields();
    }
    static schemas::Group feedback() {
        return canonical(
            "housing-fund/loan-feedback@1",
            {{"application_number", "YD20261122000017"},
             {"certificate_number", "202611220001"},
             {"contribution_division", "610100"},
             {"centre", "640100000000000"},
             {"borrower",
              {{"name", "样本甲"}, {"id_type", "CN_ID"}, {"id_number", "640106198802293415"}}},
             {"contract_number", "YCJK20261208000031"},
             {"amount", "500000.00"},
             {"term_months", "240"},
             {"issued_on", "2026-12-10"},
             {"settled", false},
             {"sent_on", "2026-12-11"}});
    }
    static exchange::CaseCall mark_call(const std::string& opening,
                                        const std::string& op_key = "17/3/mark") {
        exchange::CaseCall call;
        call.name = {TestHub::asker, op_key, 1};
        call.case_id = "17";
        call.item = "test/loan";
        call.opening = opening;
        call.resource = "test/loan-mark";
        call.kind = policy::Kind::submit;
        call.purpose = "loan-approval";
        call.request = feedback();
        return call;
    }
    exchange::CaseCalls& calls() { return hub.exchanges->case_calls(); }
    // The one job that waits for Xi'an's connector.
    exchange::Job leased() {
        const exchange::LeaseReply reply = hub.lease(office);
        BOOST_REQUIRE_EQUAL(reply.jobs.size(), 1U);
        return reply.jobs[0];
    }
    bool nothing_to_lease() { return hub.lease(office, 300).jobs.empty(); }
    void mark(const exchange::Job& job) {
        BOOST_TEST(
            hub.complete(office,
                         hub.answered(
                             office, job, example("610100.housing-fund/loan-mark/v1/example.xml")))
                .ok());
    }
    void say(const exchange::Job& job, mapping::PartStatus kind, const std::string& why) {
        BOOST_TEST(hub.complete(office, TestHub::not_answered(job, kind, why)).ok());
    }
    void restart() {
        hub.stop();
        hub.start();
    }
};

}  // namespace tongban::test
