// Journal: the numbered, hash-chained list of every message that a connector has sent and received.
//
// Its head travels in every message to the hub and into the log's leaves, so that neither side can
// drop or invent a message unseen. An entry holds hashes and ids, never contents. hash(n) = SHA-256
// of the RFC 8785 form of
// {"exchange","job","kind","n","prev","sha256","time_ms","v":"tongban/journal/v1"}, prev in hex;
// entry 1 has the all-zero prev.
//
// Invariants: 1. numbers have no gap; 2. an entry is durable before the message it tells of leaves.
//
// Threads: values and pure functions; the store keeps the chain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"

namespace tongban::connectors {

enum class JournalKind {
    request,          // sent: our office's request
    outcome,          // received: what became of it
    job,              // received: a question for our office
    answer,           // sent: our signed answer
    delivery,         // received: a document for our office
    acknowledgement,  // sent: our office has it, or finally refuses it
};
std::string_view name_of(JournalKind kind);

struct JournalNote {  // what happened
    JournalKind kind = JournalKind::job;
    std::string exchange;
    std::string job;
    std::string sha256;  // hex, of the message's native bytes
    Instant time;
};

struct ChainHead {
    std::int64_t number = 0;
    Digest hash{};
};

struct JournalEntry {
    std::int64_t n = 0;
    Digest prev{};
    std::string kind;
    std::string exchange;
    std::string job;
    std::string sha256;
    std::int64_t time_ms = 0;
    Digest hash{};
};

JournalEntry next_entry(const ChainHead& head, const JournalNote& note);
Digest hash_of(const JournalEntry& entry);
// Refused at the first entry that does not follow from the one before.
Result<ChainHead> follow(const ChainHead& from, const std::vector<JournalEntry>& entries);

}  // namespace tongban::connectors
