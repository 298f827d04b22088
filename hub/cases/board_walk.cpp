#include "hub/cases/internal/board_walk.h"

#include <charconv>
#include <string_view>

namespace tongban::cases::internal {

namespace {

struct Place {
    bool open = true;
    std::int64_t due_ms = 0;
    std::int64_t case_id = 0;
};

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

std::optional<Place> place_of(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto open = number_of(text.substr(0, first));
    const auto due = number_of(text.substr(first + 1, second - first - 1));
    const auto id = number_of(text.substr(second + 1));
    if (!open || *open > 1 || !due || !id) return std::nullopt;
    return Place{*open == 1, *due, *id};
}

bool only_closed(const exchange::CaseQuery& query) {
    return query.status == "done" || query.status == "cancelled";
}

}  // namespace

bool fits(const exchange::CaseSummary& summary, const exchange::CaseQuery& query) {
    return (query.state.empty() || query.state == summary.state) &&
           (query.status.empty() || query.status == summary.status) &&
           (query.light.empty() || query.light == summary.light) &&
           (query.item.empty() || query.item == summary.item ||
            query.item == summary.item.substr(0, summary.item.rfind('@')));
}

std::optional<BoardWalk> BoardWalk::of(const exchange::CaseQuery& query, Instant now) {
    BoardWalk walk;
    store::BoardQuery& board = walk.board_;
    board.owner = query.member;
    board.hall = query.hall;
    board.item = query.item.substr(0, query.item.rfind('@'));
    board.attribute = query.attribute;
    board.value = query.value;
    board.now_ms = now.ms;
    board.limit = rows_a_read;
    board.open = !only_closed(query);
    walk.closed_too_ = query.status.empty() || only_closed(query);
    if (query.after.empty()) return walk;
    const std::optional<Place> place = place_of(query.after);
    if (!place) return std::nullopt;
    board.open = place->open;
    board.after_due_ms = place->due_ms;
    board.after_case_id = place->case_id;
    return walk;
}

bool BoardWalk::passed(const store::CaseRow& row) {
    board_.after_due_ms = row.due_ms;
    board_.after_case_id = row.case_id;
    ++looked_at_;
    return passed_.insert(row.case_id).second;
}

void BoardWalk::end_of_rows(std::size_t read) {
    if (read == rows_a_read) return;
    if (!board_.open || !closed_too_) {
        exhausted_ = true;
        return;
    }
    board_.open = false;
    board_.after_due_ms = 0;
    board_.after_case_id = 0;
}

std::string BoardWalk::place() const {
    return std::string(board_.open ? "1" : "0") + "." + std::to_string(board_.after_due_ms) + "." +
           std::to_string(board_.after_case_id);
}

}  // namespace tongban::cases::internal
