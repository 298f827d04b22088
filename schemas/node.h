// Node: a native record as a tree, whatever its format: an XML element, a JSON value, a row of a
// database view.
//
// XML: name and ns of the element, attributes, text (concatenated runs), children in order.
// JSON: an object's members are children by name; an array member repeats its name, one child an
// item, kind tells. Rows: root "rows", a child "row" each, a child each column (kind null: SQL
// NULL).
//
// Threads: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tongban::schemas {

enum class NodeKind { element, object, array_item, string, number, boolean, null };

struct NodeAttribute {
    std::string name;
    std::string ns;
    std::string value;
};

struct Node {
    std::string name;
    std::string ns;
    NodeKind kind = NodeKind::element;
    std::string text;  // XML text; JSON string; number and boolean as written
    std::vector<NodeAttribute> attributes;
    std::vector<Node> children;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool in_array = false;  // JSON: this child is an item of the array named `name`

    [[nodiscard]] const Node* child(std::string_view child_name) const;
    [[nodiscard]] const NodeAttribute* attribute(std::string_view attribute_name) const;
};

}  // namespace tongban::schemas
