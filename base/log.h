// Log: the operators' log (spdlog behind). One key=value line an event, UTC, to standard error.
// Never personal data: fields are ids, counts, kinds and paths; the audit log is another thing
// (hub/audit).
//
// Threads: safe from any thread. The logger is the one process-wide object.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tongban::log {

enum class Level { error, warn, info, debug };

struct Field {
    Field(std::string_view name, std::string_view value) : key(name), text(value) {}
    Field(std::string_view name, const char* value) : key(name), text(value) {}
    Field(std::string_view name, const std::string& value) : key(name), text(value) {}
    Field(std::string_view name, std::int64_t value) : key(name), text(std::to_string(value)) {}
    Field(std::string_view name, int value) : key(name), text(std::to_string(value)) {}
    Field(std::string_view name, std::size_t value) : key(name), text(std::to_string(value)) {}
    std::string key;
    std::string text;
};

void start(Level level, std::string_view program);  // before any thread
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
inline void error(std::string_view event, std::initializer_list<Field> f = {}) {
    write(Level::error, event, f);
}
inline void warn(std::string_view event, std::initializer_list<Field> f = {}) {
    write(Level::warn, event, f);
}
inline void info(std::string_view event, std::initializer_list<Field> f = {}) {
    write(Level::info, event, f);
}
inline void debug(std::string_view event, std::initializer_list<Field> f = {}) {
    write(Level::debug, event, f);
}

}  // namespace tongban::log
