#include "hub/cases/internal/cause_queue.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace tongban::cases::internal {
namespace {

constexpr std::size_t reserved_every = 10;

std::optional<Post> take_first(std::deque<Post>& posts,
                               const std::function<bool(const Post&)>& busy) {
    std::unordered_set<std::int64_t>
        passed;  // cases whose earlier cause must wait: the later ones too
    for (auto post = posts.begin(); post != posts.end(); ++post) {
        if (passed.contains(post->case_id) || busy(*post)) {
            if (post->case_id != 0) passed.insert(post->case_id);
            continue;
        }
        Post taken = std::move(*post);
        posts.erase(post);
        return taken;
    }
    return std::nullopt;
}

}  // namespace

// Usually 0, 1, 2, 3. Every tenth time one of the later is first, each in its turn, so that none of
// them waits for ever while the first has enough to do.
std::array<std::size_t, 4> CauseQueue::Share::order() const {
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    if ((taken_ + 1) % reserved_every != 0) return order;
    const std::size_t round = taken_ / reserved_every % 3;
    for (std::size_t i = 0; i < 3; ++i)
        order.at(i) = 3 - (round + i) % 3;
    order.back() = 0;
    return order;
}

void CauseQueue::put(std::size_t kind, Post post) {
    Class& one = classes_.at(std::min(kind, classes - 1));
    std::size_t rank = std::min(static_cast<std::size_t>(std::max(post.rank, 0)), ranks - 1);
    if (post.case_id != 0) {
        Waiting& waiting = one.cases.try_emplace(post.case_id, Waiting{rank, 0}).first->second;
        rank = waiting.rank;
        ++waiting.count;
    }
    std::string member = post.turn;
    one.by_rank.at(rank).members[std::move(member)].push_back(std::move(post));
    ++size_;
}

void CauseQueue::put_back(Post post) {
    first_.push_back(std::move(post));
}

std::optional<Post> CauseQueue::take_from(Turns& turns, const Busy& busy) {
    auto at = turns.members.upper_bound(turns.last);
    for (std::size_t i = 0; i < turns.members.size(); ++i, ++at) {
        if (at == turns.members.end()) at = turns.members.begin();
        std::optional<Post> post = take_first(at->second, busy);
        if (!post) continue;
        turns.last = at->first;
        if (at->second.empty()) turns.members.erase(at);
        return post;
    }
    return std::nullopt;
}

std::optional<Post> CauseQueue::take_from(Class& one, const Busy& busy) {
    for (const std::size_t rank : one.share.order()) {
        std::optional<Post> post = take_from(one.by_rank.at(rank), busy);
        if (!post) continue;
        one.share.taken();
        const auto waiting = one.cases.find(post->case_id);
        if (waiting != one.cases.end() && --waiting->second.count == 0) one.cases.erase(waiting);
        return post;
    }
    return std::nullopt;
}

std::optional<Post> CauseQueue::take(const Busy& busy) {
    if (std::optional<Post> post = take_first(first_, busy)) return post;
    if (size_ == 0) return std::nullopt;
    for (const std::size_t kind : share_.order()) {
        std::optional<Post> post = take_from(classes_.at(kind), busy);
        if (!post) continue;
        share_.taken();
        --size_;
        return post;
    }
    return std::nullopt;
}

}  // namespace tongban::cases::internal
