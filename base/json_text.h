// JsonText: JSON written straight to its text, without a tree in between: for what is written at
// every step and has its shape from us. Members stand in the order in which they are put.
//
// A name or a value that is put where JSON has no place for it is not noticed: the shape is the
// caller's.
//
// Threads: a value.
// Faults:  none; what is no UTF-8 in a text becomes U+FFFD.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tongban {

class JsonText {
public:
    JsonText& begin_object() { return open('{'); }
    JsonText& end_object() { return close('}'); }
    JsonText& begin_array() { return open('['); }
    JsonText& end_array() { return close(']'); }
    JsonText& name(std::string_view name);  // of the member whose value comes next

    JsonText& value(std::string_view text);
    JsonText& value(const char* text) { return value(std::string_view(text)); }
    JsonText& value(bool yes);
    template <std::signed_integral T>
    JsonText& value(T number) {
        return integer(number);
    }
    JsonText& null();

    // The whole text; the writer is empty again.
    std::string take() { return std::exchange(text_, {}); }

private:
    JsonText& open(char bracket);
    JsonText& close(char bracket);
    JsonText& integer(std::int64_t number);
    void separate();

    std::string text_;
};

namespace internal {

// Quoted, escaped as RFC 8785 has it. `text` is UTF-8.
void append_json_string(std::string_view text, std::string& out);

}  // namespace internal
}  // namespace tongban
