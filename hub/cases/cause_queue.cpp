#include "hub/cases/internal/cause_queue.h"

#include <algorithm>
#include <utility>

namespace tongban::cases::internal {
namespace {

constexpr std::size_t lowest_every = 10;

std::optional<Post> take_first(std::deque<Post>& posts,
                               const std::function<bool(const Post&)>& busy) {
    std::vector<std::int64_t> passed;  // cases whose earlier cause must wait: the later ones too
    for (auto post = posts.begin(); post != posts.end(); ++post) {
        const bool behind = post->case_id != 0 &&
                            std::find(passed.begin(), passed.end(), post->case_id) != passed.end();
        if (behind || busy(*post)) {
            passed.push_back(post->case_id);
            continue;
        }
        Post taken = std::move(*post);
        posts.erase(post);
        return taken;
    }
    return std::nullopt;
}

}  // namespace

void CauseQueue::put(std::size_t priority, Post post) {
    Class& one = classes_.at(std::min(priority, classes - 1));
    std::string member = post.cause.actor;
    one.members[std::move(member)].push_back(std::move(post));
    ++size_;
}

void CauseQueue::put_back(Post post) {
    first_.push_back(std::move(post));
}

std::optional<Post> CauseQueue::take_from(Class& one,
                                          const std::function<bool(const Post&)>& busy) {
    auto at = one.members.upper_bound(one.last);
    for (std::size_t i = 0; i < one.members.size(); ++i, ++at) {
        if (at == one.members.end()) at = one.members.begin();
        std::optional<Post> post = take_first(at->second, busy);
        if (!post) continue;
        one.last = at->first;
        if (at->second.empty()) one.members.erase(at);
        --size_;
        return post;
    }
    return std::nullopt;
}

std::optional<Post> CauseQueue::take(const std::function<bool(const Post&)>& busy) {
    if (std::optional<Post> post = take_first(first_, busy)) return post;
    if (size_ == 0) return std::nullopt;
    ++taken_;
    const bool lowest = taken_ % lowest_every == 0;
    for (std::size_t i = 0; i < classes; ++i) {
        Class& one = classes_.at(lowest ? classes - 1 - i : i);
        if (std::optional<Post> post = take_from(one, busy)) return post;
    }
    return std::nullopt;
}

}  // namespace tongban::cases::internal
