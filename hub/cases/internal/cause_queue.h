// CauseQueue: what waits to move a case, in four classes by what it is, in each class by the
// priority of its case, and among equals the members in turns, so that what one sends in bulk does
// not delay another. Of the classes and of the priorities alike one place in ten goes round those
// that come later, so that nothing starves. What one member says of one case keeps its order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
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
    std::string turn;          // whose turn it takes: who sent it, answered, or owns the case
    std::int32_t rank = 2;     // priority of the case: 0 urgent ... 3 low
    Cause cause;
    Heard heard;  // null: nobody waits
    std::int32_t tries = 0;
};

class CauseQueue {
public:
    static constexpr std::size_t classes = 4;
    static constexpr std::size_t ranks = 4;

    void put(std::size_t kind, Post post);
    void put_back(Post post);  // it is the next of its case again
    // The next whose case is not among `busy`; nothing when there is none.
    std::optional<Post> take(const std::function<bool(const Post&)>& busy);
    [[nodiscard]] std::size_t size() const { return size_ + first_.size(); }

private:
    using Busy = std::function<bool(const Post&)>;

    // The order in which four queues are tried: the first comes first, but for one place in ten.
    class Share {
    public:
        [[nodiscard]] std::array<std::size_t, 4> order() const;
        void taken() { ++taken_; }

    private:
        std::size_t taken_ = 0;
    };
    struct Turns {
        std::map<std::string, std::deque<Post>> members;
        std::string last;  // whose turn it was
    };
    struct Waiting {  // of a case in a class: what came later stays behind what came before
        std::size_t rank = 0;
        std::size_t count = 0;
    };
    struct Class {
        std::array<Turns, ranks> by_rank;
        Share share;
        std::unordered_map<std::int64_t, Waiting> cases;
    };
    static std::optional<Post> take_from(Turns& turns, const Busy& busy);
    static std::optional<Post> take_from(Class& one, const Busy& busy);

    std::array<Class, classes> classes_;
    Share share_;
    std::deque<Post> first_;
    std::size_t size_ = 0;
};

}  // namespace tongban::cases::internal
