#include "connectors/runtime/variables.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/yaml.h"

namespace tongban::connectors {
namespace {

// A value stands where the file's author wrote a plain or quoted scalar; it must stay one.
bool keeps_the_files_shape(std::string_view value) {
    return value.find_first_of("\"'\\\n\r\t{}[]&*!|>%`") == std::string_view::npos &&
           value.find(": ") == std::string_view::npos && value.find(" #") == std::string_view::npos;
}

bool is_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

}  // namespace

std::string expand_variables(std::string_view text, const Variables& variables, const std::string& file) {
    std::string result;
    std::vector<ConfigFault> faults;
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.substr(at, 2) == "${" ? text.find('}', at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            if (text[at] == '\n') ++line;
            result.push_back(text[at++]);
            continue;
        }
        const std::string_view inside = text.substr(at + 2, end - at - 2);
        const auto has_default = inside.find(":-");
        const std::string name(inside.substr(0, has_default));
        const auto given = variables.find(name);
        std::string value;
        if (!is_name(name)) {
            faults.push_back({file, line, 0, "expected ${NAME} in capitals"});
        } else if (given != variables.end()) {
            value = given->second;
        } else if (has_default != std::string_view::npos) {
            value = std::string(inside.substr(has_default + 2));
        } else {
            faults.push_back({file, line, 0, "no value given for ${" + name + "}"});
        }
        if (!keeps_the_files_shape(value)) {
            faults.push_back({file, line, 0, "the value of ${" + name + "} holds a character that YAML would read"});
        }
        result += value;
        at = end + 1;
    }
    if (!faults.empty()) throw ConfigError(std::move(faults));
    return result;
}

}  // namespace tongban::connectors
