#include "connectors/sandbox/records.h"

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xml.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/population.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;

constexpr Date business_day{2026, 3, 16};

std::shared_ptr<const XmlSchema> schema(const std::string& path) {
    prepare_xml();
    return XmlSchema::load(std::string(TONGBAN_SOURCE_DIR "/schemas/native/") + path);
}

std::string problems_of(std::string_view bytes, const std::string& encoding, const XmlSchema& xsd) {
    std::string text;
    for (const XmlProblem& p : parse_xml(bytes, {}, encoding, &xsd, nullptr))
        text += p.code + " " + p.path + "; ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(records_test)

BOOST_AUTO_TEST_CASE(what_the_xml_offices_write_obeys_their_own_schemas) {
    const auto certificate = schema("610100.housing-fund/certificate/v1/soap.xsd");
    const auto homes = schema("640100.real-estate/homes/v1/homes.xsd");
    const auto enquiry = schema("640100.housing-fund/loan-eligibility-request/v1/enquiry.xsd");
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        for (const bool dirty : {false, true}) {
            PopulationPlan plan;
            plan.seed = seed;
            plan.dirty = dirty;
            plan.today = business_day;
            const World world = world_of(plan, 0);
            BOOST_TEST_CONTEXT("seed " << seed << (dirty ? " dirty" : "")) {
                const Result<std::string> soap =
                    certificate_answer(world, world.enquiry.application);
                BOOST_REQUIRE(soap.ok());
                BOOST_TEST(problems_of(*soap, "GB18030", *certificate) == "");
                BOOST_TEST(problems_of(homes_answer(world, "1", "2026-03-16T10:00:00"),
                                       "UTF-8",
                                       *homes) == "");
                BOOST_TEST(problems_of(enquiry_message(world, false), "UTF-8", *enquiry) == "");
                BOOST_TEST(problems_of(enquiry_message(world, true), "UTF-8", *enquiry) == "");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_examples_beside_the_schemas_obey_them) {
    for (const auto& [folder, xsd, encoding] :
         {std::tuple{"610100.housing-fund/certificate/v1/", "soap.xsd", "GB18030"},
          std::tuple{"610100.housing-fund/certificate-query/v1/", "soap.xsd", "GB18030"},
          std::tuple{"640100.real-estate/homes/v1/", "homes.xsd", "UTF-8"},
          std::tuple{"640100.real-estate/homes-query/v1/", "homes-query.xsd", "UTF-8"},
          std::tuple{"640100.housing-fund/loan-eligibility/v1/", "file.xsd", "UTF-8"},
          std::tuple{"640100.housing-fund/loan-eligibility-request/v1/", "enquiry.xsd", "UTF-8"}}) {
        BOOST_TEST_CONTEXT(folder) {
            const std::string path =
                std::string(TONGBAN_SOURCE_DIR "/schemas/native/") + folder + "example.xml";
            const Result<std::string> bytes = read_file(path);
            BOOST_REQUIRE(bytes.ok());
            BOOST_TEST(problems_of(*bytes, encoding, *schema(std::string(folder) + xsd)) == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(xians_certificate_is_gb18030_and_says_so) {
    const World world = make_world(1, 0, business_day);
    const Result<std::string> soap = certificate_answer(world, "YW1");
    BOOST_REQUIRE(soap.ok());
    BOOST_TEST(soap->find("encoding=\"GB18030\"") != std::string::npos);
    const Result<std::string> name = utf8_to_gb18030(world.certificate.holder.name);
    BOOST_REQUIRE(name.ok());
    BOOST_TEST(soap->find(*name) != std::string::npos);
    BOOST_TEST(soap->find(world.certificate.holder.name) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_tax_office_writes_amounts_as_decimal_strings) {
    const Result<Json> answer = parse_json(tax_answer(make_world(2, 0, business_day), "SJ1"));
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST((*answer)["fhm"] == "0");
    BOOST_REQUIRE(!(*answer)["wsxx"].empty());
    for (const Json& line : (*answer)["wsxx"])
        BOOST_TEST(line["sjje"].is_string());
}

BOOST_AUTO_TEST_CASE(rows_have_a_value_or_null_for_each_column) {
    for (const SpellRow& row : spell_rows(make_world(3, 0, business_day)))
        BOOST_TEST(row.values.size() == spell_columns().size());
}

BOOST_AUTO_TEST_CASE(an_office_finds_what_it_looks_for_in_a_message) {
    prepare_xml();
    const Result<MessageFacts> facts = facts_of("<a><b x='1'> two </b><b>three</b></a>");
    BOOST_REQUIRE(facts.ok());
    BOOST_TEST(fact(*facts, "b") == "two");
    BOOST_TEST(fact(*facts, "b@x") == "1");
    BOOST_TEST(fact(*facts, "c") == "");
    BOOST_TEST(!facts_of("<a>").ok());
}

BOOST_AUTO_TEST_SUITE_END()
