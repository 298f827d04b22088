#include "base/json.h"

#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json_text.h"
#include "base/text.h"

namespace tongban {
namespace {

// nlohmann's SAX events carry no position; this iterator tells how far its lexer has read.
class CountedByte {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountedByte(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
    reference operator*() const { return *at_; }
    CountedByte& operator++() {
        *furthest_ = ++at_;
        return *this;
    }
    bool operator==(const CountedByte& other) const { return at_ == other.at_; }
    bool operator!=(const CountedByte& other) const { return at_ != other.at_; }

private:
    const char* at_;
    const char** furthest_;
};

class TreeBuilder final : public nlohmann::json_sax<Json> {
public:
    explicit TreeBuilder(std::size_t max_depth) : max_depth_(max_depth) {}

    bool null() override { return place(Json(nullptr)); }
    bool boolean(bool value) override { return place(Json(value)); }
    bool number_integer(std::int64_t value) override { return place(Json(value)); }
    bool number_unsigned(std::uint64_t value) override { return place(Json(value)); }
    bool number_float(double value, const std::string&) override { return place(Json(value)); }
    bool string(std::string& value) override { return place(Json(std::move(value))); }
    bool binary(Json::binary_t&) override { return refuse("binary values are not JSON"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        if (open_.back()->contains(name)) return refuse("a member stands twice in one object");
        name_ = std::move(name);
        return true;
    }

    // The library's message quotes the input, so it stays behind.
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
        return refuse("is not JSON here");
    }

    Json take() { return std::move(root_); }
    [[nodiscard]] const std::string& reason() const { return reason_; }

private:
    bool refuse(std::string reason) {
        if (reason_.empty()) reason_ = std::move(reason);
        return false;
    }
    Json* put(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        Json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[name_] = std::move(value));
    }
    bool place(Json value) {
        put(std::move(value));
        return true;
    }
    bool open(Json value) {
        if (open_.size() >= max_depth_)
            return refuse("is nested deeper than " + std::to_string(max_depth_));
        open_.push_back(put(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::size_t max_depth_;
    Json root_;
    std::vector<Json*>
        open_;  // a parent does not change while its child is open, so these stay valid
    std::string name_;
    std::string reason_;
};

std::string place_of(std::string_view text, std::size_t offset) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (const char c : text.substr(0, offset)) {
        column = c == '\n' ? 1 : column + 1;
        line += c == '\n' ? 1 : 0;
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

void append_canonical_string(std::string_view value, std::string& out) {
    TONGBAN_CHECK(invalid_utf8(value) == std::string_view::npos, "json.canonical_utf8");
    internal::append_json_string(value, out);
}

void append_canonical_integer(const Json& value, std::string& out) {
    static constexpr std::int64_t exact = std::int64_t{1}
                                          << 53U;  // beyond it other readers lose digits
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        TONGBAN_CHECK(number <= static_cast<std::uint64_t>(exact), "json.canonical_integer_range");
        out += std::to_string(number);
        return;
    }
    const auto number = value.get<std::int64_t>();
    TONGBAN_CHECK(number >= -exact && number <= exact, "json.canonical_integer_range");
    out += std::to_string(number);
}

void append_canonical(const Json& value, std::string& out) {
    switch (value.type()) {
        case Json::value_t::null:
            out += "null";
            return;
        case Json::value_t::boolean:
            out += value.get<bool>() ? "true" : "false";
            return;
        case Json::value_t::string:
            append_canonical_string(value.get_ref<const std::string&>(), out);
            return;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
            append_canonical_integer(value, out);
            return;
        case Json::value_t::array: {
            char before = '[';
            for (const Json& item : value) {
                out += std::exchange(before, ',');
                append_canonical(item, out);
            }
            out += value.empty() ? "[]" : "]";
            return;
        }
        case Json::value_t::object: {
            char before = '{';
            // The map is sorted by bytes, which for ASCII is RFC 8785's order by UTF-16 units.
            for (const auto& [name, item] : value.items()) {
                for (const char c : name)
                    TONGBAN_CHECK(static_cast<unsigned char>(c) < 0x80,
                                  "json.canonical_ascii_name");
                out += std::exchange(before, ',');
                append_canonical_string(name, out);
                out += ':';
                append_canonical(item, out);
            }
            out += value.empty() ? "{}" : "}";
            return;
        }
        case Json::value_t::number_float:
        case Json::value_t::binary:
        case Json::value_t::discarded:
            TONGBAN_CHECK(false, "json.canonical_kind");
    }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t max_depth) {
    // The lexer takes a NUL for the end of the text and would not see what follows it.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        return Fault{FaultKind::malformed, place_of(text, nul), "is not JSON here"};
    TreeBuilder builder(max_depth);
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* furthest = begin;
    const bool parsed =
        Json::sax_parse(CountedByte(begin, &furthest), CountedByte(end, &furthest), &builder);
    if (!parsed) {
        // The lexer has read the byte it objects to, so the place is one before how far it came.
        const auto read = static_cast<std::size_t>(furthest - begin);
        return Fault{
            FaultKind::malformed, place_of(text, read == 0 ? 0 : read - 1), builder.reason()};
    }
    return builder.take();
}

std::string canonical_json(const Json& value) {
    std::string out;
    append_canonical(value, out);
    return out;
}

}  // namespace tongban
