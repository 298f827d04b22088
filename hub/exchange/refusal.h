// Refusal: the one way in which the hub says no: a stable code, where, a sentence in Chinese and
// English, and when a retry could help. Reply<T>: a T or a Refusal.
//
// The sentences of all codes stand in one table (refusal.cpp), so that nobody writes a value into
// one.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"
#include "hub/policy/decide.h"

namespace tongban::exchange {

struct Refusal {
    std::string code;
    std::string where;
    std::string zh;
    std::string en;
    std::int64_t retry_after_ms = 0;
};

Refusal refusal(std::string_view code, std::string_view where, std::int64_t retry_after_ms = 0);
Refusal refusal_of(const policy::Denial& denial);
Refusal refusal_of(const Fault& fault);  // of our own store, log or queue

template <typename T>
class [[nodiscard]] Reply {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point
    Reply(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    // NOLINTNEXTLINE(google-explicit-constructor): `return refusal(...);` is the point
    Reply(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] const T& operator*() const& { return std::get<0>(state_); }
    [[nodiscard]] T& operator*() & { return std::get<0>(state_); }
    [[nodiscard]] T&& operator*() && { return std::get<0>(std::move(state_)); }
    [[nodiscard]] const T* operator->() const { return &std::get<0>(state_); }
    [[nodiscard]] T* operator->() { return &std::get<0>(state_); }
    [[nodiscard]] const Refusal& refusal() const& { return std::get<1>(state_); }
    [[nodiscard]] Refusal&& refusal() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Refusal> state_;
};

}  // namespace tongban::exchange
