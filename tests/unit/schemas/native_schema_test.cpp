#include "schemas/native_schema.h"

#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "tests/support/native_samples.h"

using namespace tongban;
using namespace tongban::schemas;

namespace {

const std::string head = "schema: 900000.test/thing@1\ndescription: d\nsource: s\n";
const std::string xsd =
    R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="A" type="xs:string"/></xs:schema>)";

std::string faults(const std::string& yaml,
                   const std::string& file = "",
                   const std::string& text = "") {
    try {
        (void)support::OwnNative(yaml, file, text).load();
    } catch (const ConfigError& error) {
        std::string all;
        for (const auto& fault : error.faults())
            all += std::to_string(fault.line) + ": " + fault.message + "\n";
        return all;
    }
    return "";
}

bool says(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(native_schema_test)

BOOST_AUTO_TEST_CASE(loads_every_schema_of_the_tree) {
    prepare_xml();
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::string(TONGBAN_SOURCE_DIR "/schemas/native"))) {
        if (entry.path().filename() != "schema.yaml") continue;
        const std::string folder = entry.path().parent_path().string();
        BOOST_TEST_CONTEXT(folder) {
            const auto schema = NativeSchema::load(folder);
            BOOST_TEST(schema->id() == schema->member() + "/" + schema->name() + "@" +
                                           std::to_string(schema->version()));
            BOOST_TEST((schema->xsd() != nullptr) == (schema->format() == Format::xml));
            BOOST_TEST(schema->columns().empty() == (schema->format() != Format::rows));
            BOOST_TEST(!schema->description().empty());
        }
        ++count;
    }
    BOOST_TEST(count >= 10U);
}

BOOST_AUTO_TEST_CASE(reads_what_the_file_says) {
    const auto schema = support::real_native("610100.social-security", "employment");
    BOOST_TEST(schema->id() == "610100.social-security/employment@1");
    BOOST_TEST((schema->format() == Format::rows));
    BOOST_TEST((schema->encoding() == Encoding::utf8));
    BOOST_TEST(schema->limits().bytes == 1048576U);
    BOOST_TEST(schema->limits().nodes == 500'000U);
    BOOST_TEST(schema->columns().front() == "AAC001");
    BOOST_TEST((schema->json_schema() != nullptr));
    const auto soap = support::real_native("610100.housing-fund", "certificate");
    BOOST_TEST((soap->encoding() == Encoding::gb18030));
    BOOST_TEST(soap->root().name == "Envelope");
    BOOST_TEST(soap->root().ns == "http://schemas.xmlsoap.org/soap/envelope/");
}

BOOST_AUTO_TEST_CASE(notes_every_fault_with_its_line) {
    const std::string all = faults(
        "schema: 900000.test/other@1\ndescription: d\nsource: s\nformat: xml\nencoding: "
        "latin1\nxsd: none.xsd\n"
        "root: {name: A, nss: x}\nlimits: {depth: 9999, bytes: 0}\ncolumns: [A]\nsurprise: 1\n");
    BOOST_TEST(says(all, "1: the folder of this schema must be"));
    BOOST_TEST(says(all, "5: UTF-8 or GB18030"));
    BOOST_TEST(says(all, "6: there is no such file"));
    BOOST_TEST(says(all, "depth is at most 256"));
    BOOST_TEST(says(all, "a limit is between"));
    BOOST_TEST(says(all, "9: this key does not belong to this format"));
    BOOST_TEST(says(all, "surprise"));
    BOOST_TEST(says(all, "nss"));
}

BOOST_AUTO_TEST_CASE(refuses_ids_and_files_that_do_not_fit) {
    const std::string rest =
        "\ndescription: d\nsource: s\nformat: xml\nencoding: UTF-8\nxsd: t.xsd\nroot: {name: A}\n";
    BOOST_TEST(says(faults("schema: nonsense" + rest, "t.xsd", xsd), "<member>/<name>@<version>"));
    BOOST_TEST(says(faults("schema: 900000.test/thing@2" + rest, "t.xsd", xsd),
                    "the folder of this schema must be"));
    BOOST_TEST(faults("schema: 900000.test/thing@1" + rest, "t.xsd", xsd).empty());
    BOOST_TEST(
        says(faults(head + "format: xml\nencoding: UTF-8\nxsd: ../../t.xsd\nroot: {name: A}\n"),
             "beside schema.yaml"));
    BOOST_TEST(says(faults(head + "format: csv\nencoding: UTF-8\n"), "xml, json or rows"));
    BOOST_TEST(!faults(head + "format: json\nencoding: UTF-8\n").empty());
    BOOST_TEST(!faults(head + "format: rows\nencoding: UTF-8\n").empty());
    BOOST_TEST(!faults(head + "format: rows\nencoding: UTF-8\ncolumns: []\n").empty());
    BOOST_TEST(
        says(faults(head + "format: rows\nencoding: GB18030\ncolumns: [A]\n"), "rows are UTF-8"));
}

BOOST_AUTO_TEST_CASE(refuses_schema_files_that_do_not_compile) {
    const std::string xml = head + "format: xml\nencoding: UTF-8\nxsd: t.xsd\nroot: {name: A}\n";
    BOOST_TEST(!faults(xml, "t.xsd", "<xs:schema").empty());
    BOOST_TEST(!faults(xml, "t.xsd", support::with(xsd, "xs:string", "xs:strange")).empty());
    const std::string json = head + "format: json\nencoding: UTF-8\njson_schema: t.json\n";
    BOOST_TEST(!faults(json, "t.json", "{").empty());
    BOOST_TEST(says(faults(json, "t.json", R"({"propertyNames": {}})"), "/propertyNames"));
    BOOST_TEST(faults(json, "t.json", "{}").empty());
}

BOOST_AUTO_TEST_SUITE_END()
