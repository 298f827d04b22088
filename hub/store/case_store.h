// CaseStore: what cases need of a store, apart, so that a simulation can bring its own.
//
// A transition of a case is one Batch: the case row, its steps, timers, calls, and the leaf that
// tells of it. apply() is fenced by the shard's row in shard_ctl and blocks until durable.
//
// Threads: safe from any thread; reads see what was committed.
// Faults:  as Store (hub/store/store.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hub/store/batch.h"
#include "hub/store/case_id.h"
#include "hub/store/case_rows.h"

namespace tongban::store {

class CaseStore {
public:
    virtual ~CaseStore() = default;

    virtual Result<Committed> apply(Batch batch) = 0;
    // Many batches in one go, each for itself: one durable commit where the store has group commit.
    // One answer a batch, in their order.
    virtual std::vector<Result<Committed>> apply_all(std::vector<Batch> batches);
    [[nodiscard]] virtual std::int64_t epoch(std::int32_t shard) const = 0;
    virtual Result<ShardState> shard(std::int32_t shard) = 0;
    // An id that no case has and no other call is given, known before the case commits (its sealed
    // state and its leaf need it). Ids grow in their shard; an id that never commits leaves a gap,
    // or is given again by the next owner.
    virtual std::int64_t next_case_id(std::int32_t shard) = 0;

    // One case.
    virtual Result<std::optional<CaseRow>> find_case(std::int64_t case_id) = 0;
    virtual Result<std::optional<CaseRow>> case_of_key(std::string_view scope,
                                                       std::string_view biz_key) = 0;
    virtual Result<std::vector<CaseRecordRow>> records_of_case(std::int64_t case_id) = 0;  // by n
    virtual Result<std::vector<StepRow>> steps_of(std::int64_t case_id) = 0;          // by step_no
    virtual Result<std::vector<TimerRow>> timers_of(std::int64_t case_id) = 0;        // by key
    virtual Result<std::vector<CallRow>> calls_of(std::int64_t case_id) = 0;          // by seq
    virtual Result<std::vector<JointRow>> joints_of(std::int64_t case_id) = 0;        // by group
    virtual Result<std::vector<BranchRow>> branches_of(std::int64_t case_id) = 0;     // group, part
    virtual Result<std::vector<IncidentRow>> incidents_of(std::int64_t case_id) = 0;  // by n
    virtual Result<std::optional<CallRow>> call(std::string_view op_key) = 0;
    virtual Result<std::optional<CaseInboxRow>> case_inbox(std::int32_t shard,
                                                           std::string_view src,
                                                           std::string_view msg_id) = 0;
    // Of a source, those whose ids begin so, by id.
    virtual Result<std::vector<CaseInboxRow>> case_messages(std::int32_t shard,
                                                            std::string_view src,
                                                            std::string_view begins,
                                                            std::size_t limit) = 0;
    virtual Result<std::optional<AuditRow>> case_leaf(std::int64_t case_id, std::int64_t rev) = 0;
    // By rev, after the given one.
    virtual Result<std::vector<AuditRow>> case_leaves(std::int64_t case_id,
                                                      std::int64_t after_rev,
                                                      std::size_t limit) = 0;

    // What an owner loads when it takes a shard over.
    // Timers with after < key and due_ms <= until_ms, in the order of their keys.
    virtual Result<std::vector<TimerRow>> timers_due(std::int32_t shard,
                                                     const TimerKey& after,
                                                     std::int64_t until_ms,
                                                     std::size_t limit) = 0;
    // Timers of older versions of a calendar, in the order of their keys.
    virtual Result<std::vector<TimerRow>> timers_of_calendar(std::int32_t shard,
                                                             const TimerKey& after,
                                                             std::string_view calendar,
                                                             std::int32_t below_version,
                                                             std::size_t limit) = 0;
    // Calls of any state (a row exists while its answer is awaited), by seq.
    virtual Result<std::vector<CallRow>> calls(std::int32_t shard,
                                               std::int64_t after_seq,
                                               std::size_t limit) = 0;

    // Boards and search; over all shards, never under a stale index. Cases come without `state`.
    virtual Result<std::vector<CaseRow>> board(const BoardQuery& query) = 0;
    // Of the query's filters (not its page); `light` is not looked at.
    virtual Result<LightCounts> count_lights(const BoardQuery& query) = 0;
    virtual Result<std::vector<StepRow>> work(const WorkQuery& query) = 0;
    // After (opened_ms, case_id, n) of `after`; owner "" is any.
    virtual Result<std::vector<IncidentRow>> open_incidents(std::string_view owner,
                                                            const IncidentRow& after,
                                                            std::size_t limit) = 0;
    virtual Result<std::vector<CaseRow>> cases_of_subject(std::string_view subject_hash,
                                                          std::size_t limit) = 0;
    virtual Result<std::vector<CaseRow>> cases_of_attr(std::string_view key,
                                                       std::string_view value,
                                                       std::size_t limit) = 0;
    // By the citizen's number or the external one.
    virtual Result<std::vector<CaseRow>> cases_of_number(std::string_view number,
                                                         std::size_t limit) = 0;

    // Service items.
    virtual Result<std::optional<ItemRow>> item(std::string_view item, std::int32_t version) = 0;
    virtual Result<std::vector<ItemRow>> items() = 0;  // by (item, version)
};

}  // namespace tongban::store
