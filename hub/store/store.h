// Store: where the hub keeps what must survive: one driver interface, SQLite now, PostgreSQL later.
//
// Work belongs to one of 256 logical shards; a fenced epoch row per shard (shard_ctl) names its one
// owner, heads its audit sequence and settles a commit in doubt. A Batch commits as a whole or not
// at all; batches of many callers share one durable commit (group commit), and a batch that cannot
// be applied fails alone.
//
// Threads: safe from any thread. apply() blocks until durable; reads see what was committed.
// Faults:  conflict (a unique key, a revision or the fence has moved on: `where` is the table),
// not_found,
//          busy (the commit queue is full), unavailable (disk, I/O, stopped), internal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hub/store/case_store.h"
#include "hub/store/rows.h"

namespace tongban::store {

class Store : public CaseStore {
public:
    // What was erased or overwritten leaves the database's files too, not only its tables.
    virtual Result<Done> scrub() = 0;
    // Nothing waits to be committed: the log may integrate at once instead of gathering.
    [[nodiscard]] virtual bool idle() const = 0;

    // Exchanges and their work.
    virtual Result<std::optional<ExchangeRow>> exchange(std::string_view exchange_id) = 0;
    virtual Result<std::optional<ExchangeRow>> exchange_of_request(std::string_view requester,
                                                                   std::string_view request_id) = 0;
    virtual Result<std::vector<ExchangeRow>> open_exchanges(std::string_view after_id,
                                                            std::size_t limit) = 0;
    virtual Result<std::optional<JobRow>> job(std::string_view op_key) = 0;
    virtual Result<std::vector<JobRow>> jobs_of(std::string_view exchange_id) = 0;
    // Every job of state pending, ordered by (shard, seq), after the given one (start with -1, 0).
    virtual Result<std::vector<JobRow>> pending_jobs(std::int32_t after_shard,
                                                     std::int64_t after_seq,
                                                     std::size_t limit) = 0;
    virtual Result<std::optional<InboxRow>> inbox(std::int32_t shard,
                                                  std::string_view src,
                                                  std::string_view msg_id) = 0;
    virtual Result<std::optional<ConsentRow>> consent(std::string_view member,
                                                      std::string_view consent_id) = 0;
    virtual Result<std::optional<JournalHeadRow>> journal_head(std::string_view member) = 0;

    // Sealed records.
    virtual Result<std::optional<RecordRow>> record(std::string_view exchange_id,
                                                    std::string_view name) = 0;
    virtual Result<std::vector<RecordRow>> records_of(std::string_view exchange_id) = 0;
    virtual Result<std::optional<SubjectKeyRow>> subject_key(std::string_view key_id) = 0;
    virtual Result<std::optional<SubjectKeyRow>> subject_key_of(std::string_view subject_hash) = 0;
    // Exchange ids with a record that needs this key, sorted.
    virtual Result<std::vector<std::string>> exchanges_of_subject(std::string_view key_id) = 0;

    // Leaves and the log.
    virtual Result<std::optional<AuditRow>> leaf_at(std::int32_t shard, std::int64_t seq) = 0;
    virtual Result<std::optional<AuditRow>> leaf(std::string_view exchange_id,
                                                 std::int32_t kind) = 0;
    virtual Result<std::vector<AuditRow>> leaves_of(std::string_view exchange_id) = 0;
    virtual Result<std::vector<AuditRow>> audit_after(std::int32_t shard,
                                                      std::int64_t seq,
                                                      std::size_t limit) = 0;
    // Not yet in the log, in an order that never changes.
    virtual Result<std::vector<AuditRow>> unlogged(std::size_t limit) = 0;
    virtual Result<std::vector<LogEntryRow>> log_entries(std::uint64_t first,
                                                         std::size_t limit) = 0;
    virtual Result<std::optional<LogTileRow>> log_tile(std::uint32_t level,
                                                       std::uint64_t index) = 0;
    virtual Result<LogHeadRow> log_head() = 0;
    virtual Result<std::optional<CheckpointRow>> checkpoint(std::uint64_t size) = 0;
    virtual Result<std::optional<CheckpointRow>> last_checkpoint() = 0;
    virtual Result<std::vector<CheckpointRow>> checkpoints(std::uint64_t after_size,
                                                           std::size_t limit) = 0;
    virtual Result<std::vector<CosignatureRow>> cosignatures(std::uint64_t size) = 0;

    // Sizes with at least one cosignature, largest first.
    virtual Result<std::vector<std::uint64_t>> cosigned_sizes(std::size_t limit) = 0;

    virtual Result<std::optional<std::string>> meta(std::string_view key) = 0;
};

}  // namespace tongban::store
