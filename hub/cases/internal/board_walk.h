// BoardWalk: a list of cases as pages of the store's boards: the open ones by their due day, then
// the closed. What only the sealed state tells (the light of a step, the status) is looked at row
// by row, at most `most_rows` a page: a page may be short and still have a next.
//
// The place of a page, "<open>.<due>.<case id>", outlives what happens to the case that ended it.
//
// Threads: one thread, its owner's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/time.h"
#include "hub/exchange/case_desk.h"
#include "hub/store/case_rows.h"

namespace tongban::cases::internal {

bool fits(const exchange::CaseSummary& summary, const exchange::CaseQuery& query);

class BoardWalk {
public:
    static constexpr std::size_t most_rows = 2'000;
    static constexpr std::size_t rows_a_read = 100;

    // Nothing: `after` is no place.
    static std::optional<BoardWalk> of(const exchange::CaseQuery& query, Instant now);
    void only_of(const std::string& member) { board_.member = member; }

    [[nodiscard]] bool over() const { return exhausted_ || looked_at_ >= most_rows; }
    [[nodiscard]] bool exhausted() const { return exhausted_; }
    [[nodiscard]] const store::BoardQuery& next() const { return board_; }
    // False: it was passed already. Each read sees the board as it is then: a case that closed
    // since, or got another due day, comes a second time.
    bool passed(const store::CaseRow& row);
    void end_of_rows(std::size_t read);
    [[nodiscard]] std::string place() const;

private:
    store::BoardQuery board_;
    bool closed_too_ = true;
    bool exhausted_ = false;
    std::size_t looked_at_ = 0;
    std::unordered_set<std::int64_t> passed_;
};

}  // namespace tongban::cases::internal
