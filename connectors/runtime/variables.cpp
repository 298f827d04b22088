#include "connectors/runtime/variables.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
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

// Index of the brace that closes the one before `at`, nested ones counted; npos when none does.
std::size_t closing_brace(std::string_view text, std::size_t at) {
    int open = 1;
    for (; at < text.size() && text[at] != '\n'; ++at) {
        if (text[at] == '{') ++open;
        if (text[at] == '}' && --open == 0) return at;
    }
    return std::string_view::npos;
}

class Expansion {
public:
    Expansion(const Variables& variables, const std::string& file)
        : variables_(variables), file_(file) {}

    std::string text(std::string_view source) {
        std::string result;
        for (std::size_t at = 0; at < source.size();) {
            const auto end = source.substr(at, 2) == "${" ? closing_brace(source, at + 2)
                                                          : std::string_view::npos;
            if (end == std::string_view::npos) {
                if (source[at] == '\n') ++line_;
                result.push_back(source[at++]);
                continue;
            }
            // A comment may speak of variables: `${NAME}` there is words.
            const auto line_start = source.rfind('\n', at) + 1;
            const bool comment = trim(source.substr(line_start, at - line_start)).starts_with('#');
            result += comment ? std::string(source.substr(at, end + 1 - at))
                              : value(source.substr(at + 2, end - at - 2));
            at = end + 1;
        }
        return result;
    }
    void check() {
        if (!faults_.empty()) throw ConfigError(std::move(faults_));
    }

private:
    std::string value(std::string_view inside) {
        const auto fallback = inside.find(":-");
        const std::string name(inside.substr(0, fallback));
        const auto given = variables_.find(name);
        if (!is_name(name)) {
            fault("expected ${NAME} in capitals");
        } else if (given != variables_.end()) {
            if (!keeps_the_files_shape(given->second)) {
                fault("the value of ${" + name + "} holds a character that YAML would read");
            }
            return given->second;
        } else if (fallback != std::string_view::npos) {
            return text(inside.substr(fallback + 2));
        } else {
            fault("no value given for ${" + name + "}");
        }
        return "";
    }
    void fault(std::string message) { faults_.push_back({file_, line_, 1, std::move(message)}); }

    const Variables& variables_;
    const std::string& file_;
    int line_ = 1;
    std::vector<ConfigFault> faults_;
};

}  // namespace

std::string expand_variables(std::string_view text,
                             const Variables& variables,
                             const std::string& file) {
    Expansion expansion(variables, file);
    std::string result = expansion.text(text);
    expansion.check();
    return result;
}

}  // namespace tongban::connectors
