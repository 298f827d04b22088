#include "connectors/sandbox/misconduct.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"

using std::literals::string_view_literals::operator""sv;

namespace tongban::sandbox {

namespace {

std::string in_the_other_encoding(const std::string& bytes) {
    const bool utf8 = invalid_utf8(bytes) == std::string::npos;
    Result<std::string> other = utf8 ? utf8_to_gb18030(bytes) : gb18030_to_utf8(bytes);
    return other ? *std::move(other) : bytes;
}

}  // namespace

Misconduct::Misconduct(std::string data_folder)
    : file_(std::move(data_folder) + "/misbehave.json") {}

Conduct Misconduct::next(std::string_view kind, const std::string& message) {
    {
        auto seen = seen_.lock();
        const auto before = seen->stuck.find(message);
        if (before != seen->stuck.end()) return before->second;
    }
    return read(true, kind, message);
}
Conduct Misconduct::now() {
    return read(false, "", "");
}

Conduct Misconduct::read(bool count, std::string_view kind, const std::string& message) {
    const Result<std::string> text = read_file(file_, 1U << 16U);
    if (!text) return {};
    const Result<Json> json = parse_json(*text);
    if (!json || !json->is_object()) return {};
    const auto only = json->find("only");
    if (only != json->end() && std::ranges::find(*only, Json(kind)) == only->end()) return {};
    auto seen = seen_.lock();
    if (seen->text != *text) {
        seen->text = *text;
        seen->used = 0;
    }
    const std::int64_t times = json->value("times", std::numeric_limits<std::int64_t>::max());
    if (seen->used >= times) return {};
    if (count) ++seen->used;
    Conduct conduct;
    conduct.mode = json->value("mode", std::string("none"));
    conduct.delay_ms = json->value("delay_ms", std::int64_t{0});
    if (const auto body = json->find("body_file"); body != json->end() && body->is_string()) {
        Result<std::string> bytes = read_file(body->get<std::string>(), 512ULL << 20U);
        conduct.has_body = bytes.ok();
        if (bytes) conduct.body = *std::move(bytes);
    }
    if (!message.empty() && json->value("sticks", false)) seen->stuck[message] = conduct;
    return conduct;
}

void Misconduct::pause(const Conduct& conduct) {
    if (conduct.delay_ms > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(conduct.delay_ms));
}

std::string misbehaved(const Conduct& conduct, std::string bytes) {
    if (conduct.has_body) return conduct.body;
    if (conduct.is("garbage")) return std::string("\x00\xFF\xFE garbage \x01\x02 {<"sv);
    if (conduct.is("twice")) return bytes + bytes;
    if (conduct.is("truncated")) return bytes.substr(0, bytes.size() / 2);
    if (conduct.is("wrong_encoding")) return in_the_other_encoding(bytes);
    return bytes;
}

}  // namespace tongban::sandbox
