// Rows: what the store keeps, as plain structs.
//
// Nothing here holds personal data in clear: bodies are sealed
// by the caller (hub/audit/sealing.h), subjects stand only as keyed hashes. Times are UTC
// milliseconds.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"

namespace tongban::store {

struct ExchangeRow {
    std::string exchange_id;  // new_exchange_id(); its last byte is the shard
    std::string requester;
    std::string request_id;
    Digest content_hash{};  // of the signed request: same key + same hash = the same request
    std::int32_t kind = 0;
    std::string resource;
    std::string purpose;
    std::int32_t state = 0;  // the exchange module's own states
    std::int32_t delivery = 0;
    bool open = true;  // work is left; open_exchanges() lists it
    std::int64_t deadline_ms = 0;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;
    std::int64_t rev = 0;  // set by the store: 1 when put, +1 at each update
    std::string request;   // written once, sealed by the caller
    std::string detail;    // the exchange module's own bytes; nothing personal in clear
};

enum class JobState : std::int32_t { pending = 0, in_doubt = 1, dead = 2 };

struct JobRow {              // table outbox
    std::int32_t shard = 0;  // of the batch
    std::int64_t seq = 0;    // set by the store, unique in the shard: the token's seq
    std::string op_key;      // job id; unique, constant over retries, restarts and owners
    std::string exchange_id;
    std::string dest;       // member
    std::int32_t kind = 0;  // wire JobKind
    JobState state = JobState::pending;
    std::int32_t attempt = 0;
    std::int64_t next_ms = 0;
    std::int64_t expire_ms = 0;
    std::string body;  // sealed
};

struct InboxRow {
    std::string src;
    std::string msg_id;
    Digest digest{};
    std::string exchange_id;
    std::int64_t recv_ms = 0;
};

struct ConsentRow {
    std::string member;  // who recorded it; consent ids are unique per member
    std::string consent_id;
    std::string resource;
    std::string purpose;
    std::string receiver;
    std::int64_t given_ms = 0;
    std::int64_t valid_until_ms = 0;
    std::string channel;
    std::string evidence_sha256;
    std::string subject_hash;       // keyed hash of the one person it is about; part of the content
    std::int64_t withdrawn_ms = 0;  // 0: in force
};

struct JournalHeadRow {
    std::string member;
    std::int64_t number = 0;
    Digest hash{};
    std::int64_t seen_ms = 0;
};

struct SealedGroup {
    std::vector<std::string> key_ids;  // subjects' keys it needs; none: the record's key alone
    std::string sealed;
};

struct RecordRow {  // one sealed record of an exchange
    std::string exchange_id;
    std::string name;  // "request", "answer/certificate", "delivered" ...
    std::string wrapped_key;
    std::string wrapping_key_id;
    std::vector<Digest> commitments;
    std::vector<SealedGroup> groups;
    std::int64_t created_ms = 0;
};

struct SubjectKeyRow {
    std::string key_id;        // hex; ends with the first byte of subject_hash: its shard
    std::string subject_hash;  // keyed hash, hex; empty once erased
    std::string wrapped;       // empty once erased
    std::string wrapping_key_id;
    std::int64_t created_ms = 0;
    std::int64_t erased_ms = 0;
};

struct AuditRow {
    std::int32_t shard = 0;
    std::int64_t seq = 0;
    std::int64_t epoch = 0;
    std::int64_t ts_ms = 0;
    std::string exchange_id;
    std::int32_t kind = 0;
    std::string actor;
    std::string leaf;                    // the log entry, verbatim
    std::optional<std::uint64_t> index;  // in the log, once integrated
    std::int64_t case_id = 0;            // a case's leaf: exchange_id is the case's name
    std::int64_t rev = 0;                // and which transition it tells of
};

struct LogEntryRow {
    std::uint64_t index = 0;
    std::int32_t shard = 0;
    std::int64_t seq = 0;
    Digest leaf_hash{};
    std::string leaf;  // read only: stands in the audit row
};

struct LogTileRow {  // only the widest version of each tile is kept
    std::uint32_t level = 0;
    std::uint64_t index = 0;
    std::string hashes;  // 32 bytes each, at most 256
};

struct LogHeadRow {
    std::uint64_t size = 0;
    Digest root{};
    std::vector<Digest> frontier;
};

struct CheckpointRow {
    std::uint64_t size = 0;
    Digest root{};
    std::string note;  // signed by the hub alone
    std::int64_t signed_ms = 0;
};

struct CosignatureRow {
    std::uint64_t size = 0;
    std::string witness;  // key name
    std::string line;     // "— name base64" and LF
    std::int64_t time_s = 0;
};

}  // namespace tongban::store
