#include "schemas/grant.h"

#include <algorithm>

namespace tongban::schemas {

bool Grant::covers(std::string_view path) const {
    const auto above_or_equal = [path](const std::string& granted) {
        if (!path.starts_with(granted)) return false;
        return path.size() == granted.size() || path[granted.size()] == '.';
    };
    return std::any_of(fields_.begin(), fields_.end(), above_or_equal);
}

}  // namespace tongban::schemas
