#include "mapping/formats/json_problems.h"

#include <utility>

#include "base/text.h"
#include "mapping/formats/format.h"
#include "mapping/formats/json_reader.h"
#include "schemas/json_schema.h"

namespace tongban::mapping {
namespace {

using schemas::Finding;
using schemas::Node;
using schemas::NodeKind;

// Names of members are the interface's words, but a hostile sender may put anything there.
bool plain_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
               std::string::npos;
}

std::string shape(const Node& node) {
    switch (node.kind) {
        case NodeKind::object:
            return "object";
        case NodeKind::array_item:
            return "array";
        case NodeKind::null:
            return "null";
        case NodeKind::boolean:
            return "boolean";
        case NodeKind::number:
            return "number, " + shape_of(node.text);
        case NodeKind::string:
        case NodeKind::element:
            return "text, " + shape_of(node.text);
    }
    return "";
}

}  // namespace

std::vector<Finding> json_findings(const Json& value,
                                   const Node& root,
                                   const schemas::NativeSchema& schema) {
    std::vector<Finding> findings;
    if (schema.json_schema() == nullptr) return findings;
    for (schemas::JsonProblem& problem : schema.json_schema()->check(value, findings_limit)) {
        const Node& node = node_at(root, problem.tokens);
        Finding finding;
        finding.code = std::move(problem.code);
        finding.mender = schemas::Mender::sender;
        const bool of_member = plain_name(problem.member);
        if (problem.member.empty()) finding.shape = shape(node);
        if (of_member) problem.tokens.push_back(problem.member);
        const Node& place = of_member ? node_at(root, problem.tokens) : node;
        finding.place = {json_pointer(problem.tokens), place.line, place.column};
        finding.version = schema.id();
        finding.zh = std::move(problem.zh);
        finding.en = std::move(problem.en);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace tongban::mapping
