// Journals: the heads of the connectors' hash-chained journals as the hub has seen them.
//
// A head may only grow, and one number has one hash for ever. Messages of one connector may
// overtake each other, so a lower head in a request or completion is no fault; the long poll is one
// after the other, and must not go back.
//
// Threads: safe from any thread.
// Faults:  refusals journal.forked, journal.regressed.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/guarded.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"
#include "hub/store/store.h"

namespace tongban::exchange {

class Journals {
public:
    explicit Journals(store::Store& store) : store_(store) {}

    enum class Message { any, poll };
    Reply<Done> note(const std::string& member,
                     const JournalHead& head,
                     Message message,
                     Instant now);
    // The newest head of a member, for a batch; nothing when it is already durable.
    [[nodiscard]] std::optional<store::PutJournalHead> unsaved(const std::string& member);
    void saved(const std::string& member, std::int64_t number);
    [[nodiscard]] JournalHead newest(const std::string& member);

private:
    struct Seen {
        JournalHead newest;
        std::int64_t newest_ms = 0;
        std::int64_t polled = 0;  // number in the last poll
        std::int64_t durable = 0;
        std::map<std::int64_t, Digest> recent;  // by number, the last few
    };
    Seen load(const std::string& member);

    store::Store& store_;
    Guarded<std::map<std::string, Seen>> seen_;
};

}  // namespace tongban::exchange
