#include "mapping/internal/native_path.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace tongban::mapping {

using schemas::Format;
using schemas::Node;
using schemas::NodeKind;

namespace {

Result<NativeStep> parse_stride(std::string_view text, const Namespaces& namespaces) {
    NativeStep step;
    if (const std::size_t bracket = text.find('['); bracket != std::string_view::npos) {
        std::string_view test = text.substr(bracket);
        const std::size_t equals = test.find('=');
        if (test.back() != ']' || equals == std::string_view::npos || equals < 2) {
            return Fault{FaultKind::malformed,
                         std::string(text),
                         "a condition is [name=value] or [@name=value]"};
        }
        test = test.substr(1, test.size() - 2);
        step.test_value = test.substr(equals);
        step.test_name = test.substr(0, equals - 1);
        step.test_attribute = step.test_name.starts_with('@');
        if (step.test_attribute) step.test_name.erase(0, 1);
        text = text.substr(0, bracket);
    }
    if (text.starts_with('@')) {
        step.attribute = true;
        text.remove_prefix(1);
    }
    std::string_view prefix = "default";
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        prefix = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    const auto ns = namespaces.find(prefix);
    if (ns != namespaces.end()) {
        if (!step.attribute || prefix != "default") step.ns = ns->second;
    } else if (prefix != "default") {
        return Fault{FaultKind::malformed,
                     std::string(text),
                     "namespaces has no prefix " + std::string(prefix)};
    }
    step.name = text;
    if (step.name.empty()) return Fault{FaultKind::malformed, "", "a path has an empty stride"};
    return step;
}

bool passes(const Node& node, const NativeStep& step) {
    if (node.name != step.name || node.ns != step.ns) return false;
    if (step.test_name.empty()) return true;
    if (step.test_attribute) {
        const schemas::NodeAttribute* attribute = node.attribute(step.test_name);
        return attribute != nullptr && attribute->value == step.test_value;
    }
    const Node* child = node.child(step.test_name);
    return child != nullptr && child->text == step.test_value;
}

// As the schema check writes it, so that two findings about one place name it alike.
std::string path_below(const std::string& parent,
                       const Node& child,
                       std::size_t earlier,
                       Format format) {
    std::string path = parent + "/" + child.name;
    if (format == Format::json) return child.in_array ? path + "/" + std::to_string(earlier) : path;
    const bool numbered = format == Format::rows ? child.name == "row" : earlier > 0;
    return numbered ? path + "[" + std::to_string(earlier + 1) + "]" : path;
}

NodeKind group_kind(Format format) {
    return format == Format::xml ? NodeKind::element : NodeKind::object;
}

}  // namespace

Result<NativePath> parse_native_path(std::string_view text, const Namespaces& namespaces) {
    NativePath path;
    path.text = text;
    if (text == ".") return path;
    std::size_t begin = 0;
    int depth = 0;  // a value in a condition may hold a slash
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == '[') ++depth;
        if (i < text.size() && text[i] == ']') --depth;
        if (i < text.size() && (text[i] != '/' || depth > 0)) continue;
        Result<NativeStep> step = parse_stride(text.substr(begin, i - begin), namespaces);
        if (!step.ok()) return std::move(step).fault();
        if (step->attribute && i < text.size()) {
            return Fault{FaultKind::malformed, step->name, "an attribute ends a path"};
        }
        path.steps.push_back(*std::move(step));
        begin = i + 1;
    }
    return path;
}

Located follow(const Located& from, const std::vector<NativeStep>& steps, Format format) {
    Located at = from;
    for (const NativeStep& step : steps) {
        if (step.attribute) break;
        const Node* next = nullptr;
        std::size_t earlier = 0;
        for (const Node& child : at.node->children) {
            if (child.name != step.name) continue;
            if (passes(child, step)) {
                next = &child;
                break;
            }
            ++earlier;
        }
        if (next == nullptr) return {nullptr, at.path + "/" + step.name};
        at = {next, path_below(at.path, *next, earlier, format)};
    }
    return at;
}

Siblings follow_all(const Located& from, const std::vector<NativeStep>& steps, Format format) {
    Siblings found;
    if (steps.empty()) return {true, {from}};
    const Located parent = follow(from, {steps.begin(), steps.end() - 1}, format);
    if (parent.node == nullptr) return found;
    found.parent_found = true;
    std::size_t earlier = 0;
    for (const Node& child : parent.node->children) {
        if (child.name != steps.back().name) continue;
        if (passes(child, steps.back())) {
            found.nodes.push_back({&child, path_below(parent.path, child, earlier, format)});
        }
        ++earlier;
    }
    return found;
}

NativeText text_at(const Located& from, const NativePath& path, Format format) {
    NativeText result;
    const Located at = follow(from, path.steps, format);
    result.place.path = at.path;
    result.place.line = from.node->line;
    result.place.column = from.node->column;
    if (at.node == nullptr) return result;
    result.place.line = at.node->line;
    result.place.column = at.node->column;
    if (!path.steps.empty() && path.steps.back().attribute) {
        const NativeStep& step = path.steps.back();
        result.place.path += "/@" + step.name;
        for (const schemas::NodeAttribute& attribute : at.node->attributes) {
            if (attribute.name != step.name || attribute.ns != step.ns) continue;
            result.found = true;
            result.text = attribute.value;
        }
        return result;
    }
    result.found = at.node->kind != NodeKind::null;
    if (result.found) result.text = at.node->text;
    return result;
}

Node* find_existing(Node& target, std::span<const NativeStep> steps) {
    Node* at = &target;
    for (const NativeStep& step : steps) {
        if (step.attribute) break;
        const auto same = [&step](const Node& child) {
            return child.name == step.name && child.ns == step.ns && !child.in_array;
        };
        const auto found = std::find_if(at->children.begin(), at->children.end(), same);
        if (found == at->children.end()) return nullptr;
        at = &*found;
    }
    return at;
}

Node& ensure(Node& target, std::span<const NativeStep> steps, Format format) {
    Node* at = &target;
    for (const NativeStep& step : steps) {
        if (step.attribute) break;
        Node* next = find_existing(*at, std::span(&step, 1));
        if (next == nullptr) {
            Node child;
            child.name = step.name;
            child.ns = step.ns;
            child.kind = group_kind(format);
            next = &at->children.emplace_back(std::move(child));
        }
        at = next;
    }
    return *at;
}

}  // namespace tongban::mapping
