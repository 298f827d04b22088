// CauseQueue: what waits to move a case, in four classes; within a class the members take turns
// (deficit round robin: what one sends in bulk does not starve another), and one place in ten goes
// to the lowest class that waits. Order is kept within one case.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/cases/engine/cause.h"
#include "hub/cases/internal/case_batch.h"
#include "hub/exchange/intake.h"

namespace tongban::cases::internal {

struct Moved {  // what became of a cause
    std::int64_t case_id = 0;
    exchange::Reception reception = exchange::Reception::accepted;
    CaseState state;  // after it
    std::int64_t rev = 0;
};
using Heard = std::function<void(Result<Moved>)>;

struct Post {
    std::int64_t case_id = 0;  // 0: opens one
    std::string item;          // that it opens
    Cause cause;
    Heard heard;  // null: nobody waits
    std::int32_t tries = 0;
};

class CauseQueue {
public:
    static constexpr std::size_t classes = 4;

    void put(std::size_t priority, Post post);
    void put_back(Post post);  // it is the next of its case again
    // The next whose case is not among `busy`; nothing when there is none.
    std::optional<Post> take(const std::function<bool(const Post&)>& busy);
    [[nodiscard]] std::size_t size() const { return size_ + first_.size(); }

private:
    struct Class {
        std::map<std::string, std::deque<Post>> members;
        std::string last;  // whose turn it was
    };
    std::optional<Post> take_from(Class& one, const std::function<bool(const Post&)>& busy);

    std::array<Class, classes> classes_;
    std::deque<Post> first_;
    std::size_t size_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace tongban::cases::internal
