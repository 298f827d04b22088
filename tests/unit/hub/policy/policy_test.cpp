#include "hub/policy/policy.h"

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "tests/unit/hub/policy/policy_fixture.h"

using namespace tongban;
using namespace tongban::policy;

BOOST_AUTO_TEST_SUITE(policy_test)

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

const char* const resource_file = "resources/housing-fund.loan-eligibility.yaml";
const char* const agreement_file = "agreements/A-640100-hf-0001.yaml";

}  // namespace

BOOST_AUTO_TEST_CASE(the_shipped_city_pair_loads) {
    const test::City city;
    const auto policy = Policy::load(city.sources(), test::catalogue());
    BOOST_TEST(policy->member_ids().size() >= 5U);
    const Resource* resource = policy->resource("housing-fund/loan-eligibility");
    BOOST_REQUIRE(resource != nullptr);
    BOOST_TEST(resource->parts.size() == 4U);
    BOOST_TEST(resource->part("certificate")->required);
    BOOST_TEST(!resource->part("homes")->required);
    BOOST_TEST(resource->part("certificate")->route("610100", {2026, 11, 22})->member ==
               "610100.housing-fund");
    BOOST_TEST(policy->versions().size() >= 7U);
}

BOOST_AUTO_TEST_CASE(a_route_is_looked_up_by_its_date) {
    const test::City city;
    const auto policy = Policy::load(city.sources(), test::catalogue());
    const Part* part = policy->resource("housing-fund/loan-eligibility")->part("tax");
    BOOST_TEST(part->route("640100", {2025, 12, 31}) == nullptr);
    BOOST_TEST(part->route("640100", {2026, 1, 1}) != nullptr);
    BOOST_TEST(part->route("610100", {2026, 1, 1}) == nullptr);
}

BOOST_AUTO_TEST_CASE(every_fault_of_every_file_is_reported_with_its_line) {
    test::City city;
    city.change("members/610100.social-security.yaml", "roles: [provider]", "roles: [provide]");
    city.change(resource_file, "member: 640100.real-estate", "member: 640100.realestate");
    city.change(agreement_file, "  - tax.marriage\nverify", "  - tax.marriages\nverify");
    const std::string faults = faults_of(city);
    BOOST_TEST(says(faults, "610100.social-security.yaml:7"));
    BOOST_TEST(says(faults, "no such member"));
    BOOST_TEST(says(faults, "no field tax.marriages"));
}

BOOST_AUTO_TEST_CASE(unknown_keys_schemas_and_types_are_faults) {
    test::City city;
    city.change(resource_file, "wait_ms: 20000", "wait_ms: 20000\nsomething: else");
    city.change(resource_file, "type: tax/deed-tax@1", "type: tax/deed-tax@7");
    city.change(
        resource_file, "query: 640100.tax/deed-tax-query@1", "query: 640100.tax/deed-tax-query@9");
    const std::string faults = faults_of(city);
    BOOST_TEST(says(faults, "something"));
    BOOST_TEST(says(faults, "no such canonical type"));
    BOOST_TEST(says(faults, "no such native schema"));
}

BOOST_AUTO_TEST_CASE(overlapping_agreements_are_refused) {
    test::City city;
    std::string second = test::slurp(city.folder / ("configs/" + std::string(agreement_file)));
    second.replace(second.find("agreement: A-640100-hf-0001"), 27, "agreement: A-640100-hf-0002");
    test::spill(city.folder / "configs/agreements/second.yaml", second);
    BOOST_TEST(says(faults_of(city), "overlaps with agreement A-640100-hf-0001@1"));
}

BOOST_AUTO_TEST_CASE(overlapping_and_missing_routes_are_refused) {
    test::City city;
    city.change(
        resource_file,
        "        from: 2026-01-01\n  employment:",
        "        from: 2026-01-01\n"
        "      - {division: \"610100\", member: 610100.housing-fund, operation: certificate,\n"
        "         query: 610100.housing-fund/certificate-query@1, record: "
        "610100.housing-fund/certificate@1,\n"
        "         from: 2026-06-01}\n  employment:");
    city.change(agreement_file, "valid_from: 2026-01-01", "valid_from: 2025-01-01");
    const std::string faults = faults_of(city);
    BOOST_TEST(says(faults, "overlaps with the route to 610100.housing-fund"));
    BOOST_TEST(says(faults, "part homes has no route"));
}

BOOST_AUTO_TEST_CASE(a_signing_certificate_of_another_member_is_refused) {
    test::City city;
    test::spill(city.folder / "pki/640100.tax/signing.pem",
                city.certificates["610100.housing-fund"]);
    BOOST_TEST(says(faults_of(city), "its common name is not this member"));
}

BOOST_AUTO_TEST_CASE(a_reload_with_faults_keeps_the_old_snapshot_and_says_why) {
    test::City city;
    CurrentPolicy current(Policy::load(city.sources(), test::catalogue()));
    const auto before = current.get();
    city.change(agreement_file, "purpose: loan-approval", "purposes: loan-approval");
    const Result<Done> bad = current.reload(city.sources(), test::catalogue());
    BOOST_REQUIRE(!bad);
    BOOST_TEST(says(bad.fault().reason, "purposes"));
    BOOST_TEST(current.get().get() == before.get());
    city.change(agreement_file, "purposes: loan-approval", "purpose: loan-approval");
    BOOST_TEST(current.reload(city.sources(), test::catalogue()).ok());
    BOOST_TEST(current.get().get() != before.get());
}

BOOST_AUTO_TEST_SUITE_END()
