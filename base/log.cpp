#include "base/log.h"

#include <chrono>
#include <memory>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/text.h"
#include "base/time.h"

namespace tongban::log {
namespace {

struct Logger {
    std::string program = "tongban";
    spdlog::logger sink{"", std::make_shared<spdlog::sinks::stderr_sink_mt>()};

    Logger() {
        sink.set_pattern("%v");
        sink.set_level(spdlog::level::info);
        sink.flush_on(spdlog::level::trace);
    }
};

// Never destroyed: a thread may still log while statics are.
Logger& logger() {
    static Logger& only = *new Logger;
    return only;
}

spdlog::level::level_enum native(Level level) {
    switch (level) {
        case Level::error:
            return spdlog::level::err;
        case Level::warn:
            return spdlog::level::warn;
        case Level::info:
            return spdlog::level::info;
        case Level::debug:
            return spdlog::level::debug;
    }
    return spdlog::level::info;
}

std::string_view word_for(Level level) {
    switch (level) {
        case Level::error:
            return "error";
        case Level::warn:
            return "warn";
        case Level::info:
            return "info";
        case Level::debug:
            return "debug";
    }
    return "";
}

bool is_plain(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '=' || c == '\\') return false;
    }
    return true;
}

// One event is one line whatever a field holds: control characters, line separators and bytes that
// are not UTF-8 are written as escapes.
void append_quoted(std::string_view text, std::string& out) {
    const bool valid = invalid_utf8(text) == std::string_view::npos;
    out += '"';
    for (const char32_t point :
         valid ? code_points(text) : std::u32string(text.begin(), text.end())) {
        const char32_t c = valid ? point : point & 0xFFU;
        const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (control || (!valid && c >= 0x80)) {
            const char bytes[] = {static_cast<char>(c >> 8U), static_cast<char>(c & 0xFFU)};
            out += c < 0x100 ? "\\x" + hex(std::string_view(bytes + 1, 1))
                             : "\\u" + hex(std::string_view(bytes, 2));
        } else {
            out += to_utf8(std::u32string_view(&c, 1));
        }
    }
    out += '"';
}

void append_field(std::string_view key, std::string_view text, std::string& out) {
    if (!out.empty()) out += ' ';
    for (const char c : key) {
        const bool fit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '.';
        out += fit ? c : '_';
    }
    out += '=';
    if (is_plain(text))
        out += text;
    else
        append_quoted(text, out);
}

}  // namespace

void start(Level level, std::string_view program) {
    logger().program = program;
    logger().sink.set_level(native(level));
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
    Logger& to = logger();
    if (!to.sink.should_log(native(level))) return;
    std::string line;
    append_field("time", iso(SystemClock().now()), line);
    append_field("level", word_for(level), line);
    append_field("program", to.program, line);
    append_field("event", event, line);
    for (const Field& field : fields)
        append_field(field.key, field.text, line);
    to.sink.log(native(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace tongban::log
