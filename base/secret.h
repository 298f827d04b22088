// Secret: bytes that are wiped when they are no longer needed, and that nothing prints by accident.
//
// Threads: one thread, or unchanging.
// Faults:  none.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tongban {

void wipe(std::string& bytes);  // overwrites, in a way the compiler keeps, then empties

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string bytes);  // pass an rvalue: a copy left behind would not be wiped
    ~Secret() { wipe(bytes_); }
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] std::string_view reveal() const { return bytes_; }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    [[nodiscard]] bool equals(std::string_view other) const;  // in constant time

private:
    std::string bytes_;
};

}  // namespace tongban
