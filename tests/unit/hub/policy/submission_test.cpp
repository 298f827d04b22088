// Resources and agreements of kind submit: to an office, and into a case.
#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "hub/policy/decide.h"
#include "tests/unit/hub/policy/policy_fixture.h"

using namespace tongban;
using namespace tongban::policy;

BOOST_AUTO_TEST_SUITE(submission_test)

namespace {

std::string faults_of(const test::City& city) {
    try {
        static_cast<void>(Policy::load(city.sources(), test::catalogue()));
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

bool says(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

constexpr const char* marked =
    "resource: test/mark\nversion: 1\nzh: 标记\nen: mark\nrecord: housing-fund/loan-mark@1\n"
    "request: housing-fund/loan-feedback@1\nsubject: borrower.id_number\nkinds: [submit]\n"
    "effect: queryable\nwait_ms: 1\ndeadline_ms: 1\ndeliver_within_ms: 1\nparts:\n"
    "  mark: {zh: 标记, en: mark, type: housing-fund/mark-answer@1, required: true, "
    "division_by: contribution_division, providers: [{division: \"610100\", member: "
    "610100.housing-fund, operation: mark, query: 610100.housing-fund/loan-feedback@1, record: "
    "610100.housing-fund/loan-mark@1, from: 2026-01-01, status: {operation: status, query: "
    "610100.housing-fund/loan-feedback@1, record: 610100.housing-fund/loan-mark@1, settle_ms: "
    "5000}}]}\n";
constexpr const char* opened =
    "resource: test/loan\nversion: 1\nzh: 申请\nen: application\nrecord: "
    "case/acknowledgement@1\nrequest: case/remote-loan-application@1\nsubject: "
    "applicant.id_number\nkinds: [submit]\nintake: {open: test/item}\nwait_ms: 1\ndeadline_ms: "
    "1\ndeliver_within_ms: 1\n";
constexpr const char* agreed =
    "agreement: T-mark\nversion: 1\nrequester: 640100.housing-fund\nresource: "
    "test/mark\npurpose: loan-approval\nground: {law: 条例, article: 第一条}\nconsent: "
    "required\nvalid_from: 2026-01-01\nkinds: [submit]\ncases: [test/item]\nfields: [mark]\n";

struct Configured : test::City {
    explicit Configured(const std::string& from = "", const std::string& to = "") {
        for (const auto& [name, text] : {std::pair("resources/mark.yaml", marked),
                                         std::pair("resources/loan.yaml", opened),
                                         std::pair("agreements/mark.yaml", agreed)}) {
            std::string bytes = text;
            const std::size_t at = from.empty() ? std::string::npos : bytes.find(from);
            if (at != std::string::npos) bytes.replace(at, from.size(), to);
            test::spill(folder / ("configs/" + std::string(name)), bytes);
        }
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(effects_status_questions_and_intakes_are_read) {
    const Configured city;
    const auto policy = Policy::load(city.sources(), test::catalogue());
    const Resource* mark = policy->resource("test/mark");
    BOOST_REQUIRE(mark != nullptr);
    BOOST_TEST((mark->effect == Effect::queryable));
    const Route* route = mark->part("mark")->route("610100", {2026, 11, 22});
    BOOST_REQUIRE((route != nullptr && route->status.has_value()));
    BOOST_TEST(route->status->operation == "status");
    BOOST_TEST(route->status->settle.count() == 5'000);
    const Resource* loan = policy->resource("test/loan");
    BOOST_REQUIRE((loan != nullptr && loan->intake.has_value()));
    BOOST_TEST(loan->intake->open == "test/item");
    BOOST_TEST(loan->parts.empty());
}

BOOST_AUTO_TEST_CASE(what_would_leave_a_lost_answer_undecided_does_not_load) {
    BOOST_TEST(says(faults_of(Configured("effect: queryable\n", "")), "effect"));
    BOOST_TEST(says(faults_of(Configured("queryable", "sometimes")), "expected read, idempotent"));
    BOOST_TEST(
        says(faults_of(Configured("queryable", "idempotent")), "belongs to effect queryable"));
    BOOST_TEST(says(faults_of(Configured(", status: {operation: status, query: "
                                         "610100.housing-fund/loan-feedback@1, record: "
                                         "610100.housing-fund/loan-mark@1, settle_ms: 5000}",
                                         "")),
                    "needs `status`"));
    BOOST_TEST(
        says(faults_of(Configured("required: true", "required: false")), "one required part"));
    BOOST_TEST(says(faults_of(Configured("kinds: [submit]\neffect",
                                         "kinds: [submit]\nplacement: "
                                         "provider\neffect")),
                    "converted in the hub"));
}

BOOST_AUTO_TEST_CASE(an_intake_opens_a_case_or_reports_into_one_and_does_nothing_else) {
    BOOST_TEST(says(faults_of(Configured("{open: test/item}", "{open: a, event: b, correlate: c}")),
                    "either `open` or `event`"));
    BOOST_TEST(says(faults_of(Configured("{open: test/item}", "{event: b, correlate: no.such}")),
                    "path of one value"));
    BOOST_TEST(says(faults_of(Configured("{open: test/item}",
                                         "{event: b, correlate: filing.number, by: contract}")),
                    "needs `item`"));
    BOOST_TEST(says(faults_of(Configured("kinds: [submit]\nintake", "kinds: [fetch]\nintake")),
                    "offers submit alone"));
    BOOST_TEST(says(faults_of(Configured("case/acknowledgement@1", "housing-fund/loan-mark@1")),
                    "answers with case/acknowledgement@1"));
}

BOOST_AUTO_TEST_CASE(only_cases_of_a_named_item_may_ask_and_a_member_itself_may_not) {
    const Configured city;
    const auto policy = Policy::load(city.sources(), test::catalogue());
    const GrantMaker grants(policy);
    Ask ask;
    ask.requester = "640100.housing-fund";
    ask.resource = "test/mark";
    ask.purpose = "loan-approval";
    ask.kind = Kind::submit;
    ask.now = *parse_iso_instant("2026-11-22T00:00:00Z");
    const auto code = [&] {
        const auto covered = grants.covering(ask);
        const auto* denial = std::get_if<Denial>(&covered);
        return denial == nullptr ? std::string("covered") : denial->code;
    };
    BOOST_TEST(code() == "schema.not_agreed");
    ask.item = "test/other";
    BOOST_TEST(code() == "agreement.case");
    ask.item = "test/item";
    BOOST_TEST(code() == "covered");
}

BOOST_AUTO_TEST_CASE(the_consent_of_the_opening_covers_what_its_case_asks) {
    const Configured city;
    const GrantMaker grants(Policy::load(city.sources(), test::catalogue()));
    Ask ask;
    ask.requester = "640100.housing-fund";
    ask.resource = "test/mark";
    ask.purpose = "loan-approval";
    ask.kind = Kind::submit;
    ask.now = *parse_iso_instant("2026-11-22T00:00:00Z");
    ask.item = "test/item";
    ConsentEvidence evidence;
    evidence.subject_hash = "who";
    evidence.given = ConsentTerms{"SQ-1",
                                  "test/loan",
                                  "loan-approval",
                                  "640100.housing-fund",
                                  Instant{ask.now.ms - 1},
                                  Instant{ask.now.ms + 1},
                                  "counter",
                                  ""};
    const auto code = [&] {
        const auto decided = grants.decide(ask, evidence);
        const auto* denial = std::get_if<Denial>(&decided);
        return denial == nullptr ? std::string("granted") : denial->code;
    };
    BOOST_TEST(code() == "consent.resource");
    ask.opening = "test/loan";
    BOOST_TEST(code() == "granted");
    ask.opening = "test/another";
    BOOST_TEST(code() == "consent.resource");
}

BOOST_AUTO_TEST_SUITE_END()
