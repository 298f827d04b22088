// What the parser and the validator found, in our codes and sentences. libxml2's own messages quote
// the document, so from them only such parts are taken as come from the schema: they stand last,
// after every quoted value.
#include <algorithm>
#include <array>

#include "base/internal/xml.h"

namespace tongban::xml_internal {
namespace {

std::string_view message_of(const xmlError& error) {
    std::string_view message =
        error.message == nullptr ? std::string_view() : std::string_view(error.message);
    while (!message.empty() && (message.back() == '\n' || message.back() == ' '))
        message.remove_suffix(1);
    return message;
}

// The last text between `before` and `after` at the very end of the message.
std::string tail_between(std::string_view message,
                         std::string_view before,
                         std::string_view after) {
    if (!message.ends_with(after)) return "";
    message.remove_suffix(after.size());
    const std::size_t at = message.rfind(before);
    return at == std::string_view::npos ? "" : std::string(message.substr(at + before.size()));
}

std::string local_name(std::string_view name) {
    const std::size_t brace = name.rfind('}');
    return std::string(brace == std::string_view::npos ? name : name.substr(brace + 1));
}

// "Element '{ns}e', attribute '{ns}a': ...": names of XML hold no apostrophe, so this part cannot
// be forged.
std::string attribute_of(std::string_view message) {
    constexpr std::string_view element = "Element '";
    constexpr std::string_view attribute = "', attribute '";
    if (!message.starts_with(element)) return "";
    const std::size_t end = message.find('\'', element.size());
    if (end == std::string_view::npos || message.substr(end, attribute.size()) != attribute)
        return "";
    const std::size_t from = end + attribute.size();
    return local_name(message.substr(from, message.find('\'', from) - from));
}

// "Expected is ( {ns}a )." or "Expected is one of ( a, b )." -> "a, b"
std::string expected_names(std::string_view message) {
    const std::string list = tail_between(message, "( ", " ).");
    std::string names;
    std::size_t at = 0;
    while (at < list.size()) {
        std::size_t end = list.find(", ", at);
        if (end == std::string::npos) end = list.size();
        names +=
            (names.empty() ? "" : ", ") + local_name(std::string_view(list).substr(at, end - at));
        at = end + 2;
    }
    return names;
}

Wording expected_wording(Phase phase, const std::string& names) {
    const std::string zh = names.empty() ? "" : "，应为：" + names;
    const std::string en = names.empty() ? "" : "; expected: " + names;
    if (phase == Phase::end)
        return {"xsd.missing", "缺少子元素" + zh + "。", "A child element is missing" + en + "."};
    return {"xsd.unexpected",
            "此处不应出现该元素" + zh + "。",
            "This element is not expected here" + en + "."};
}

Wording type_wording(std::string_view message) {
    std::string type = local_name(tail_between(message, "type '", "'."));
    if (const std::size_t colon = type.find(':'); colon != std::string::npos)
        type.erase(0, colon + 1);
    if (type.empty())
        return {"xsd.type", "值不符合规定的类型。", "The value is not of the required type."};
    return {"xsd.type", "值不符合类型 " + type + "。", "The value is not a valid " + type + "."};
}

Wording facet_wording(const xmlError& error) {
    const std::string_view message = message_of(error);
    const auto with = [](const std::string& zh, const std::string& en, const std::string& bound) {
        const std::string more = bound.empty() ? "" : " " + bound;
        return Wording{"xsd.facet", zh + more + "。", en + more + "."};
    };
    const std::string bound = tail_between(message, "'", "'.");
    switch (error.code) {
        case XML_SCHEMAV_CVC_LENGTH_VALID:
            return with("长度应为", "The length must be", bound);
        case XML_SCHEMAV_CVC_MINLENGTH_VALID:
            return with("长度应不小于", "The length must be at least", bound);
        case XML_SCHEMAV_CVC_MAXLENGTH_VALID:
            return with("长度应不大于", "The length must be at most", bound);
        case XML_SCHEMAV_CVC_MININCLUSIVE_VALID:
            return with("值应不小于", "The value must be at least", bound);
        case XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID:
            return with("值应不大于", "The value must be at most", bound);
        case XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID:
            return with("值应大于", "The value must be more than", bound);
        case XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID:
            return with("值应小于", "The value must be less than", bound);
        case XML_SCHEMAV_CVC_TOTALDIGITS_VALID:
            return with("数字位数过多", "There are too many digits", "");
        case XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID:
            return with("小数位数过多", "There are too many decimals", "");
        case XML_SCHEMAV_CVC_PATTERN_VALID:
            return with("值应符合格式",
                        "The value must match the pattern",
                        tail_between(message, "by the pattern '", "'."));
        case XML_SCHEMAV_CVC_ENUMERATION_VALID:
            return with("值应为其中之一：",
                        "The value must be one of",
                        tail_between(message, "of the set {", "}."));
        default:
            return with("值不符合限定", "The value does not meet a restriction of its type", "");
    }
}

SchemaProblem attribute_problem(const xmlError& error) {
    const std::string_view message = message_of(error);
    SchemaProblem problem;
    problem.attribute = attribute_of(message);
    if (error.code == XML_SCHEMAV_CVC_COMPLEX_TYPE_4) {
        problem.attribute =
            local_name(tail_between(message, "The attribute '", "' is required but missing."));
        problem.wording = {"xsd.missing", "缺少属性。", "The attribute is missing."};
    } else {
        problem.wording = {
            "xsd.attribute", "此处不允许该属性。", "This attribute is not allowed here."};
    }
    return problem;
}

}  // namespace

// One table from libxml2's codes to our words.
// NOLINTNEXTLINE(readability-function-size)
SchemaProblem describe_schema_error(const xmlError& error, Phase phase) {
    const std::string_view message = message_of(error);
    SchemaProblem problem;
    problem.attribute = attribute_of(message);
    switch (error.code) {
        case XML_SCHEMAV_CVC_ELT_1:
            problem.wording = {"xsd.root",
                               "根元素不是该接口约定的元素。",
                               "The root element is not the one of this interface."};
            return problem;
        case XML_SCHEMAV_ELEMENT_CONTENT:
            problem.wording = expected_wording(phase, expected_names(message));
            return problem;
        case XML_SCHEMAV_CVC_TYPE_3_1_2:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2:
        case XML_SCHEMAV_CVC_WILDCARD:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4:
            problem.wording = expected_wording(Phase::start, "");
            return problem;
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
            problem.wording = {
                "xsd.text", "此元素中不应有文本。", "There must be no text in this element."};
            problem.about_value = true;
            return problem;
        case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1:
        case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2:
        case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3:
            problem.wording = type_wording(message);
            problem.about_value = true;
            return problem;
        case XML_SCHEMAV_CVC_TYPE_3_1_1:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
            return attribute_problem(error);
        case XML_SCHEMAV_CVC_ELT_3_1:
        case XML_SCHEMAV_CVC_ELT_3_2_1:
        case XML_SCHEMAV_CVC_ELT_3_2_2:
            problem.wording = {"xsd.nil",
                               "此元素的 xsi:nil 不符合模式。",
                               "xsi:nil on this element is not as the schema says."};
            return problem;
        case XML_SCHEMAV_CVC_ELT_2:
        case XML_SCHEMAV_CVC_ELT_4_1:
        case XML_SCHEMAV_CVC_ELT_4_2:
        case XML_SCHEMAV_CVC_ELT_4_3:
        case XML_SCHEMAV_CVC_TYPE_1:
        case XML_SCHEMAV_CVC_TYPE_2:
            problem.wording = {"xsd.type",
                               "此元素的类型（xsi:type）不符合模式。",
                               "The type of this element (xsi:type) is not as the schema says."};
            return problem;
        case XML_SCHEMAV_CVC_ELT_5_2_2_1:
        case XML_SCHEMAV_CVC_ELT_5_2_2_2_1:
        case XML_SCHEMAV_CVC_ELT_5_2_2_2_2:
        case XML_SCHEMAV_CVC_AU:
            problem.wording = {"xsd.fixed",
                               "值与模式规定的固定值不同。",
                               "The value is not the fixed one of the schema."};
            problem.about_value = true;
            return problem;
        case XML_SCHEMAV_CVC_IDC:
            problem.wording = {"xsd.identity",
                               "键值重复、缺失或没有对应项。",
                               "A key is repeated, missing or refers to nothing."};
            return problem;
        default:
            break;
    }
    if (error.code >= XML_SCHEMAV_CVC_FACET_VALID &&
        error.code <= XML_SCHEMAV_CVC_ENUMERATION_VALID) {
        problem.wording = facet_wording(error);
        problem.about_value = true;
        return problem;
    }
    problem.wording = {
        "xsd.invalid",
        "内容不符合模式（" + std::to_string(error.code) + "）。",
        "The content is not as the schema says (" + std::to_string(error.code) + ")."};
    return problem;
}

// One table, as above.
// NOLINTNEXTLINE(readability-function-size)
Wording describe_syntax_error(const xmlError& error) {
    const auto syntax = [](std::string zh, std::string en) {
        return Wording{"xml.syntax", std::move(zh), std::move(en)};
    };
    switch (error.code) {
        case XML_ERR_DOCUMENT_EMPTY:
            return syntax("文件不以元素开头，不是 XML。",
                          "The file does not begin with an element: it is not XML.");
        case XML_ERR_DOCUMENT_END:
            return syntax("根元素之后还有内容，或文件不完整。",
                          "There is content after the root element, or the file is cut off.");
        case XML_ERR_TAG_NAME_MISMATCH:
            return syntax("结束标签与开始标签不一致。", "An end tag does not match its start tag.");
        case XML_ERR_TAG_NOT_FINISHED:
        case XML_ERR_GT_REQUIRED:
        case XML_ERR_LTSLASH_REQUIRED:
            return syntax("标签不完整，文件可能被截断。",
                          "A tag is not finished; the file may be cut off.");
        case XML_ERR_CDATA_NOT_FINISHED:
        case XML_ERR_COMMENT_NOT_FINISHED:
        case XML_ERR_PI_NOT_FINISHED:
            return syntax("CDATA、注释或处理指令没有结束。",
                          "A CDATA section, comment or instruction is not finished.");
        case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
        case XML_ERR_ATTRIBUTE_NOT_STARTED:
        case XML_ERR_ATTRIBUTE_NOT_FINISHED:
        case XML_ERR_LT_IN_ATTRIBUTE:
            return syntax("属性写法错误。", "An attribute is not written correctly.");
        case XML_ERR_ATTRIBUTE_REDEFINED:
        case XML_NS_ERR_ATTRIBUTE_REDEFINED:
            return {"xml.attribute",
                    "同一元素中属性重复。",
                    "An attribute stands twice in one element."};
        case XML_ERR_INVALID_CHAR:
        case XML_ERR_INVALID_CHARREF:
            return {"xml.character",
                    "有 XML 不允许的字符。",
                    "There is a character that XML does not allow."};
        case XML_ERR_UNDECLARED_ENTITY:
        case XML_WAR_UNDECLARED_ENTITY:
        case XML_ERR_ENTITYREF_SEMICOL_MISSING:
        case XML_ERR_NAME_REQUIRED:
            return {"xml.entity",
                    "有未定义的实体，或 & 未写成 &amp;。",
                    "There is an undefined entity, or an & not written as &amp;."};
        case XML_NS_ERR_UNDEFINED_NAMESPACE:
        case XML_NS_ERR_XML_NAMESPACE:
        case XML_NS_ERR_QNAME:
        case XML_NS_ERR_EMPTY:
        case XML_NS_ERR_COLON:
            return {"xml.namespace",
                    "命名空间前缀未声明或写法错误。",
                    "A namespace prefix is not declared, or not written correctly."};
        case XML_ERR_NAME_TOO_LONG:
            return {"xml.size", "名称过长。", "A name is too long."};
        default: {
            const std::string number = std::to_string(error.code);
            return syntax("XML 格式错误（" + number + "）。",
                          "The XML is not well-formed (" + number + ").");
        }
    }
}

}  // namespace tongban::xml_internal
