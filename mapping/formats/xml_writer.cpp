#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/xml.h"
#include "mapping/formats/write.h"

namespace tongban::mapping {
namespace {

using schemas::NativeSchema;
using schemas::Node;
using schemas::NodeAttribute;

// Prefixes that every reader of such messages knows; the others are numbered in the order of their
// first use.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> known_prefixes{{
    {"http://schemas.xmlsoap.org/soap/envelope/", "soap"},
    {"http://www.w3.org/2001/XMLSchema-instance", "xsi"},
    {"http://www.w3.org/2001/XMLSchema", "xs"},
}};
constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

class Namespaces {
public:
    explicit Namespaces(const Node& root) {
        bool plain = false;
        visit(root, plain);
        // The default namespace would also catch elements that have none; then every namespace has
        // a prefix.
        const bool one = elements_.size() == 1 && !plain;
        for (const std::string& ns : order_) {
            if (one && elements_.contains(ns)) {
                default_ = ns;
                if (!attributes_.contains(ns)) continue;
            }
            const auto known = std::find_if(known_prefixes.begin(),
                                            known_prefixes.end(),
                                            [&ns](const auto& entry) { return entry.first == ns; });
            prefixes_[ns] = known != known_prefixes.end() ? std::string(known->second)
                                                          : "n" + std::to_string(++count_);
        }
    }

    void declare(std::string& out) const {
        if (!default_.empty())
            out.append(" xmlns=\"").append(escape_xml_attribute(default_)).append("\"");
        for (const std::string& ns : order_) {
            const auto prefix = prefixes_.find(ns);
            if (prefix == prefixes_.end()) continue;
            out.append(" xmlns:")
                .append(prefix->second)
                .append("=\"")
                .append(escape_xml_attribute(ns))
                .append("\"");
        }
    }

    [[nodiscard]] std::string element(const Node& node) const {
        return node.ns.empty() || node.ns == default_ ? node.name
                                                      : prefixes_.at(node.ns) + ":" + node.name;
    }

    [[nodiscard]] std::string attribute(const NodeAttribute& attribute) const {
        if (attribute.ns.empty()) return attribute.name;
        if (attribute.ns == xml_namespace) return "xml:" + attribute.name;
        return prefixes_.at(attribute.ns) + ":" + attribute.name;
    }

private:
    void visit(const Node& node, bool& plain) {
        if (node.ns.empty()) {
            plain = true;
        } else {
            elements_.insert(node.ns);
            note(node.ns);
        }
        for (const NodeAttribute& attribute : node.attributes) {
            if (attribute.ns.empty() || attribute.ns == xml_namespace) continue;
            attributes_.insert(attribute.ns);
            note(attribute.ns);
        }
        for (const Node& child : node.children)
            visit(child, plain);
    }

    void note(const std::string& ns) {
        if (std::find(order_.begin(), order_.end(), ns) == order_.end()) order_.push_back(ns);
    }

    std::vector<std::string> order_;
    std::set<std::string> elements_, attributes_;
    std::map<std::string, std::string> prefixes_;
    std::string default_;
    int count_ = 0;
};

class Writer {
public:
    Writer(const Node& root, const NativeSchema& schema) : schema_(schema), namespaces_(root) {}

    Writing write(const Node& root) {
        out_ = "<?xml version=\"1.0\" encoding=\"";
        out_.append(name_of(schema_.encoding())).append("\"?>\n");
        element(root, "/" + root.name, true);
        finish(writing_, std::move(out_), schema_);
        return std::move(writing_);
    }

private:
    void element(const Node& node, const std::string& path, bool root) {
        const std::string name = namespaces_.element(node);
        out_.append("<").append(name);
        if (root) namespaces_.declare(out_);
        for (const NodeAttribute& attribute : node.attributes) {
            check(attribute.value, path + "/@" + attribute.name);
            out_.append(" ").append(namespaces_.attribute(attribute)).append("=\"");
            out_.append(escape_xml_attribute(attribute.value)).append("\"");
        }
        if (node.text.empty() && node.children.empty()) {
            out_ += "/>";
            return;
        }
        out_ += '>';
        check(node.text, path);
        out_ += escape_xml_text(node.text);
        for (const Node& child : node.children)
            element(child, path + "/" + child.name, false);
        out_.append("</").append(name).append(">");
    }

    void check(std::string_view text, const std::string& path) {
        if (carries_xml(text)) return;
        writing_.findings.push_back(write_finding(
            schema_,
            "encode.character",
            path,
            "有 XML 不允许的控制字符，未送出；请映射负责人在映射中清除。",
            "A control character that XML does not allow; the mapping must remove it."));
    }

    const NativeSchema& schema_;
    Namespaces namespaces_;
    Writing writing_;
    std::string out_;
};

}  // namespace

Writing write_xml(const Node& root, const NativeSchema& schema) {
    return Writer(root, schema).write(root);
}

}  // namespace tongban::mapping
