#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/xml.h"
#include "mapping/formats/encoding_check.h"
#include "mapping/formats/format.h"
#include "mapping/formats/sender_finding.h"

namespace tongban::mapping {
namespace {

using schemas::Finding;
using schemas::NativeSchema;
using schemas::Node;
using schemas::NodeKind;
using schemas::Severity;

class TreeBuilder final : public XmlHandler {
public:
    void start(std::string_view name,
               std::string_view ns,
               const std::vector<XmlAttribute>& attributes,
               std::uint32_t line,
               std::uint32_t column) override {
        Node node;
        node.name = name;
        node.ns = ns;
        node.kind = NodeKind::element;
        node.line = line;
        node.column = column;
        node.attributes.reserve(attributes.size());
        for (const XmlAttribute& attribute : attributes) {
            node.attributes.push_back({std::string(attribute.name),
                                       std::string(attribute.ns),
                                       std::string(attribute.value)});
        }
        if (open_.empty()) {
            root_ = std::move(node);
            open_.push_back(&root_);
        } else {
            // Only the last child of an open node is open, so growing its children moves no open
            // node.
            open_.back()->children.push_back(std::move(node));
            open_.push_back(&open_.back()->children.back());
        }
    }

    void text(std::string_view run) override {
        if (!open_.empty()) open_.back()->text += run;
    }

    void end() override {
        if (open_.empty()) return;
        Node& node = *open_.back();
        // Blanks between elements, or with a line break in an empty one, are layout, not content.
        const bool blank = node.text.find_first_not_of(" \t\r\n") == std::string::npos;
        if (blank && (!node.children.empty() || node.text.find('\n') != std::string::npos))
            node.text.clear();
        open_.pop_back();
        complete_ = open_.empty();
    }

    [[nodiscard]] bool complete() const { return complete_; }
    Node take() { return std::move(root_); }

private:
    Node root_;
    std::vector<Node*> open_;
    bool complete_ = false;
};

// The limits have one name whatever the format.
std::string code_of(const std::string& code, std::string_view bytes, const NativeSchema& schema) {
    if (code == "xml.depth") return "limit.depth";
    if (code == "xml.size") return "limit.size";
    if (code == "xml.attributes") return "limit.attributes";
    if (code == "xml.nul") return "encoding.nul";
    if (code == "xml.too_many") return "limit.findings";
    if (code != "xml.encoding") return code;
    // Good bytes under a wrong name, or bytes that are not what was promised.
    return to_utf8(bytes, schema.encoding()).ok() ? "encoding.declared" : "encoding.bytes";
}

// What only an attacker or a broken program sends: the record is refused, nobody is asked to mend
// it line by line.
Severity severity_of(std::string_view code) {
    if (code == "limit.findings") return Severity::info;
    return code == "xml.doctype" || code.starts_with("limit.") || code.starts_with("encoding.")
               ? Severity::block
               : Severity::return_;
}

Finding finding_of(XmlProblem problem, std::string_view bytes, const NativeSchema& schema) {
    std::string code = code_of(problem.code, bytes, schema);
    const Severity severity = severity_of(code);
    Finding finding =
        sender_finding(schema,
                       {std::move(problem.path), problem.line, problem.column},
                       {std::move(code), severity, std::move(problem.zh), std::move(problem.en)});
    finding.shape = std::move(problem.shape);
    if (finding.severity == Severity::info) return finding;
    // What the parser says is wrong; what to do about it.
    const bool refused = finding.severity == Severity::block;
    finding.zh +=
        refused ? "整份文件不予接收，请接口开发人员核对后重新发送。" : "请更正后重新发送。";
    finding.en += refused ? " The whole file is refused; have the interface checked and send again."
                          : " Correct it and send again.";
    return finding;
}

// An XSD accepts any of its global elements as the root; the interface promises one.
void check_root(const Node& root, const NativeSchema& schema, std::vector<Finding>& findings) {
    if (root.name == schema.root().name && root.ns == schema.root().ns) return;
    const bool told = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.code == "xsd.root";
    });
    if (told) return;
    findings.push_back(sender_finding(
        schema,
        {"/", root.line, root.column},
        {"xsd.root",
         Severity::return_,
         "报文根元素应为 " + schema.root().name + "（命名空间 " + schema.root().ns +
             "），收到的不是；请核对接口后重新发送。",
         "The root element should be " + schema.root().name + " in namespace " + schema.root().ns +
             "; check which interface this message belongs to."}));
}

}  // namespace

Reading read_xml(std::string_view bytes, const NativeSchema& schema) {
    Reading reading;
    if (auto finding = check_bytes(bytes, schema)) {
        reading.findings.push_back(std::move(*finding));
        return reading;
    }
    const schemas::FormatLimits& given = schema.limits();
    const XmlLimits limits{given.bytes, given.depth, given.attributes, given.text, given.nodes};
    TreeBuilder builder;
    for (XmlProblem& problem :
         parse_xml(bytes, limits, name_of(schema.encoding()), schema.xsd(), &builder)) {
        Finding finding = finding_of(std::move(problem), bytes, schema);
        const bool of_schema =
            finding.code.starts_with("xsd.") || finding.severity == Severity::info;
        (of_schema ? reading.schema_findings : reading.findings).push_back(std::move(finding));
    }
    if (!reading.findings.empty() || !builder.complete()) return reading;
    Node root = builder.take();
    if (auto mojibake = check_mojibake(root, schema)) {
        reading.findings.push_back(std::move(*mojibake));
        return reading;
    }
    check_root(root, schema, reading.schema_findings);
    reading.root = std::move(root);
    return reading;
}

}  // namespace tongban::mapping
