#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/xml.h"
#include "mapping/formats/encoding_check.h"
#include "mapping/formats/format.h"

namespace tongban::mapping {
namespace {

using schemas::Finding;
using schemas::Mender;
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
            node.attributes.push_back({std::string(attribute.name), std::string(attribute.ns), std::string(attribute.value)});
        }
        if (open_.empty()) {
            root_ = std::move(node);
            open_.push_back(&root_);
        } else {
            // Only the last child of an open node is open, so growing its children moves no open node.
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
        // Blanks between elements are layout, not content.
        if (!node.children.empty() && node.text.find_first_not_of(" \t\r\n") == std::string::npos) node.text.clear();
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

// What only an attacker or a broken program sends: the record is refused, nobody is asked to mend it line by line.
bool hostile(std::string_view code) {
    static constexpr std::array<std::string_view, 10> codes{
        "xml.doctype", "xml.entity", "xml.depth", "xml.size", "xml.nodes", "xml.text", "xml.attributes", "xml.encoding",
        "encoding.declared", "encoding.bytes"};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Finding finding_of(XmlProblem problem, const NativeSchema& schema) {
    Finding finding;
    finding.severity = hostile(problem.code) ? Severity::block : Severity::return_;
    finding.code = std::move(problem.code);
    finding.mender = Mender::sender;
    finding.place = {std::move(problem.path), problem.line, problem.column};
    finding.shape = std::move(problem.shape);
    finding.version = schema.id();
    finding.zh = std::move(problem.zh);
    finding.en = std::move(problem.en);
    return finding;
}

// An XSD accepts any of its global elements as the root; the interface promises one.
void check_root(const Node& root, const NativeSchema& schema, std::vector<Finding>& findings) {
    if (root.name == schema.root().name && root.ns == schema.root().ns) return;
    const bool told = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.code == "xsd.root"; });
    if (told) return;
    Finding finding;
    finding.code = "xsd.root";
    finding.mender = Mender::sender;
    finding.place = {"/", root.line, root.column};
    finding.version = schema.id();
    finding.zh = "报文根元素应为 " + schema.root().name + "（命名空间 " + schema.root().ns + "），收到的不是；请核对接口后重新发送";
    finding.en = "the root element should be " + schema.root().name + " in namespace " + schema.root().ns +
                 "; check which interface this message belongs to";
    findings.push_back(std::move(finding));
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
    for (XmlProblem& problem : parse_xml(bytes, limits, name_of(schema.encoding()), schema.xsd(), &builder)) {
        const bool of_schema = problem.code.starts_with("xsd.");
        auto& findings = of_schema ? reading.schema_findings : reading.findings;
        if (findings.size() < findings_limit) findings.push_back(finding_of(std::move(problem), schema));
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
