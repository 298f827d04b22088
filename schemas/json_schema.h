// JsonSchema: a JSON Schema (draft 7), compiled once, that tells every violation with the pointer
// of the value.
//
// valijson checks structure; patterns and dates are ours, because its std::regex is exponential,
// recursive and counts bytes: patterns run in RE2 (linear time, UTF-8), `format: date` means a real
// date. A keyword that we would check otherwise than draft 7 says is refused when the file is
// loaded, never ignored: see docs/formats/native-schema.md.
//
// Threads: immutable; safe from any thread.
// Faults:  JsonProblem values; load throws ConfigError.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace tongban::schemas {

struct JsonProblem {
    std::string code;  // "json_schema.type" "json_schema.missing" "json_schema.pattern" ...
    std::vector<std::string>
        tokens;          // member names and array indexes from the root: RFC 6901, not escaped
    std::string member;  // the missing or unexpected member's name, or ""; the place is its parent
    std::string zh;      // never the value
    std::string en;
};

class JsonSchema {
public:
    static std::unique_ptr<const JsonSchema> load(const std::string& path);
    static std::unique_ptr<const JsonSchema> from_text(std::string_view text,
                                                       const std::string& name);
    ~JsonSchema();
    JsonSchema(const JsonSchema&) = delete;
    JsonSchema& operator=(const JsonSchema&) = delete;

    // At most `limit` problems, in document order as far as valijson walks it.
    [[nodiscard]] std::vector<JsonProblem> check(const nlohmann::json& value,
                                                 std::size_t limit = 200) const;

private:
    struct State;
    explicit JsonSchema(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::schemas
