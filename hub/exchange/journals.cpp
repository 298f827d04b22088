#include "hub/exchange/journals.h"

namespace tongban::exchange {

namespace {
constexpr std::size_t remembered = 64;
}

Journals::Seen Journals::load(const std::string& member) {
    Seen seen;
    const Result<std::optional<store::JournalHeadRow>> row = store_.journal_head(member);
    if (row && *row) {
        seen.newest = {(*row)->number, (*row)->hash};
        seen.newest_ms = (*row)->seen_ms;
        seen.durable = (*row)->number;
        seen.polled = (*row)->number;
        seen.recent[(*row)->number] = (*row)->hash;
    }
    return seen;
}

Reply<Done> Journals::note(const std::string& member,
                           const JournalHead& head,
                           Message message,
                           Instant now) {
    const bool known = seen_.lock()->contains(member);
    if (!known) {
        Seen loaded = load(member);
        seen_.lock()->try_emplace(member, std::move(loaded));
    }
    auto all = seen_.lock();
    Seen& seen = (*all)[member];
    if (head.number > 0) {
        const auto same = seen.recent.find(head.number);
        if (same != seen.recent.end() && same->second != head.hash)
            return refusal("journal.forked", "journal");
    }
    if (message == Message::poll) {
        if (head.number < seen.polled) return refusal("journal.regressed", "journal");
        seen.polled = head.number;
    }
    if (head.number > 0) {
        seen.recent[head.number] = head.hash;
        if (seen.recent.size() > remembered) seen.recent.erase(seen.recent.begin());
    }
    if (head.number > seen.newest.number) {
        seen.newest = head;
        seen.newest_ms = now.ms;
    }
    return Done{};
}

std::optional<store::PutJournalHead> Journals::unsaved(const std::string& member) {
    auto all = seen_.lock();
    const auto found = all->find(member);
    if (found == all->end() || found->second.newest.number <= found->second.durable)
        return std::nullopt;
    const Seen& seen = found->second;
    return store::PutJournalHead{{member, seen.newest.number, seen.newest.hash, seen.newest_ms}};
}

void Journals::saved(const std::string& member, std::int64_t number) {
    auto all = seen_.lock();
    const auto found = all->find(member);
    if (found != all->end() && found->second.durable < number) found->second.durable = number;
}

JournalHead Journals::newest(const std::string& member) {
    auto all = seen_.lock();
    const auto found = all->find(member);
    return found == all->end() ? JournalHead{} : found->second.newest;
}

}  // namespace tongban::exchange
