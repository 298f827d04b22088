#include <boost/test/unit_test.hpp>

#include "mapping/stages.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using policy::GrantMaker;
using support::a_context;
using support::the_library;
using support::verified_record;

BOOST_AUTO_TEST_SUITE(convert_test)

namespace {

const std::string delivery = "640100.housing-fund/loan-eligibility@1";

Checked<Document> delivered(const std::vector<std::string>& fields) {
    const Context context = a_context();
    const MinimisedRecord record = minimise(verified_record(), GrantMaker::grant(fields));
    const Checked<OutboundRecord> outbound =
        convert(record, *the_library()->out_of_canonical(delivery, context.as_of), context);
    BOOST_REQUIRE(outbound.value.has_value());
    return encode(*outbound.value, *the_library()->catalogue().native(delivery));
}

}  // namespace

BOOST_AUTO_TEST_CASE(four_offices_answers_become_yinchuans_own_file) {
    const Checked<Document> document =
        delivered({"request", "certificate", "employment", "homes", "tax", "parts"});
    for (const Finding& finding : document.findings)
        BOOST_ERROR(finding.code << " " << finding.place.path << " " << finding.en);
    BOOST_REQUIRE(document.value.has_value());
    const std::string& bytes = document.value->bytes;
    for (const char* expected : {"<MessageNo>TB-0001</MessageNo>",
                                 "<FullName>买买提·样本</FullName>",
                                 "<CardKind>10</CardKind>",
                                 "<BaseFen>1200000</BaseFen>",
                                 "<EmployerRatio>0.12</EmployerRatio>",
                                 "<Kind>INTEREST</Kind>",
                                 "<PaidTo>2026-02</PaidTo>",
                                 "<Share>1/2</Share>",
                                 "<PriceFen>234000000</PriceFen>",
                                 "<TaxState>PAID</TaxState>",
                                 "<Scheme>P1</Scheme>",
                                 "<RightState>CURRENT</RightState>"}) {
        BOOST_TEST(bytes.find(expected) != std::string::npos, expected);
    }
}

BOOST_AUTO_TEST_CASE(a_small_grant_gives_a_small_file_that_is_still_valid) {
    const Checked<Document> document = delivered({"certificate.account.state"});
    BOOST_REQUIRE(document.value.has_value());
    const std::string& bytes = document.value->bytes;
    BOOST_TEST(bytes.find("<AccountState>ACTIVE</AccountState>") != std::string::npos);
    for (const char* other : {"FullName",
                              "CardNo",
                              "Enquiry",
                              "Ledger",
                              "Homes",
                              "DeedTax",
                              "Employment",
                              "BalanceFen",
                              "买买提"}) {
        BOOST_TEST(bytes.find(other) == std::string::npos, other);
    }
}

BOOST_AUTO_TEST_CASE(a_grant_of_nothing_gives_a_head_alone) {
    const Checked<Document> document = delivered({});
    BOOST_REQUIRE(document.value.has_value());
    BOOST_TEST(document.value->bytes.find("<Head>") != std::string::npos);
    BOOST_TEST(document.value->bytes.find("ContributionProof") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_question_leaves_out_the_spouse_that_is_not_there) {
    const std::string request = "640100.housing-fund/loan-eligibility-request@1";
    const auto asked = support::canonical_record(
        request,
        R"(<EligibilityEnquiry xmlns="urn:640100:hpf:enquiry:1"><Head><SerialNo>Q-2</SerialNo><OfficerNo>U-17</OfficerNo><SentAt>2026-03-16T09:00:00+08:00</SentAt><Kind>FETCH</Kind><Purpose>loan-approval</Purpose></Head><Applicant><FullName>样本甲</FullName><CardKind>33</CardKind><CardNo>810000199408230021</CardNo></Applicant><ContributionCity>610100</ContributionCity><Application><CaseNo>DK1</CaseNo><AppliedOn>2026-03-16</AppliedOn><CentreCode>640100</CentreCode></Application><IntendedLoan/></EligibilityEnquiry>)");
    BOOST_REQUIRE(asked.value.has_value());
    const Context context = a_context();
    for (const char* schema : {"640100.real-estate/homes-query@1", "640100.tax/deed-tax-query@1"}) {
        const auto outbound = convert_request(
            *asked.value, *the_library()->out_of_canonical(schema, context.as_of), context);
        BOOST_REQUIRE(outbound.value.has_value());
        const auto document = encode(*outbound.value, *the_library()->catalogue().native(schema));
        BOOST_REQUIRE(document.value.has_value());
        BOOST_TEST(document.value->bytes.find("ZF_PO") == std::string::npos);
        BOOST_TEST(document.value->bytes.find("poxm") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(what_the_receivers_list_lacks_is_said_and_written_as_other) {
    const std::string request = "640100.housing-fund/loan-eligibility-request@1";
    std::string text = support::example_of(request);
    const std::string ten = "<CardKind>10</CardKind><CardNo>610103198511070524";
    text.replace(text.find(ten), ten.size(), "<CardKind>33</CardKind><CardNo>810000199408230021");
    const auto asked = support::canonical_record(request, text);
    BOOST_REQUIRE(asked.value.has_value());
    const Context context = a_context();
    const auto outbound = convert_request(
        *asked.value,
        *the_library()->out_of_canonical("610100.housing-fund/certificate-query@1", context.as_of),
        context);
    BOOST_REQUIRE(outbound.value.has_value());
    // Annex A.1 has no residence permit: its row says 99, so that nothing is left unsaid and
    // nothing is a surprise.
    BOOST_TEST(outbound.findings.empty());
    const schemas::Node* kind =
        outbound.value->root().child("Body")->child("YDDKZMRequest")->child("ZJLX");
    BOOST_REQUIRE(kind != nullptr);
    BOOST_TEST(kind->text == "99");
}

BOOST_AUTO_TEST_CASE(a_plan_of_another_type_is_refused) {
    const Context context = a_context();
    const MinimisedRecord record = minimise(verified_record(), GrantMaker::grant({"certificate"}));
    const auto outbound = convert(
        record, *the_library()->out_of_canonical("640100.tax/deed-tax@1", context.as_of), context);
    BOOST_TEST(!outbound.value.has_value());
    BOOST_TEST(outbound.findings.front().code == "map.plan");
}

BOOST_AUTO_TEST_CASE(the_same_record_gives_the_same_bytes) {
    const auto first = delivered({"certificate", "homes"});
    const auto second = delivered({"certificate", "homes"});
    BOOST_TEST(first.value->bytes == second.value->bytes);
}

BOOST_AUTO_TEST_SUITE_END()
