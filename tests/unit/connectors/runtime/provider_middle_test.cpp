#include "connectors/runtime/provider_middle.h"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "base/json.h"
#include "base/xml.h"
#include "mapping/rule_reach.h"
#include "mapping/rule_set.h"

using namespace tongban;
using namespace tongban::connectors;

namespace {

const std::string root = TONGBAN_SOURCE_DIR;
constexpr const char* schema = "640100.tax/deed-tax@1";

std::shared_ptr<const mapping::Engine> engine() {
    static const auto loaded = [] {
        prepare_xml();
        return mapping::load_engine(root);
    }();
    return loaded;
}

wire::Job job(const std::vector<std::string>& fields) {
    wire::Job job;
    job.exchange_id = "EX1";
    job.job_id = "J1";
    job.message_no = "00000000000000000001";
    job.placement = wire::Placement::provider;
    wire::ProviderWork work;
    work.resource = "housing-fund/loan-eligibility";
    work.part = "tax";
    work.fields = fields;
    work.as_of = "2026-11-22";
    work.record = "housing-fund/loan-eligibility@1";
    job.__set_work(work);
    return job;
}

wire::Completion completion() {
    auto record = read_file(root + "/schemas/native/640100.tax/deed-tax/v1/example.json");
    BOOST_REQUIRE(record.ok());
    wire::Completion completion;
    completion.kind = wire::AnswerKind::answered;
    completion.native_record = *record;
    return completion;
}

wire::Completion run(const wire::Job& asked,
                     wire::Completion done = completion(),
                     const std::string& key = "salt") {
    const ProviderMiddle middle(engine(), key);
    middle.run(asked, schema, "640100.tax", Instant{1'764'000'000'000}, done);
    return done;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(provider_middle_test)

BOOST_AUTO_TEST_CASE(only_granted_fields_leave_and_the_record_stays) {
    const wire::Completion done = run(job({"records.voucher_number"}));
    BOOST_TEST((done.kind == wire::AnswerKind::answered));
    BOOST_TEST(done.native_record.empty());
    BOOST_REQUIRE(done.__isset.canonical);
    const auto canonical = parse_json(done.canonical);
    BOOST_REQUIRE(canonical.ok());
    BOOST_TEST(done.canonical == R"({"records":[{"voucher_number":"364016190500012345"}]})");
    BOOST_TEST(done.commitments_root.size() == 32U);
}

BOOST_AUTO_TEST_CASE(the_rules_of_the_whole_run_over_the_part_that_lies_here) {
    wire::Job asked = job({"records.voucher_number"});
    wire::ProviderWork& work = asked.work;
    work.jurisdictions = {"640100", "610100"};
    const mapping::RuleSet rules =
        engine()->rules->select(work.record, *parse_iso_date(work.as_of), work.jurisdictions);
    work.rules = rules.versions();
    work.request_fields = mapping::request_fields_read(rules, "tax");
    work.request = R"({"request":{"application":{"applied_on":"2026-11-22"},)"
                   R"("loan":{"contract_number":"YCWQ2019030800412"},"marriage":"20",)"
                   R"("subject":{"id_number":"640106198802293415","id_type":"CN_ID",)"
                   R"("name":"马晓䶮"}}})";
    const auto told = [](const wire::Completion& done) {
        std::vector<std::string> codes;
        for (const wire::Finding& finding : done.findings)
            codes.push_back(finding.code);
        return codes;
    };
    const auto judged = [](const wire::Completion& done, const std::string& unit) {
        return std::find(done.judged.begin(), done.judged.end(), unit) != done.judged.end();
    };
    const wire::Completion clean = run(asked);
    BOOST_TEST(told(clean) == std::vector<std::string>{});
    BOOST_TEST(judged(clean, "R-18@1"));
    BOOST_TEST(!judged(clean, "C-09@1"));

    wire::Completion unpaid = completion();
    unpaid.native_record.replace(unpaid.native_record.find(R"("jkzt": "0")"), 11, R"("jkzt": "1")");
    const wire::Completion blocked = run(asked, unpaid);
    BOOST_TEST(told(blocked) == std::vector<std::string>{"R-18"});
    BOOST_TEST(blocked.__isset.canonical);  // the hub stops the whole, and sees what is granted

    work.rules.pop_back();  // not those that are in force here
    BOOST_TEST(run(asked).reason == "provider.version");
}

BOOST_AUTO_TEST_CASE(a_hub_that_names_no_rules_gets_no_judgement) {
    const wire::Completion done = run(job({"records"}));
    BOOST_TEST(done.judged.empty());
    BOOST_TEST(done.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_question_about_the_request_that_obeys_no_type_is_not_answered) {
    wire::Job asked = job({"records"});
    asked.work.request = R"({"request":{"nobody":"knows"}})";
    const wire::Completion done = run(asked);
    BOOST_TEST(done.reason == "provider.request");
    BOOST_TEST(done.native_record.empty());
}

BOOST_AUTO_TEST_CASE(nothing_granted_is_nothing_given) {
    const wire::Completion done = run(job({}));
    BOOST_REQUIRE(done.__isset.canonical);
    BOOST_TEST(done.canonical == "{}");
}

BOOST_AUTO_TEST_CASE(commitments_depend_on_record_and_key_and_not_on_the_grant) {
    const std::string first = run(job({"records"})).commitments_root;
    BOOST_TEST(first == run(job({})).commitments_root);
    BOOST_TEST(first != run(job({"records"}), completion(), "other salt").commitments_root);
    wire::Completion changed = completion();
    changed.native_record.replace(changed.native_record.find("13654.95"), 8, "13654.96");
    BOOST_TEST(first != run(job({"records"}), changed).commitments_root);
}

BOOST_AUTO_TEST_CASE(a_record_that_does_not_obey_its_schema_gives_findings_and_no_field) {
    wire::Completion garbage = completion();
    garbage.native_record = R"({"fhm": 0})";
    const wire::Completion done = run(job({"records"}), garbage);
    BOOST_TEST(!done.__isset.canonical);
    BOOST_TEST(!done.findings.empty());
    BOOST_TEST(done.findings.front().part == "tax");
    BOOST_TEST(done.native_record.empty());
}

BOOST_AUTO_TEST_CASE(other_versions_than_the_hubs_are_not_used) {
    wire::Job asked = job({"records"});
    asked.work.versions["mapping:640100.tax/deed-tax@1"] = std::string(64, '0');
    const wire::Completion done = run(asked);
    BOOST_TEST((done.kind == wire::AnswerKind::unavailable));
    BOOST_TEST(done.reason == "provider.version");
    BOOST_TEST(done.native_record.empty());
    const auto versions = engine()->versions();
    asked.work.versions = versions;
    BOOST_TEST((run(asked).kind == wire::AnswerKind::answered));
}

BOOST_AUTO_TEST_SUITE_END()
