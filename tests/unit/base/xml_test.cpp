#include "base/xml.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/internal/xml.h"
#include "base/text.h"
#include "base/yaml.h"

using namespace tongban;

namespace {

class Recorder final : public XmlHandler {
public:
    void start(std::string_view name,
               std::string_view ns,
               const std::vector<XmlAttribute>& attributes,
               std::uint32_t line,
               std::uint32_t column) override {
        said += "<" + std::string(name) + (ns.empty() ? "" : "{" + std::string(ns) + "}");
        for (const auto& attribute : attributes)
            said += " " + std::string(attribute.name) + "=" + std::string(attribute.value);
        said += "@" + std::to_string(line) + ":" + std::to_string(column) + ">";
    }
    void text(std::string_view run) override { said += "[" + std::string(run) + "]"; }
    void end() override { said += "</>"; }
    std::string said;
};

struct SchemaFile {
    explicit SchemaFile(const std::string& xsd) {
        std::string name = (std::filesystem::temp_directory_path() / "tongban-xml-XXXXXX").string();
        folder = mkdtemp(name.data());
        add("main.xsd", xsd);
    }
    ~SchemaFile() { std::filesystem::remove_all(folder); }
    void add(const std::string& name, const std::string& bytes) const {
        BOOST_REQUIRE(write_file_durably(folder + "/" + name, bytes).ok());
    }
    [[nodiscard]] std::shared_ptr<const XmlSchema> load() const {
        return XmlSchema::load(folder + "/main.xsd");
    }
    [[nodiscard]] std::string refusal() const {
        try {
            (void)load();
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "";
    }
    std::string folder;
};

std::string summary(const std::vector<XmlProblem>& problems) {
    std::string all;
    for (const XmlProblem& p : problems) {
        if (!all.empty()) all += " | ";
        all +=
            p.code + " " + std::to_string(p.line) + ":" + std::to_string(p.column) + " " + p.path;
        if (!p.shape.empty()) all += " (" + p.shape + ")";
    }
    return all;
}

std::vector<XmlProblem> parse(std::string_view bytes,
                              const XmlSchema* schema = nullptr,
                              const XmlLimits& limits = {},
                              std::string_view encoding = "") {
    return parse_xml(bytes, limits, encoding, schema, nullptr);
}

const std::string xsd = R"(<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns="urn:t" elementFormDefault="qualified">
  <xs:simpleType name="idType"><xs:restriction base="xs:string"><xs:pattern value="[0-9]{17}[0-9X]"/></xs:restriction></xs:simpleType>
  <xs:element name="record"><xs:complexType><xs:sequence>
    <xs:element name="id" type="idType"/>
    <xs:element name="sex"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="1"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="row" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="amount" type="xs:decimal"/>
      <xs:element name="on" type="xs:date" minOccurs="0"/>
    </xs:sequence><xs:attribute name="kind" type="xs:integer" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(xml_test)

BOOST_AUTO_TEST_CASE(events_carry_names_values_and_places) {
    Recorder recorder;
    const auto problems = parse_xml(
        "<?xml version=\"1.0\"?>\n<a xmlns='urn:x' k='1&lt;2'>\n  "
        "<b>x&amp;<![CDATA[y]]>z&#20013;</b><!-- c -->\n</a>",
        {},
        "",
        nullptr,
        &recorder);
    BOOST_TEST(summary(problems).empty());
    BOOST_TEST(recorder.said == "<a{urn:x} k=1<2@2:1>[\n  ]<b{urn:x}@3:3>[x&yz中]</>[\n]</>");
}

BOOST_AUTO_TEST_CASE(all_that_a_schema_finds_is_reported_with_place_and_without_values) {
    const SchemaFile file(xsd);
    const auto schema = file.load();
    const std::string good =
        "<record xmlns='urn:t'><id>64010619900101123X</id><sex>1</sex><row "
        "kind='1'><amount>1.00</amount></row></record>";
    BOOST_TEST(summary(parse(good, schema.get())).empty());
    const auto problems = parse(
        "<record xmlns='urn:t'>\n"
        "  <id>secret-id</id>\n"
        "  <sex>9</sex>\n"
        "  <row kind='x1'><amount>one secret</amount></row>\n"
        "  <row><amount>1</amount><on>2024-02-30</on><more/></row>\n"
        "  <row kind='1' other='secret'></row>\n"
        "</record>",
        schema.get());
    BOOST_TEST(summary(problems) ==
               "xsd.facet 2:3 /record/id (9 characters: 8 letters, 1 other) | "
               "xsd.facet 3:3 /record/sex (1 character: 1 digit) | "
               "xsd.type 4:3 /record/row/@kind (2 characters: 1 digit, 1 letter) | "
               "xsd.type 4:18 /record/row/amount (10 characters: 9 letters, 1 blank) | "
               "xsd.missing 5:3 /record/row[2]/@kind | "
               "xsd.type 5:26 /record/row[2]/on (10 characters: 8 digits, 2 others) | "
               "xsd.unexpected 5:45 /record/row[2]/more | "
               "xsd.attribute 6:3 /record/row[3]/@other | "
               "xsd.missing 6:3 /record/row[3]");
    for (const auto& p : problems) {
        BOOST_TEST(p.en.find("secret") == std::string::npos, p.en);
        BOOST_TEST(p.zh.find("secret") == std::string::npos, p.zh);
        BOOST_TEST(!p.zh.empty());
    }
    BOOST_TEST(problems[0].en == "The value must match the pattern [0-9]{17}[0-9X].");
    BOOST_TEST(problems[1].en == "The value must be one of '1', '2'.");
    BOOST_TEST(problems[3].en == "The value is not a valid decimal.");
    BOOST_TEST(problems.back().en == "A child element is missing; expected: amount.");
}

BOOST_AUTO_TEST_CASE(a_value_cannot_smuggle_itself_into_a_message) {
    const SchemaFile file(xsd);
    const auto schema = file.load();
    const auto problems = parse(
        "<record xmlns='urn:t'><id>x' by the pattern 'SECRET'.</id><sex>of the set "
        "{'SECRET'}.</sex>"
        "<row kind=\"type 'SECRET'.\"><amount>x type 'SECRET'. ( SECRET ).</amount></row></record>",
        schema.get());
    BOOST_TEST(problems.size() == 4U);
    for (const auto& p : problems)
        BOOST_TEST((p.en + p.zh + p.shape).find("SECRET") == std::string::npos, p.en);
}

BOOST_AUTO_TEST_CASE(a_wrong_root_or_namespace_is_named_as_such) {
    const SchemaFile file(xsd);
    const auto schema = file.load();
    BOOST_TEST(summary(parse("<other/>", schema.get())) == "xsd.root 1:1 /other");
    BOOST_TEST(summary(parse("<record xmlns='urn:u'/>", schema.get())) == "xsd.root 1:1 /record");
    BOOST_TEST(summary(parse("<record xmlns='urn:t'/>", schema.get())) ==
               "xsd.missing 1:1 /record");
}

BOOST_AUTO_TEST_CASE(no_dtd_whatever_it_holds) {
    for (const char* text :
         {"<!DOCTYPE a><a/>",
          "<!DOCTYPE a [<!ENTITY x \"yyyy\"><!ENTITY z \"&x;&x;\">]><a>&z;</a>",
          "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
          "<!DOCTYPE a SYSTEM \"http://example.invalid/a.dtd\"><a/>",
          "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://example.invalid/p\"> %p;]><a/>"}) {
        Recorder recorder;
        const auto problems = parse_xml(text, {}, "", nullptr, &recorder);
        BOOST_REQUIRE(problems.size() == 1U);
        BOOST_TEST(problems[0].code == "xml.doctype");
        BOOST_TEST(recorder.said.empty());
    }
}

BOOST_AUTO_TEST_CASE(limits_hold) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i)
        deep += "<a>";
    BOOST_TEST(parse(deep)[0].code == "xml.depth");
    BOOST_TEST(parse(deep).size() == 1U);
    XmlLimits small;
    small.bytes = 100;
    BOOST_TEST(parse(std::string(101, ' '), nullptr, small)[0].code == "xml.size");
    small = {};
    small.text = 10;
    BOOST_TEST(summary(parse("<a>12345<![CDATA[678901]]></a>", nullptr, small))
                   .starts_with("xml.size 1:"));
    BOOST_TEST(parse("<a b='12345678901'/>", nullptr, small)[0].code == "xml.size");
    small = {};
    small.attributes = 2;
    BOOST_TEST(parse("<a b='' c='' d=''/>", nullptr, small)[0].code == "xml.attributes");
    BOOST_TEST(parse("<a xmlns:p='urn:p' b='' c=''/>", nullptr, small)[0].code == "xml.attributes");
    small = {};
    small.nodes = 3;
    BOOST_TEST(parse("<a><b/><b/></a>", nullptr, small).empty());
    BOOST_TEST(parse("<a><b/><b/><!-- --></a>", nullptr, small)[0].code == "xml.size");
    const std::string large = "<a>" + std::string(1'000'000, 'x') + std::string("<b/>") +
                              std::string(900'000, 'y') + "</a>";
    BOOST_TEST(parse(large).empty());
    std::string many = "<a>";
    for (int i = 0; i < 2'000'000; ++i)
        many += "<b/>\n";
    many += "</a>";
    small.nodes = 5'000'000;
    BOOST_TEST(parse(many, nullptr, small).empty());  // 10 MB and more pass
    small.nodes = 1'000'000;
    BOOST_TEST(parse(many, nullptr, small).size() == 1U);
}

BOOST_AUTO_TEST_CASE(limits_hold_while_a_schema_validates) {
    const SchemaFile file(xsd);
    const auto schema = file.load();
    XmlLimits small;
    for (small.nodes = 1; small.nodes < 7; ++small.nodes) {
        const auto problems =
            parse("<record xmlns='urn:t'><id a='1' b='2'>x</id><sex>9</sex></record>",
                  schema.get(),
                  small);
        BOOST_TEST(std::any_of(problems.begin(), problems.end(), [](const XmlProblem& p) {
            return p.code == "xml.size";
        }));
    }
    std::string rows = "<record xmlns='urn:t'><id>64010619900101123X</id><sex>1</sex>";
    for (int i = 0; i < 2000; ++i)
        rows += "<row kind='x'><amount>y</amount></row>";
    const auto problems = parse(rows + "</record>", schema.get());
    BOOST_TEST(problems.size() == 1001U);
    BOOST_TEST(problems.back().code == "xml.too_many");
}

BOOST_AUTO_TEST_CASE(syntax_errors_have_a_place_and_no_echo) {
    for (const auto& [text, code] :
         {std::pair<const char*, const char*>{"", "xml.syntax"},
          {"secret", "xml.syntax"},
          {"<a>", "xml.syntax"},
          {"<a></b>", "xml.syntax"},
          {"<a/><b/>", "xml.syntax"},
          {"<a b='1' b='2'/>", "xml.attribute"},
          {"<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "xml.attribute"},
          {"<a>&secret;</a>", "xml.entity"},
          {"<a>x & y</a>", "xml.entity"},
          {"<p:a/>", "xml.namespace"},
          {"<a>\x01</a>", "xml.character"},
          {"<a>&#0;</a>", "xml.character"},
          {"<a><![CDATA[x</a>", "xml.syntax"},
          {"<a b=1/>", "xml.syntax"}}) {
        const auto problems = parse(text);
        BOOST_REQUIRE_MESSAGE(!problems.empty(), text);
        BOOST_TEST(problems[0].code == code, text);
        BOOST_TEST(problems[0].en.find("secret") == std::string::npos);
    }
    BOOST_TEST(summary(parse("<a>\n  <b>x</b>\n  <c></d>\n</a>")).starts_with("xml.syntax 3:"));
    BOOST_TEST(parse(std::string_view("<a>\0</a>", 8))[0].code == "xml.nul");
}

BOOST_AUTO_TEST_CASE(the_declared_encoding_is_held_against_the_bytes) {
    const std::string name = "张三";
    const std::string gb = *utf8_to_gb18030(name);
    Recorder recorder;
    BOOST_TEST(parse_xml("<?xml version=\"1.0\" encoding=\"GB18030\"?>\n<a>" + gb + "</a>",
                         {},
                         "GB18030",
                         nullptr,
                         &recorder)
                   .empty());
    BOOST_TEST(recorder.said == "<a@2:1>[张三]</>");
    BOOST_TEST(
        parse("<?xml version='1.0' encoding='gb2312'?><a>" + gb + "</a>", nullptr, {}, "GB18030")
            .empty());
    BOOST_TEST(parse("<a>" + gb + "</a>", nullptr, {}, "GB18030").empty());
    BOOST_TEST(
        parse("\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><a>" + name + "</a>").empty());

    BOOST_TEST(summary(parse("<?xml version='1.0' encoding='UTF-8'?>\n<a>\n<b>" + gb +
                             "</b></a>")) == "xml.encoding 3:4 ");
    BOOST_TEST(parse("<?xml version='1.0' encoding='UTF-8'?><a>" + gb + "</a>")[0].en ==
               "The bytes are not UTF-8; they look like GB18030.");
    BOOST_TEST(summary(parse("<?xml version='1.0' encoding='GBK'?>\n<a>银川市兴庆区</a>")) ==
               "xml.encoding 2:4 ");
    BOOST_TEST(summary(parse("<?xml version='1.0' encoding='GBK'?>\n<a>银川市</a>")) ==
               "xml.encoding 2:12 ");
    BOOST_TEST(
        parse("<?xml version='1.0' encoding='UTF-8'?><a/>", nullptr, {}, "GB18030")[0].code ==
        "xml.encoding");
    BOOST_TEST(parse("<?xml version='1.0' encoding='latin1'?><a/>")[0].code == "xml.encoding");
    BOOST_TEST(parse("\xEF\xBB\xBF<?xml version='1.0' encoding='GBK'?><a/>")[0].code ==
               "xml.encoding");
    BOOST_TEST(parse(std::string_view("\xFF\xFE<\0a\0/\0>\0", 10))[0].code == "xml.encoding");
    BOOST_TEST(parse(std::string_view("\0<\0a\0/\0>", 8))[0].code == "xml.encoding");
    BOOST_TEST(summary(parse("<?xml version='1.0' encoding='GBK'?>\n<a>\xd5</a>")) ==
               "xml.encoding 2:4 ");
}

BOOST_AUTO_TEST_CASE(a_schema_stays_in_its_folder) {
    const std::string head = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>";
    const SchemaFile outside(head + "<xs:include schemaLocation='../x.xsd'/></xs:schema>");
    BOOST_TEST(outside.refusal().find(
                   "main.xsd:1:56: schemaLocation must name a file in the same folder") !=
                   std::string::npos,
               outside.refusal());
    const SchemaFile network(
        head +
        "<xs:import namespace='urn:x' schemaLocation='http://example.invalid/x.xsd'/></xs:schema>");
    BOOST_TEST(!network.refusal().empty());
    const SchemaFile missing(head + "<xs:include schemaLocation='none.xsd'/></xs:schema>");
    BOOST_TEST(!missing.refusal().empty());
    const SchemaFile good(
        head +
        "<xs:include schemaLocation='part.xsd'/><xs:element name='a' type='t'/></xs:schema>");
    good.add("part.xsd",
             head +
                 "<xs:simpleType name='t'><xs:restriction "
                 "base='xs:integer'/></xs:simpleType></xs:schema>");
    const auto schema = good.load();
    BOOST_TEST(parse("<a>1</a>", schema.get()).empty());
    BOOST_TEST(summary(parse("<a>x</a>", schema.get())) ==
               "xsd.type 1:1 /a (1 character: 1 letter)");
    const SchemaFile broken(head + "<xs:element name='a' type='nothing'/></xs:schema>");
    BOOST_TEST(!broken.refusal().empty());
    BOOST_CHECK_THROW(XmlSchema::load("/no/such.xsd"), ConfigError);
}

BOOST_AUTO_TEST_CASE(patterns_that_could_run_for_ever_are_refused) {
    for (const char* bad : {"(a|aa)*b",
                            "([0-9]{0,9}){0,9}X",
                            "(a*)*",
                            "(a+){2}",
                            "((a|b))+",
                            "(a?){50}",
                            "a{1,99999}",
                            "(x+x+)+y"})
        BOOST_TEST(xml_internal::dangerous_pattern(bad) != nullptr, bad);
    for (const char* fine : {"[0-9]{17}[0-9X]",
                             "-?[0-9]{1,16}\\.[0-9]{2}",
                             "[0-9]{1,9}\\.[0-9]{1,2}|[0-9]{1,9}",
                             "([0-9]{2}){3}",
                             "(a|b)?c",
                             "[\\(a*)]+",
                             "\\p{L}*",
                             "\\(a\\)*",
                             "(0[1-9]|1[0-2])"})
        BOOST_TEST(xml_internal::dangerous_pattern(fine) == nullptr, fine);
    const SchemaFile file(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType "
        "name='t'><xs:restriction base='xs:string'>"
        "<xs:pattern value='(a|aa)*b'/></xs:restriction></xs:simpleType></xs:schema>");
    BOOST_TEST(file.refusal().find("a repeated group") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_escaped_reads_back) {
    const std::string value = "<a href=\"x\">&'\t\r\n中\x01";
    Recorder recorder;
    const std::string text =
        "<a b=\"" + escape_xml_attribute(value) + "\">" + escape_xml_text(value) + "</a>";
    BOOST_TEST(parse_xml(text, {}, "", nullptr, &recorder).empty());
    BOOST_TEST(recorder.said ==
               "<a b=<a href=\"x\">&'\t\r\n中\uFFFD@1:1>[<a href=\"x\">&'\t\r\n中\uFFFD]</>");
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_stops_the_parse) {
    class Thrower final : public XmlHandler {
        void start(std::string_view,
                   std::string_view,
                   const std::vector<XmlAttribute>&,
                   std::uint32_t,
                   std::uint32_t) override {
            throw std::runtime_error("no");
        }
        void text(std::string_view) override {}
        void end() override {}
    } thrower;
    BOOST_CHECK_THROW((void)parse_xml("<a><b/></a>", {}, "", nullptr, &thrower),
                      std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
