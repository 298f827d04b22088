#include "tests/support/bad_inputs/bad_input.h"
#include "tests/support/native_samples.h"

namespace tongban::support {
namespace {

std::string soap(std::string_view from, std::string_view to) {
    return in_gb18030(with(certificate_utf8, from, to));
}

std::string file(std::string_view from, std::string_view to) {
    return with(homes_utf8, from, to);
}

std::string with_subset(const std::string& subset, const std::string& use) {
    return with(file("<Message ", "<!DOCTYPE Message [" + subset + "]>\n<Message "), "银川市测试路1号", use);
}

std::string repeated(const std::string& text, int times) {
    std::string out;
    out.reserve(text.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

std::string entity_bomb() {
    std::string subset = R"(<!ENTITY a "aaaaaaaaaa">)";
    for (char c = 'b'; c <= 'j'; ++c) {
        const std::string before = std::string("&") + static_cast<char>(c - 1) + ";";
        subset += std::string("<!ENTITY ") + c + " \"" + repeated(before, 10) + "\">";
    }
    return with_subset(subset, "&j;");
}

std::string many_attributes() {
    std::string attributes;
    for (int i = 0; i < 300; ++i) attributes += " a" + std::to_string(i) + "=\"1\"";
    return file("<Data>", "<Data" + attributes + ">");
}

std::string cut_character() {
    std::string bytes = in_gb18030(certificate_utf8);
    return bytes.erase(bytes.find("</XingMing>") - 1, 1);
}

std::string misread_twice() {
    const auto misread = gb18030_to_utf8("银川市兴庆区测试路");
    return file("银川市测试路1号", misread ? *misread : "锟斤拷");
}

}  // namespace

std::vector<BadInput> bad_xml_inputs() {
    const auto file_answer = Enters::file;
    const auto soap_answer = Enters::soap;
    return {
        {"entity_bomb", file_answer, "ten levels of entities, ten of each in the next (10^10 characters)", entity_bomb, {"xml.doctype"}, "", "", ""},
        {"external_entity", file_answer, "an entity that names /etc/passwd", [] { return with_subset(R"(<!ENTITY x SYSTEM "file:///etc/passwd">)", "&x;"); }, {"xml.doctype"}, "", "", ""},
        {"external_subset", file_answer, "a parameter entity fetched over HTTP", [] { return with_subset(R"(<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;)", "x"); }, {"xml.doctype"}, "", "", ""},
        {"document_type", file_answer, "a DOCTYPE that declares nothing", [] { return with_subset("", "x"); }, {"xml.doctype"}, "", "", ""},
        {"undefined_entity", file_answer, "&nbsp; in a text", [] { return file("银川市测试路1号", "1&nbsp;2"); }, {"xml.entity"}, "", "", ""},
        {"element_of_100_mb", file_answer, "one attribute of 100 MB", [] { return file("银川市测试路1号", std::string(100U << 20U, 'x')); }, {"limit.bytes"}, "", "", ""},
        {"text_of_1_mb", soap_answer, "a name of one million characters", [] { return soap("甲试甲", std::string(1'000'000, 'x')); }, {"limit.size"}, "", "", ""},
        {"depth_10000", soap_answer, "10,000 elements in each other", [] { return soap("<ZM>", repeated("<x>", 10'000) + "<ZM>"); }, {"limit.depth"}, "", "", ""},
        {"many_elements", soap_answer, "100,000 empty elements", [] { return soap("<ZM>", repeated("<x/>", 100'000) + "<ZM>"); }, {"limit.size"}, "", "", ""},
        {"many_attributes", file_answer, "300 attributes on one element", many_attributes, {"limit.attributes"}, "", "", ""},
        {"duplicate_attribute", file_answer, "an attribute twice on one element", [] { return file("SXH=\"1\"", "SXH=\"1\" SXH=\"2\""); }, {"xml.attribute"}, "", "", ""},
        {"wrong_namespace", file_answer, "the namespace of another version", [] { return file("zfcx:1", "zfcx:9"); }, {"xsd.root"}, "", "", ""},
        {"wrong_payload_namespace", soap_answer, "the SOAP body holds a payload of another namespace", [] { return soap("urn:610100:gjj:yddkzm:1", "urn:other"); }, {"xsd.unexpected"}, "", "", ""},
        {"wrong_root", file_answer, "another message than the one agreed", [] { return std::string("<Other xmlns=\"urn:640100:bdc:zfcx:1\"/>"); }, {"xsd.root"}, "", "", ""},
        {"undeclared_prefix", file_answer, "a prefix that nobody declared", [] { return with(file("<Head>", "<p:Head>"), "</Head>", "</p:Head>"); }, {"xml.namespace", "xsd.unexpected"}, "", "", ""},
        {"nul_byte", file_answer, "a NUL byte in a value", [] { return file("银川市", std::string("银\0川", 7)); }, {"encoding.nul"}, "", "", ""},
        {"control_character", file_answer, "U+0001 in a value", [] { return file("银川市", "银\x01川"); }, {"xml.character"}, "", "", ""},
        {"declared_gb18030_is_utf8", soap_answer, "declares GB18030, bytes are UTF-8", [] { return certificate_utf8; }, {"encoding.bytes"}, "", "", ""},
        {"declared_utf8_is_gb18030", file_answer, "declares UTF-8, bytes are GB18030", [] { return in_gb18030(homes_utf8); }, {"encoding.bytes"}, "", "", ""},
        {"declared_latin1", file_answer, "declares ISO-8859-1", [] { return file("UTF-8", "ISO-8859-1"); }, {"encoding.declared"}, "", "", ""},
        {"utf16", file_answer, "UTF-16 with a byte order mark", [] { return std::string("\xFF\xFE<\0M\0/\0>\0", 10); }, {"encoding.declared"}, "", "", ""},
        {"truncated_gb18030", soap_answer, "a name cut in the middle of a character", cut_character, {"encoding.bytes"}, "", "", ""},
        {"mojibake_replaced", file_answer, "锟斤拷 stored in a name", [] { return file("乙试乙", "锟斤拷锟斤拷"); }, {"encoding.mojibake"}, "", "", ""},
        {"mojibake_misread", file_answer, "an address that was UTF-8, read as GBK, written as UTF-8", misread_twice, {"encoding.mojibake"}, "", "", ""},
        {"half_a_file", file_answer, "a file cut in the middle", [] { return homes_utf8.substr(0, homes_utf8.size() / 2); }, {"xml.syntax"}, "", "", ""},
        {"empty_answer", soap_answer, "no bytes at all", [] { return std::string(); }, {"xml.syntax"}, "", "", ""},
        {"two_documents", file_answer, "a second root element after the first", [] { return homes_utf8 + "<Message/>"; }, {"xml.syntax"}, "", "", ""},
        {"html_error_page", soap_answer, "a gateway's error page instead of the record", [] { return std::string("<html><body><h1>502 Bad Gateway</h1></body></html>"); }, {"xsd.root"}, "", "", ""},
        {"missing_element", soap_answer, "the account number is left out", [] { return soap("<GRZH>100200300400</GRZH>", ""); }, {"xsd.unexpected"}, "", "", ""},
        {"unknown_element", soap_answer, "an element that the interface does not know", [] { return soap("<YXTS>", "<MIMA>x</MIMA><YXTS>"); }, {"xsd.unexpected"}, "", "", ""},
        {"missing_attribute", file_answer, "a right without its state", [] { return file(" QSZT=\"1\"", ""); }, {"xsd.missing"}, "", "", ""},
        {"value_not_in_list", soap_answer, "a reversal flag 09", [] { return soap("<CZBZ>01<", "<CZBZ>09<"); }, {"xsd.facet"}, "", "", ""},
        {"thousands_separators", soap_answer, "money as 12,000.00", [] { return soap("<GRJCJS>12000.00", "<GRJCJS>12,000.00"); }, {"xsd.facet"}, "", "", ""},
        {"many_faults_at_once", soap_answer, "three faults in one record: each is told", [] {
             return in_gb18030(with(with(with(certificate_utf8, "<KJRQ>20260105", "<KJRQ>2026-01-05"), "<ZJLX>01</ZJLX>", ""), "<CZBZ>01<", "<CZBZ>09<"));
         }, {"xsd.facet", "xsd.unexpected"}, "", "", ""},
        {"request_with_entity", Enters::request, "a request with a DOCTYPE", [] { return with(enquiry_utf8, "<EligibilityEnquiry ", "<!DOCTYPE x>\n<EligibilityEnquiry "); }, {"xml.doctype"}, "", "", ""},
        {"request_too_large", Enters::request, "a request of 1 MB", [] { return with(enquiry_utf8, "甲试甲", std::string(1U << 20U, 'x')); }, {"limit.bytes"}, "", "", ""},
        {"request_injection", Enters::request, "a purpose with quotes and SQL", [] { return with(enquiry_utf8, "loan-approval", "loan' OR '1'='1"); }, {"xsd.facet"}, "", "", ""},
    };
}

}  // namespace tongban::support
