#include "connectors/runtime/journal.h"

#include "base/json.h"

namespace tongban::connectors {

std::string_view name_of(JournalKind kind) {
    switch (kind) {
        case JournalKind::request:
            return "request";
        case JournalKind::outcome:
            return "outcome";
        case JournalKind::job:
            return "job";
        case JournalKind::answer:
            return "answer";
        case JournalKind::delivery:
            return "delivery";
        case JournalKind::acknowledgement:
            return "acknowledgement";
    }
    return "job";
}

Digest hash_of(const JournalEntry& entry) {
    return sha256(canonical_json(Json{{"exchange", entry.exchange},
                                      {"job", entry.job},
                                      {"kind", entry.kind},
                                      {"n", entry.n},
                                      {"prev", hex(entry.prev)},
                                      {"sha256", entry.sha256},
                                      {"time_ms", entry.time_ms},
                                      {"v", "tongban/journal/v1"}}));
}

JournalEntry next_entry(const ChainHead& head, const JournalNote& note) {
    JournalEntry entry;
    entry.n = head.number + 1;
    entry.prev = head.hash;
    entry.kind = std::string(name_of(note.kind));
    entry.exchange = note.exchange;
    entry.job = note.job;
    entry.sha256 = note.sha256;
    entry.time_ms = note.time.ms;
    entry.hash = hash_of(entry);
    return entry;
}

Result<ChainHead> follow(const ChainHead& from, const std::vector<JournalEntry>& entries) {
    ChainHead head = from;
    for (const JournalEntry& entry : entries) {
        const bool follows = entry.n == head.number + 1 && entry.prev == head.hash;
        if (!follows || entry.hash != hash_of(entry)) {
            return Fault{FaultKind::refused,
                         "journal entry " + std::to_string(entry.n),
                         "the entry does not follow from the one before it"};
        }
        head = {entry.n, entry.hash};
    }
    return head;
}

}  // namespace tongban::connectors
