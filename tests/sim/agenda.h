// The agenda of a run: what happens when, in virtual time; equal times in the order they were made.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/time.h"

namespace tongban::sim {

class Agenda final : public Clock {
public:
    explicit Agenda(Instant start) : now_(start) {}

    void at(std::int64_t ms, std::function<void()> what) {
        events_.emplace(std::pair(std::max(ms, now_.ms), ++made_), std::move(what));
    }
    void after(std::int64_t ms, std::function<void()> what) { at(now_.ms + ms, std::move(what)); }

    [[nodiscard]] std::optional<std::int64_t> next() const {
        if (events_.empty()) return std::nullopt;
        return events_.begin()->first.first;
    }
    bool step() {  // the next event; false: there is none
        if (events_.empty()) return false;
        const auto first = events_.begin();
        move_to(first->first.first);
        const std::function<void()> what = std::move(first->second);
        events_.erase(first);
        what();
        return true;
    }
    void move_to(std::int64_t ms) { now_.ms = std::max(now_.ms, ms); }

    [[nodiscard]] Instant now() const override { return {now_.ms + skew}; }  // the wall's
    [[nodiscard]] std::int64_t truth() const { return now_.ms; }

    std::int64_t skew = 0;  // of the wall clock

private:
    Instant now_;
    std::uint64_t made_ = 0;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace tongban::sim
