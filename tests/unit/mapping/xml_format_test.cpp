#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "mapping/formats/format.h"
#include "mapping/stages.h"
#include "tests/support/native_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::certificate_utf8;
using support::homes_utf8;
using support::in_gb18030;
using support::with;

namespace {

std::shared_ptr<const schemas::NativeSchema> certificate() {
    static const auto schema = support::real_native("610100.housing-fund", "certificate");
    return schema;
}

std::shared_ptr<const schemas::NativeSchema> homes() {
    static const auto schema = support::real_native("640100.real-estate", "homes");
    return schema;
}

std::vector<schemas::Finding> findings_of(const std::string& bytes,
                                          const schemas::NativeSchema& schema) {
    Reading reading = read_xml(bytes, schema);
    auto findings = std::move(reading.findings);
    findings.insert(findings.end(), reading.schema_findings.begin(), reading.schema_findings.end());
    for (const auto& finding : findings) {
        BOOST_TEST(!finding.zh.empty(), finding.code);
        BOOST_TEST(!finding.en.empty(), finding.code);
        BOOST_TEST(schemas::stops(finding), finding.code);
        for (const char* value : {"甲试甲", "610102199003070016", "12000.00"}) {
            BOOST_TEST(finding.zh.find(value) == std::string::npos);
            BOOST_TEST(finding.en.find(value) == std::string::npos);
            BOOST_TEST(finding.shape.find(value) == std::string::npos);
            BOOST_TEST(finding.place.path.find(value) == std::string::npos);
        }
    }
    return findings;
}

std::string codes(const std::string& bytes, const schemas::NativeSchema& schema) {
    std::string out;
    for (const auto& finding : findings_of(bytes, schema)) {
        if (out.find(finding.code) == std::string::npos)
            out += (out.empty() ? "" : " ") + finding.code;
    }
    return out;
}

std::string doctype(const std::string& subset, const std::string& use) {
    return with(with(homes_utf8, "<Message ", "<!DOCTYPE Message [" + subset + "]>\n<Message "),
                "银川市测试路1号",
                use);
}

bool stops_with(const std::string& bytes,
                const schemas::NativeSchema& schema,
                const std::string& code,
                bool blocked) {
    const Reading reading = read_xml(bytes, schema);
    BOOST_TEST(!reading.root.has_value());
    return std::any_of(
        reading.findings.begin(), reading.findings.end(), [&](const schemas::Finding& finding) {
            return finding.code == code &&
                   (finding.severity == schemas::Severity::block) == blocked;
        });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xml_format_test)

BOOST_AUTO_TEST_CASE(reads_a_gb18030_soap_answer_with_places) {
    const Reading reading = read_xml(in_gb18030(certificate_utf8), *certificate());
    BOOST_TEST(reading.findings.empty());
    BOOST_TEST(reading.schema_findings.empty());
    BOOST_REQUIRE(reading.root.has_value());
    const schemas::Node& root = *reading.root;
    BOOST_TEST(root.name == "Envelope");
    BOOST_TEST(root.ns == "http://schemas.xmlsoap.org/soap/envelope/");
    const schemas::Node* answer = root.child("Body")->child("YDDKZMResponse");
    BOOST_REQUIRE(answer != nullptr);
    BOOST_TEST(answer->ns == "urn:610100:gjj:yddkzm:1");
    BOOST_TEST(answer->text.empty());  // only layout
    const schemas::Node* name = answer->child("ZM")->child("GRXX")->child("XingMing");
    BOOST_REQUIRE(name != nullptr);
    BOOST_TEST(name->text == "甲试甲");
    BOOST_TEST(name->line == 7U);
    BOOST_TEST(answer->child("ZM")->child("MXLB")->children.size() == 3U);
}

BOOST_AUTO_TEST_CASE(reads_attributes) {
    const Reading reading = read_xml(homes_utf8, *homes());
    BOOST_TEST(reading.schema_findings.empty());
    BOOST_REQUIRE(reading.root.has_value());
    const schemas::Node* right = reading.root->child("Data")->child("QLT_FW_FDCQ_YZ");
    BOOST_REQUIRE(right != nullptr);
    BOOST_TEST(right->attribute("FDCJYJG")->value == "65.0000");
    BOOST_TEST(right->attribute("FDCJYJG")->ns.empty());
    BOOST_TEST(right->line == 5U);
    BOOST_TEST(right->attribute("xmlns") == nullptr);
}

BOOST_AUTO_TEST_CASE(tells_every_violation_of_the_schema) {
    std::string bytes = with(certificate_utf8, "<KJRQ>20260105<", "<KJRQ>2026-01-05<");
    bytes = with(bytes, "<ZJLX>01</ZJLX>", "");
    bytes = with(bytes, "<CZBZ>01</CZBZ><YWLSH>A0002", "<CZBZ>09</CZBZ><YWLSH>A0002");
    const auto findings = findings_of(in_gb18030(bytes), *certificate());
    BOOST_TEST(findings.size() >= 3U);
    const auto at = [&findings](const std::string& end, std::uint32_t line) {
        return std::any_of(findings.begin(), findings.end(), [&](const schemas::Finding& finding) {
            return finding.place.path.ends_with(end) && finding.place.line == line &&
                   finding.code.starts_with("xsd.") &&
                   finding.severity == schemas::Severity::return_ &&
                   finding.version == "610100.housing-fund/certificate@1";
        });
    };
    BOOST_TEST(at("/KJRQ", 6U));
    BOOST_TEST(at("/MX[2]/CZBZ", 14U));
    BOOST_TEST(std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
        return finding.place.line == 7U;
    }));
}

BOOST_AUTO_TEST_CASE(refuses_document_types_and_entities) {
    std::string bomb = R"(<!ENTITY a "aaaaaaaaaa">)";
    for (char c = 'b'; c <= 'j'; ++c) {
        const std::string before = std::string("&") + static_cast<char>(c - 1) + ";";
        std::string value;
        for (int i = 0; i < 10; ++i)
            value += before;
        bomb += std::string("<!ENTITY ") + c + " \"" + value + "\">";
    }
    BOOST_TEST(stops_with(doctype(bomb, "&j;"), *homes(), "xml.doctype", true));
    BOOST_TEST(stops_with(doctype(R"(<!ENTITY x SYSTEM "file:///etc/passwd">)", "&x;"),
                          *homes(),
                          "xml.doctype",
                          true));
    BOOST_TEST(stops_with(doctype(R"(<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;)", "x"),
                          *homes(),
                          "xml.doctype",
                          true));
    BOOST_TEST(stops_with(doctype("", "x"), *homes(), "xml.doctype", true));
    const auto findings = findings_of(with(homes_utf8, "银川市测试路1号", "&x;"), *homes());
    BOOST_TEST(!findings.empty());
}

BOOST_AUTO_TEST_CASE(holds_the_limits) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i)
        deep += "<x>";
    BOOST_TEST(
        stops_with(with(homes_utf8, "<Data>", "<Data>" + deep), *homes(), "limit.depth", true));
    BOOST_TEST(stops_with(with(homes_utf8, "银川市测试路1号", std::string(1'000'000, 'x')),
                          *homes(),
                          "limit.size",
                          true));
    BOOST_TEST(codes(with(homes_utf8, "银川市测试路1号", std::string(100U << 20, 'x')), *homes()) ==
               "limit.bytes");
    std::string many;
    for (int i = 0; i < 30'000; ++i)
        many += "<a/>";
    BOOST_TEST(
        stops_with(with(homes_utf8, "<Data>", "<Data>" + many), *homes(), "limit.size", true));
    std::string attributes;
    for (int i = 0; i < 300; ++i)
        attributes += " a" + std::to_string(i) + "=\"1\"";
    BOOST_TEST(stops_with(with(homes_utf8, "<Data>", "<Data" + attributes + ">"),
                          *homes(),
                          "limit.attributes",
                          true));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_well_formed) {
    BOOST_TEST(stops_with(
        with(homes_utf8, "SXH=\"1\"", "SXH=\"1\" SXH=\"2\""), *homes(), "xml.attribute", false));
    BOOST_TEST(stops_with(with(homes_utf8, "</Data>", ""), *homes(), "xml.syntax", false));
    BOOST_TEST(
        stops_with(homes_utf8.substr(0, homes_utf8.size() / 2), *homes(), "xml.syntax", false));
    BOOST_TEST(stops_with("", *homes(), "xml.syntax", false));
    BOOST_TEST(stops_with("{\"fhm\": \"0\"}", *homes(), "xml.syntax", false));
    BOOST_TEST(stops_with(homes_utf8 + "<Message/>", *homes(), "xml.syntax", false));
    BOOST_TEST(stops_with(
        with(homes_utf8, "银川市测试路1号", "x\x01y"), *homes(), "xml.character", false));
    BOOST_TEST(
        stops_with(with(homes_utf8, "<Head>", "<p:Head>"), *homes(), "xml.namespace", false));
}

BOOST_AUTO_TEST_CASE(refuses_a_wrong_root_and_a_wrong_namespace) {
    BOOST_TEST(codes("<Other xmlns=\"urn:640100:bdc:zfcx:1\"/>", *homes()) == "xsd.root");
    BOOST_TEST(codes(with(homes_utf8, "urn:640100:bdc:zfcx:1", "urn:640100:bdc:zfcx:2"),
                     *homes()) == "xsd.root");
    BOOST_TEST(codes(with(homes_utf8, " xmlns=\"urn:640100:bdc:zfcx:1\"", ""), *homes()) ==
               "xsd.root");
    const auto payload = findings_of(
        in_gb18030(with(certificate_utf8, "urn:610100:gjj:yddkzm:1", "urn:other")), *certificate());
    BOOST_TEST(!payload.empty());
    // A global element of the same schema, but not the one promised.
    const support::OwnNative own(
        "schema: 900000.test/thing@1\ndescription: t\nsource: t\nformat: xml\nencoding: "
        "UTF-8\nxsd: t.xsd\nroot: {name: A, ns: \"\"}\n",
        "t.xsd",
        R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="A" type="xs:string"/><xs:element name="B" type="xs:string"/></xs:schema>)");
    BOOST_TEST(codes("<B/>", *own.load()) == "xsd.root");
    BOOST_TEST(codes("<A/>", *own.load()).empty());
}

BOOST_AUTO_TEST_CASE(checks_the_encoding_against_the_bytes) {
    BOOST_TEST(codes(certificate_utf8, *certificate()) ==
               "encoding.bytes");  // declares GB18030, is UTF-8
    BOOST_TEST(codes(in_gb18030(homes_utf8), *homes()) ==
               "encoding.bytes");  // declares UTF-8, is GB18030
    BOOST_TEST(codes(with(homes_utf8, "UTF-8", "GB18030"), *homes()) ==
               "encoding.declared");  // another than promised
    BOOST_TEST(codes(with(homes_utf8, "UTF-8", "ISO-8859-1"), *homes()) == "encoding.declared");
    BOOST_TEST(codes(in_gb18030(with(certificate_utf8, "GB18030", "UTF-8")), *certificate()) ==
               "encoding.declared");
    std::string cut = in_gb18030(certificate_utf8);
    const auto at = cut.find("</XingMing>");
    cut.erase(at - 1, 1);
    const auto findings = findings_of(cut, *certificate());
    BOOST_REQUIRE(!findings.empty());
    BOOST_TEST(findings[0].place.line == 7U);
    BOOST_TEST(codes(with(homes_utf8, "银川", std::string("银\0川", 7)), *homes()) ==
               "encoding.nul");
    BOOST_TEST(codes(std::string("\xFF\xFE<\0", 4), *homes()) == "encoding.declared");
}

BOOST_AUTO_TEST_CASE(reads_characters_that_gbk_cannot_hold) {
    const Reading reading =
        read_xml(in_gb18030(with(certificate_utf8, "甲试甲", "䶮㛃𬭬·𠅤")), *certificate());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST(reading.root->child("Body")
                   ->child("YDDKZMResponse")
                   ->child("ZM")
                   ->child("GRXX")
                   ->child("XingMing")
                   ->text == "䶮㛃𬭬·𠅤");
}

BOOST_AUTO_TEST_CASE(refuses_the_whole_file_for_mojibake) {
    const auto findings =
        findings_of(with(homes_utf8, "QLRMC=\"乙试乙\"", "QLRMC=\"锟斤拷锟斤拷\""), *homes());
    BOOST_REQUIRE_EQUAL(findings.size(), 1U);
    BOOST_TEST(findings[0].code == "encoding.mojibake");
    BOOST_TEST((findings[0].severity == schemas::Severity::block));
    BOOST_TEST(findings[0].place.path == "/Message/Data/QLT_FW_FDCQ_YZ/ZTT_GY_QLR[2]/@QLRMC");
    BOOST_TEST(findings[0].place.line == 7U);
    // Two short names, each misread: 李娜 and 王芳 written as UTF-8 and read as GBK.
    std::string two = with(homes_utf8, "甲试甲", *gb18030_to_utf8("李娜"));
    BOOST_TEST(codes(two, *homes()).empty());
    two = with(two, "乙试乙", *gb18030_to_utf8("王芳"));
    BOOST_TEST(codes(two, *homes()) == "encoding.mojibake");
}

BOOST_AUTO_TEST_CASE(writes_one_namespace_as_the_default_and_escapes) {
    Reading reading = read_xml(homes_utf8, *homes());
    BOOST_REQUIRE(reading.root.has_value());
    schemas::Node& holder = reading.root->children[1].children[1].children[0];
    holder.attributes[1].value = "a<b>&\"c'\t\xE7\x94\xB2";
    const Writing writing = write_format(*reading.root, *homes());
    BOOST_TEST(writing.findings.empty());
    BOOST_TEST(
        writing.bytes.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Message "
                                  "xmlns=\"urn:640100:bdc:zfcx:1\"><Head>"));
    BOOST_TEST(writing.bytes.find("xmlns", 60 + 40) == std::string::npos);
    const Reading again = read_xml(writing.bytes, *homes());
    BOOST_REQUIRE(again.root.has_value());
    BOOST_TEST(again.root->children[1].children[1].children[0].attributes[1].value ==
               "a<b>&\"c'\t甲");
    BOOST_TEST(write_format(*again.root, *homes()).bytes == writing.bytes);
}

BOOST_AUTO_TEST_CASE(writes_several_namespaces_by_prefixes_in_gb18030) {
    const Reading reading =
        read_xml(in_gb18030(with(certificate_utf8, "甲试甲", "䶮𠅤")), *certificate());
    BOOST_REQUIRE(reading.root.has_value());
    const Writing writing = write_format(*reading.root, *certificate());
    BOOST_TEST(writing.findings.empty());
    BOOST_TEST(writing.bytes.starts_with(
        "<?xml version=\"1.0\" encoding=\"GB18030\"?>\n<soap:Envelope "
        "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "xmlns:n1=\"urn:610100:gjj:yddkzm:1\"><soap:Body><n1:YDDKZMResponse>"));
    BOOST_TEST(writing.bytes.find("\xFE\x9F") != std::string::npos);  // 䶮
    const Reading again = read_xml(writing.bytes, *certificate());
    BOOST_REQUIRE(again.root.has_value());
    BOOST_TEST(write_format(*again.root, *certificate()).bytes == writing.bytes);
}

BOOST_AUTO_TEST_CASE(tells_the_mapping_owner_what_it_cannot_write) {
    Reading reading = read_xml(homes_utf8, *homes());
    BOOST_REQUIRE(reading.root.has_value());
    schemas::Node& holder = reading.root->children[1].children[1].children[0];
    holder.attributes[1].value = "x\x01";
    const Writing control = write_format(*reading.root, *homes());
    BOOST_REQUIRE_EQUAL(control.findings.size(), 1U);
    BOOST_TEST(control.findings[0].code == "encode.character");
    BOOST_TEST(control.findings[0].place.path.ends_with("/@QLRMC"));
    holder.attributes.clear();
    const Writing broken = write_format(*reading.root, *homes());
    BOOST_TEST(schemas::any_stops(broken.findings));
    for (const auto& finding : broken.findings)
        BOOST_TEST((finding.mender == schemas::Mender::mapping_owner));
}

BOOST_AUTO_TEST_CASE(decodes_first_and_reports_the_schema_when_validating) {
    const schemas::Document good{"640100.real-estate/homes@1", homes_utf8};
    auto decoded = decode(good, *homes());
    BOOST_REQUIRE(decoded.ok());
    BOOST_TEST(validate(std::move(*decoded.value)).ok());
    auto wrong = decode({good.schema, with(homes_utf8, "QSZT=\"1\"", "QSZT=\"x\"")}, *homes());
    BOOST_REQUIRE(wrong.ok());
    BOOST_TEST(wrong.findings.empty());
    const auto judged = validate(std::move(*wrong.value));
    BOOST_TEST(!judged.ok());
    BOOST_TEST(judged.findings.front().code.starts_with("xsd."));
    const auto hostile = decode({good.schema, doctype("", "x")}, *homes());
    BOOST_TEST(!hostile.ok());
    BOOST_TEST(!hostile.findings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
