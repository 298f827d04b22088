#include "schemas/canonical_type.h"

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/yaml.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::schemas;

BOOST_AUTO_TEST_SUITE(canonical_type_test)

namespace {

const CanonicalTypes& the_types() {
    static const CanonicalTypes types =
        CanonicalTypes::load(std::string(TONGBAN_SOURCE_DIR "/schemas/canonical"));
    return types;
}

std::vector<ConfigFault> faults_of(const std::vector<std::string>& files) {
    const support::TemporaryFolder folder;
    int number = 0;
    for (const std::string& text : files) {
        BOOST_REQUIRE(
            write_file_durably(folder.path() + "/" + std::to_string(++number) + ".yaml", text)
                .ok());
    }
    try {
        (void)CanonicalTypes::load(folder.path());
    } catch (const ConfigError& error) {
        return error.faults();
    }
    return {};
}

std::string file(const std::string& name, const std::string& fields) {
    return "type: t/" + name + "\nversion: 1\nsource: s\nlabel: {zh: 测, en: test}\nfields:\n" +
           fields;
}

}  // namespace

BOOST_AUTO_TEST_CASE(loads_every_type_of_the_tree_with_includes_expanded) {
    const CanonicalType* type = the_types().find("housing-fund/loan-eligibility@1");
    BOOST_REQUIRE(type != nullptr);
    const FieldType* name = type->at_path("certificate.holder.name");
    BOOST_REQUIRE(name != nullptr);
    BOOST_TEST((name->sensitivity == Sensitivity::personal));
    BOOST_TEST(name->zh == "姓名");
    BOOST_REQUIRE(type->at_path("homes.homes.holders.holder.id_number") != nullptr);
    BOOST_TEST(type->at_path("homes.homes[3].holders[0].share") ==
               type->at_path("homes.homes.holders.share"));
    BOOST_TEST(type->at_path("homes.nothing") == nullptr);
    BOOST_TEST(the_types().find("housing-fund/loan-eligibility@2") == nullptr);
    BOOST_TEST(the_types().versions().at("type:person/subject@1").size() == 64U);
}

BOOST_AUTO_TEST_CASE(lists_every_scalar_path) {
    const std::vector<std::string> paths = the_types().find("person/subject@1")->leaf_paths();
    BOOST_TEST(paths.size() == 6U);
    BOOST_TEST(paths.front() == "name");
    const auto all = the_types().find("housing-fund/loan-eligibility@1")->leaf_paths();
    BOOST_TEST(std::count(all.begin(), all.end(), "certificate.ledger.amount") == 1);
}

BOOST_AUTO_TEST_CASE(finds_everything_wrong_with_a_record) {
    Group person;
    person.set("name", {std::string(121, 'x'), {}});
    person.set("id_type", {std::string("CN_ID"), {}});
    person.set("nickname", {std::string("x"), {}});
    const std::vector<Finding> findings = the_types().find("person/subject@1")->check(person);
    std::vector<std::string> codes;
    for (const Finding& finding : findings)
        codes.push_back(finding.code + " " + finding.field);
    const std::vector<std::string> expected{"type.text.long name",
                                            "type.kind id_type",
                                            "type.field.unknown nickname",
                                            "type.required.missing id_number"};
    BOOST_TEST(codes == expected, boost::test_tools::per_element());
    for (const Finding& finding : findings) {
        BOOST_TEST(!finding.zh.empty());
        BOOST_TEST(!finding.en.empty());
    }
}

BOOST_AUTO_TEST_CASE(counts_length_in_characters_not_bytes) {
    Group person;
    std::string name;
    for (int i = 0; i < 120; ++i)
        name += "䶮";
    person.set("name", {name, {}});
    person.set("id_type", {Code{"CN_ID"}, {}});
    person.set("id_number", {std::string("610103198511070524"), {}});
    BOOST_TEST(the_types().find("person/subject@1")->check(person).empty());
}

BOOST_AUTO_TEST_CASE(orders_fields_as_the_type_does) {
    Group person;
    person.set("sex", {Code{"1"}, {}});
    person.set("name", {std::string("样本"), {}});
    the_types().find("person/subject@1")->order(person);
    BOOST_TEST(person.fields.front().name == "name");
    BOOST_TEST(person.fields.back().name == "sex");
}

BOOST_AUTO_TEST_CASE(tells_every_fault_of_every_file_with_its_line) {
    const auto faults = faults_of(
        {file("a",
              "  x: {type: text, scale: 2, zh: 甲, en: a}\n  y: {type: colour, zh: 乙, en: b}\n"),
         file("b",
              "  Z: {type: identifier, kind: shoe, zh: 丙, en: c}\n  g: {type: group, include: "
              "t/none@1, zh: 丁, en: d}\n")});
    BOOST_TEST(faults.size() == 5U);
    for (const ConfigFault& fault : faults)
        BOOST_TEST(fault.line >= 6);
}

BOOST_AUTO_TEST_CASE(refuses_types_that_include_each_other) {
    const auto faults =
        faults_of({file("a", "  x: {type: group, include: t/b@1, zh: 甲, en: a}\n"),
                   file("b", "  y: {type: group, include: t/a@1, zh: 乙, en: b}\n")});
    BOOST_TEST(faults.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
