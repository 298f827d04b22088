#include "schemas/node.h"

namespace tongban::schemas {

const Node* Node::child(std::string_view child_name) const {
    for (const Node& node : children) {
        if (node.name == child_name) return &node;
    }
    return nullptr;
}

const NodeAttribute* Node::attribute(std::string_view attribute_name) const {
    for (const NodeAttribute& candidate : attributes) {
        if (candidate.name == attribute_name) return &candidate;
    }
    return nullptr;
}

}  // namespace tongban::schemas
