// SqliteStore: the class behind open_sqlite(): a committer for what is written, readers for what is
// read. Its reads stand in reads_exchange.cpp, reads_proof.cpp and reads_cases.cpp.
//
// Threads: as Store.
// Faults:  as Store.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file_lock.h"
#include "hub/store/sqlite/internal/committer.h"
#include "hub/store/sqlite/internal/readers.h"
#include "hub/store/sqlite/sqlite_store.h"

namespace tongban::store::sqlite {

class SqliteStore final : public Store {
public:
    SqliteStore(std::unique_ptr<FileLock> lock,
                std::unique_ptr<Readers> readers,
                std::unique_ptr<Writer> writer,
                const SqliteOptions& options);
    explicit SqliteStore(std::unique_ptr<Readers> readers);

    Result<Committed> apply(Batch batch) override;
    std::vector<Result<Committed>> apply_all(std::vector<Batch> batches) override;
    Result<Done> scrub() override;
    [[nodiscard]] bool idle() const override { return !committer_ || committer_->idle(); }
    [[nodiscard]] std::int64_t epoch(std::int32_t shard) const override;
    std::int64_t next_case_id(std::int32_t shard) override;

    Result<std::optional<ExchangeRow>> exchange(std::string_view exchange_id) override;
    Result<std::optional<ExchangeRow>> exchange_of_request(std::string_view requester,
                                                           std::string_view request_id) override;
    Result<std::vector<ExchangeRow>> open_exchanges(std::string_view after_id,
                                                    std::size_t limit) override;
    Result<std::optional<JobRow>> job(std::string_view op_key) override;
    Result<std::vector<JobRow>> jobs_of(std::string_view exchange_id) override;
    Result<std::vector<JobRow>> pending_jobs(std::int32_t after_shard,
                                             std::int64_t after_seq,
                                             std::size_t limit) override;
    Result<std::optional<InboxRow>> inbox(std::int32_t shard,
                                          std::string_view src,
                                          std::string_view msg_id) override;
    Result<std::optional<ConsentRow>> consent(std::string_view member,
                                              std::string_view consent_id) override;
    Result<std::optional<JournalHeadRow>> journal_head(std::string_view member) override;
    Result<std::optional<RecordRow>> record(std::string_view exchange_id,
                                            std::string_view name) override;
    Result<std::vector<RecordRow>> records_of(std::string_view exchange_id) override;
    Result<std::optional<SubjectKeyRow>> subject_key(std::string_view key_id) override;
    Result<std::optional<SubjectKeyRow>> subject_key_of(std::string_view subject_hash) override;
    Result<std::vector<std::string>> exchanges_of_subject(std::string_view key_id) override;

    Result<std::optional<AuditRow>> leaf_at(std::int32_t shard, std::int64_t seq) override;
    Result<std::optional<AuditRow>> leaf(std::string_view exchange_id, std::int32_t kind) override;
    Result<std::vector<AuditRow>> leaves_of(std::string_view exchange_id) override;
    Result<std::vector<AuditRow>> audit_after(std::int32_t shard,
                                              std::int64_t seq,
                                              std::size_t limit) override;
    Result<std::vector<AuditRow>> unlogged(std::size_t limit) override;
    Result<std::vector<LogEntryRow>> log_entries(std::uint64_t first, std::size_t limit) override;
    Result<std::optional<LogTileRow>> log_tile(std::uint32_t level, std::uint64_t index) override;
    Result<LogHeadRow> log_head() override;
    Result<std::optional<CheckpointRow>> checkpoint(std::uint64_t size) override;
    Result<std::optional<CheckpointRow>> last_checkpoint() override;
    Result<std::vector<CheckpointRow>> checkpoints(std::uint64_t after_size,
                                                   std::size_t limit) override;
    Result<std::vector<CosignatureRow>> cosignatures(std::uint64_t size) override;
    Result<std::vector<std::uint64_t>> cosigned_sizes(std::size_t limit) override;
    Result<std::optional<std::string>> meta(std::string_view key) override;
    Result<ShardState> shard(std::int32_t shard) override;

    Result<std::optional<CaseRow>> find_case(std::int64_t case_id) override;
    Result<std::optional<CaseRow>> case_of_key(std::string_view scope,
                                               std::string_view biz_key) override;
    Result<std::vector<CaseRecordRow>> records_of_case(std::int64_t case_id) override;
    Result<std::vector<StepRow>> steps_of(std::int64_t case_id) override;
    Result<std::vector<TimerRow>> timers_of(std::int64_t case_id) override;
    Result<std::vector<CallRow>> calls_of(std::int64_t case_id) override;
    Result<std::vector<JointRow>> joints_of(std::int64_t case_id) override;
    Result<std::vector<BranchRow>> branches_of(std::int64_t case_id) override;
    Result<std::vector<IncidentRow>> incidents_of(std::int64_t case_id) override;
    Result<std::optional<CallRow>> call(std::string_view op_key) override;
    Result<std::optional<CaseInboxRow>> case_inbox(std::int32_t shard,
                                                   std::string_view src,
                                                   std::string_view msg_id) override;
    Result<std::vector<CaseInboxRow>> case_messages(std::int32_t shard,
                                                    std::string_view src,
                                                    std::string_view begins,
                                                    std::size_t limit) override;
    Result<std::optional<AuditRow>> case_leaf(std::int64_t case_id, std::int64_t rev) override;
    Result<std::vector<AuditRow>> case_leaves(std::int64_t case_id,
                                              std::int64_t after_rev,
                                              std::size_t limit) override;
    Result<std::vector<TimerRow>> timers_due(std::int32_t shard,
                                             const TimerKey& after,
                                             std::int64_t until_ms,
                                             std::size_t limit) override;
    Result<std::vector<TimerRow>> timers_of_calendar(std::int32_t shard,
                                                     const TimerKey& after,
                                                     std::string_view calendar,
                                                     std::int32_t below_version,
                                                     std::size_t limit) override;
    Result<std::vector<CallRow>> calls(std::int32_t shard,
                                       std::int64_t after_seq,
                                       std::size_t limit) override;
    Result<std::vector<CaseRow>> board(const BoardQuery& query) override;
    Result<LightCounts> count_lights(const BoardQuery& query) override;
    Result<std::vector<StepRow>> work(const WorkQuery& query) override;
    Result<std::vector<IncidentRow>> open_incidents(std::string_view owner,
                                                    const IncidentRow& after,
                                                    std::size_t limit) override;
    Result<std::vector<CaseRow>> cases_of_subject(std::string_view subject_hash,
                                                  std::size_t limit) override;
    Result<std::vector<CaseRow>> cases_of_attr(std::string_view key,
                                               std::string_view value,
                                               std::size_t limit) override;
    Result<std::vector<CaseRow>> cases_of_number(std::string_view number,
                                                 std::size_t limit) override;
    Result<std::optional<ItemRow>> item(std::string_view item, std::int32_t version) override;
    Result<std::vector<ItemRow>> items() override;

private:
    // Fixed after construction; destroyed in reverse: the readers first, because only a writer that
    // closes last leaves everything in the one file; the lock last.
    std::unique_ptr<FileLock> lock_;
    std::vector<std::int64_t> epochs_;
    std::optional<Committer> committer_;
    std::unique_ptr<Readers> readers_;
    // Any thread.
    std::array<std::atomic<std::int64_t>, shard_count> case_numbers_{};  // given out last
};

}  // namespace tongban::store::sqlite
