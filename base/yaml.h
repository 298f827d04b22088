// Yaml: yaml-cpp, wrapped. Every value knows its line; unknown keys and wrong shapes are faults,
// all collected.
//
// How a loader reads a file:
//   YamlFile file(path);                         // throws ConfigError when it does not parse
//   YamlMap map = file.root().map({"id", "version", ...allowed keys});
//   auto id = map.text("id");                    // required; a fault is noted, "" returned
//   auto note = map.text_or("note", "");
//   for (YamlValue item : map.list("fields")) ...
//   file.check();                                // throws ConfigError with every fault noted so
//   far
//
// Threads: one thread.
// Faults:  ConfigError (exception; loaders run at start or reload, see style: cannot start), one
// line a fault:
//          "file:line:column: what was found, what was expected".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace tongban {

struct ConfigFault {
    std::string file;
    int line = 0;
    int column = 0;
    std::string message;
};

class ConfigError : public std::runtime_error {
public:
    explicit ConfigError(std::vector<ConfigFault> faults);
    [[nodiscard]] const std::vector<ConfigFault>& faults() const { return faults_; }

private:
    std::vector<ConfigFault> faults_;
};

class YamlMap;

class YamlValue {
public:
    struct Impl;
    explicit YamlValue(std::shared_ptr<Impl> impl);
    [[nodiscard]] bool exists() const;
    [[nodiscard]] bool is_text() const;  // a scalar
    [[nodiscard]] bool is_map() const;
    [[nodiscard]] bool is_list() const;
    [[nodiscard]] int line() const;
    [[nodiscard]] int column() const;
    [[nodiscard]] std::string text() const;  // scalar as written; notes a fault otherwise
    [[nodiscard]] std::int64_t integer() const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] Date date() const;  // ISO
    [[nodiscard]] YamlMap map(
        const std::vector<std::string_view>& allowed) const;  // other keys are noted as faults
    [[nodiscard]] YamlMap open_map() const;                   // any key
    [[nodiscard]] std::vector<YamlValue> list() const;
    [[nodiscard]] std::vector<std::string> texts() const;  // list of scalars
    [[nodiscard]] std::string dump_json()
        const;  // the value as JSON text (scalars: quoted = string, else typed)
    void fault(std::string message) const;  // notes a fault at this value's place
    void fault_at(int line, int column, std::string message) const;  // at a place within it

private:
    friend class YamlMap;
    std::shared_ptr<Impl> impl_;
};

class YamlMap {
public:
    explicit YamlMap(YamlValue self);
    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] YamlValue at(std::string_view key) const;    // notes a fault when missing
    [[nodiscard]] YamlValue find(std::string_view key) const;  // exists() == false when missing
    [[nodiscard]] std::vector<std::pair<std::string, YamlValue>> entries() const;  // in file order
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string text_or(std::string_view key, std::string_view fallback) const;
    [[nodiscard]] std::int64_t integer(std::string_view key) const;
    [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t fallback) const;
    [[nodiscard]] bool boolean_or(std::string_view key, bool fallback) const;
    [[nodiscard]] Date date(std::string_view key) const;
    [[nodiscard]] std::optional<Date> date_if(std::string_view key) const;
    [[nodiscard]] std::vector<YamlValue> list(std::string_view key) const;     // required
    [[nodiscard]] std::vector<YamlValue> list_if(std::string_view key) const;  // empty when missing
    [[nodiscard]] std::vector<std::string> texts_if(std::string_view key) const;
    [[nodiscard]] const YamlValue& self() const { return self_; }

private:
    YamlValue self_;
};

class YamlFile {
public:
    explicit YamlFile(const std::string& path);
    static YamlFile from_text(std::string text, std::string name);
    [[nodiscard]] const std::string& path() const;
    [[nodiscard]] const std::string& bytes() const;  // as read, for hashing
    [[nodiscard]] YamlValue root() const;
    void check() const;  // throws ConfigError when any fault was noted
    [[nodiscard]] const std::vector<ConfigFault>& faults() const;

private:
    YamlFile() = default;
    struct State;
    std::shared_ptr<State> state_;
    friend struct YamlValue::Impl;
};

}  // namespace tongban
