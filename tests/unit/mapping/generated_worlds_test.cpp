// The whole pure middle on what the five offices really write: generated people through every
// stage, without a process.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "connectors/sandbox/faults.h"
#include "connectors/sandbox/records.h"
#include "connectors/sandbox/world.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::the_library;

BOOST_AUTO_TEST_SUITE(generated_worlds_test)

namespace {

const Date today{2026, 3, 16};
const std::string request = "640100.housing-fund/loan-eligibility-request@1";
const std::string delivery = "640100.housing-fund/loan-eligibility@1";

const RuleSet& the_rules() {
    static const RuleSet rules =
        RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR) + "/mapping", the_library()->catalogue())
            ->select("housing-fund/loan-eligibility@1", today, {"640100", "610100"});
    return rules;
}

// One exchange as the hub runs it; what came of it.
class Exchange {
public:
    explicit Exchange(const sandbox::World& world) {
        read("request", request, sandbox::enquiry_message(world, false));
        if (parts_.empty()) return;
        evidence_.request = parts_.front().second.fields();
        evidence_.consent_given = evidence_.consent_covers = true;
        ask();
        answer("certificate",
               "610100.housing-fund/certificate@1",
               *sandbox::certificate_answer(world, "DK-1"));
        answer("employment", "610100.social-security/employment@1", sandbox::spell_lines(world));
        evidence_.parts["homes"] = PartStatus::no_record;
        if (!world.registry.silent) {
            answer("homes",
                   "640100.real-estate/homes@1",
                   sandbox::homes_answer(world, "M-1", "2026-03-16T10:00:00"));
        }
        answer("tax", "640100.tax/deed-tax@1", sandbox::tax_answer(world, "DK-1"));
        finish();
    }

    std::vector<std::string> codes;
    std::string delivered;

private:
    void note(const std::vector<Finding>& findings) {
        for (const Finding& finding : findings)
            codes.push_back(finding.code);
    }

    void read(const std::string& part, const std::string& schema_id, const std::string& bytes) {
        const schemas::NativeSchema& schema = *the_library()->catalogue().native(schema_id);
        auto native = decode({schema_id, bytes}, schema);
        note(native.findings);
        if (!native.value) return;
        auto valid = validate(*std::move(native.value));
        note(valid.findings);
        if (!valid.value) return;
        auto canonical =
            canonicalise(*valid.value, *the_library()->into_canonical(schema_id, today), context_);
        note(canonical.findings);
        if (canonical.value) parts_.emplace_back(part, *std::move(canonical.value));
    }

    void answer(const std::string& part, const std::string& schema_id, const std::string& bytes) {
        evidence_.parts[part] = PartStatus::answered;
        evidence_.signed_by_provider[part] = true;
        evidence_.source_age_ms[part] = 1000;
        read(part, schema_id, bytes);
    }

    // The question reaches every office in its own form.
    void ask() {
        for (const char* query : {"610100.housing-fund/certificate-query@1",
                                  "610100.social-security/employment-query@1",
                                  "640100.real-estate/homes-query@1",
                                  "640100.tax/deed-tax-query@1"}) {
            const auto question = convert_request(
                parts_.front().second, *the_library()->out_of_canonical(query, today), context_);
            note(question.findings);
            if (question.value)
                note(encode(*question.value, *the_library()->catalogue().native(query)).findings);
        }
    }

    void finish() {
        const auto verified = verify(gather("housing-fund/loan-eligibility@1", std::move(parts_)),
                                     the_rules(),
                                     evidence_,
                                     context_);
        note(verified.findings);
        if (!verified.value) return;
        const schemas::Grant grant = policy::GrantMaker::grant(
            {"request", "certificate", "employment", "homes", "tax", "parts"});
        const auto outbound = convert(minimise(*verified.value, grant),
                                      *the_library()->out_of_canonical(delivery, today),
                                      context_);
        note(outbound.findings);
        if (!outbound.value) return;
        const auto document = encode(*outbound.value, *the_library()->catalogue().native(delivery));
        note(document.findings);
        if (document.value) delivered = document.value->bytes;
    }

    Context context_ = support::a_context();
    Evidence evidence_;
    std::vector<std::pair<std::string, CanonicalRecord>> parts_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(clean_people_pass_every_stage_without_a_word) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const sandbox::World world = sandbox::make_world(seed, 0, today);
        const Exchange exchange(world);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(exchange.codes.empty(),
                       (exchange.codes.empty() ? "" : exchange.codes.front()));
            BOOST_TEST(exchange.delivered.find(world.enquiry.subject.name) != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_planted_fault_brings_its_own_finding_and_no_other) {
    std::size_t planted = 0;
    for (const sandbox::FaultClass& fault : sandbox::fault_classes()) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            sandbox::World world = sandbox::make_world(seed, 0, today);
            if (!fault.fits(world)) continue;
            ++planted;
            sandbox::plant_faults(world, fault.name);
            std::vector<std::string> expected;
            bool stops = false;
            for (const sandbox::Planted& one : world.faults) {
                expected.push_back(one.code);
                stops = stops || one.stops;
            }
            Exchange exchange(world);
            std::sort(expected.begin(), expected.end());
            std::sort(exchange.codes.begin(), exchange.codes.end());
            BOOST_TEST_CONTEXT(fault.name << " seed " << seed) {
                BOOST_TEST(exchange.codes == expected, boost::test_tools::per_element());
                BOOST_TEST(exchange.delivered.empty() == stops);
            }
        }
    }
    BOOST_TEST(planted >= 60U);
}

BOOST_AUTO_TEST_SUITE_END()
