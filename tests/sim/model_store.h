// A store of cases in memory: one database that outlives every node, and for each node a handle
// with its epoch. A batch is fenced and atomic; a commit may be lost, or kept and not told.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "hub/store/case_store.h"
#include "tests/sim/random.h"

namespace tongban::sim {

struct Database {
    struct Shard {
        store::ShardState head;
        std::int64_t case_no = 0;
        std::int64_t call_no = 0;
    };
    std::array<Shard, store::shard_count> shards;
    std::map<std::int64_t, store::CaseRow> cases;
    std::map<std::pair<std::string, std::string>, std::int64_t> keys;
    std::map<std::pair<std::int64_t, std::int32_t>, store::CaseRecordRow> records;
    std::map<std::pair<std::int64_t, std::int32_t>, store::StepRow> steps;
    std::map<store::TimerKey, store::TimerRow> timers;
    std::map<std::string, store::CallRow> calls;
    std::map<std::tuple<std::int32_t, std::string, std::string>, store::CaseInboxRow> inbox;
    std::map<std::tuple<std::string, std::string, std::int64_t>, bool> attrs;
    std::map<std::pair<std::int64_t, std::string>, store::JointRow> joints;
    std::map<std::tuple<std::int64_t, std::string, std::string>, store::BranchRow> branches;
    std::map<std::pair<std::int64_t, std::int32_t>, store::IncidentRow> incidents;
    std::map<std::pair<std::int64_t, std::int64_t>, store::AuditRow> leaves;  // by case, rev
    std::vector<store::AuditRow> audit;                                       // as committed
    std::set<std::string> ordered;  // op keys that were ever committed
    std::int64_t commits = 0;
    std::map<std::string, std::int64_t> faults;  // that really happened

    Database();
    void take_over();  // a new epoch for every shard
    // All of it, or nothing and the fault.
    Result<store::Committed> apply(const store::Batch& batch, std::int64_t epoch);
};

struct StoreFaults {  // per mille of the batches
    int lost = 0;     // unavailable, and not committed
    int untold = 0;   // committed, and reported as unavailable
    int reads = 0;    // of the reads
    int busy = 0;
};

class ModelStore final : public store::CaseStore {
public:
    ModelStore(Database& database, Random& random, const StoreFaults& faults);

    Result<store::Committed> apply(store::Batch batch) override;
    std::vector<Result<store::Committed>> apply_all(std::vector<store::Batch> batches) override;
    [[nodiscard]] std::int64_t epoch(std::int32_t shard) const override;
    Result<store::ShardState> shard(std::int32_t shard) override;
    std::int64_t next_case_id(std::int32_t shard) override;

    Result<std::optional<store::CaseRow>> find_case(std::int64_t case_id) override;
    Result<std::optional<store::CaseRow>> case_of_key(std::string_view scope,
                                                      std::string_view biz_key) override;
    Result<std::vector<store::CaseRecordRow>> records_of_case(std::int64_t case_id) override;
    Result<std::vector<store::StepRow>> steps_of(std::int64_t case_id) override;
    Result<std::vector<store::TimerRow>> timers_of(std::int64_t case_id) override;
    Result<std::vector<store::CallRow>> calls_of(std::int64_t case_id) override;
    Result<std::vector<store::JointRow>> joints_of(std::int64_t case_id) override;
    Result<std::vector<store::BranchRow>> branches_of(std::int64_t case_id) override;
    Result<std::vector<store::IncidentRow>> incidents_of(std::int64_t case_id) override;
    Result<std::optional<store::CallRow>> call(std::string_view op_key) override;
    Result<std::optional<store::CaseInboxRow>> case_inbox(std::int32_t shard,
                                                          std::string_view src,
                                                          std::string_view msg_id) override;
    Result<std::vector<store::CaseInboxRow>> case_messages(std::int32_t shard,
                                                           std::string_view src,
                                                           std::string_view begins,
                                                           std::size_t limit) override;
    Result<std::optional<store::AuditRow>> case_leaf(std::int64_t case_id,
                                                     std::int64_t rev) override;
    Result<std::vector<store::AuditRow>> case_leaves(std::int64_t case_id,
                                                     std::int64_t after_rev,
                                                     std::size_t limit) override;
    Result<std::vector<store::TimerRow>> timers_due(std::int32_t shard,
                                                    const store::TimerKey& after,
                                                    std::int64_t until_ms,
                                                    std::size_t limit) override;
    Result<std::vector<store::TimerRow>> timers_of_calendar(std::int32_t shard,
                                                            const store::TimerKey& after,
                                                            std::string_view calendar,
                                                            std::int32_t below_version,
                                                            std::size_t limit) override;
    Result<std::vector<store::CallRow>> calls(std::int32_t shard,
                                              std::int64_t after_seq,
                                              std::size_t limit) override;
    Result<std::vector<store::CaseRow>> board(const store::BoardQuery& query) override;
    Result<store::LightCounts> count_lights(const store::BoardQuery& query) override;
    Result<std::vector<store::StepRow>> work(const store::WorkQuery& query) override;
    Result<std::vector<store::IncidentRow>> open_incidents(std::string_view owner,
                                                           const store::IncidentRow& after,
                                                           std::size_t limit) override;
    Result<std::vector<store::CaseRow>> cases_of_subject(std::string_view subject_hash,
                                                         std::size_t limit) override;
    Result<std::vector<store::CaseRow>> cases_of_attr(std::string_view key,
                                                      std::string_view value,
                                                      std::size_t limit) override;
    Result<std::vector<store::CaseRow>> cases_of_number(std::string_view number,
                                                        std::size_t limit) override;
    Result<std::optional<store::ItemRow>> item(std::string_view item,
                                               std::int32_t version) override;
    Result<std::vector<store::ItemRow>> items() override;

private:
    [[nodiscard]] bool read_fails() {
        if (!random_.permille(faults_.reads)) return false;
        ++database_.faults["store: read refused"];
        return true;
    }
    // A take-over makes hundreds of these: at the rate of the others none would ever end.
    [[nodiscard]] bool scan_fails() { return random_.chance(5) && read_fails(); }

    Database& database_;
    Random& random_;
    const StoreFaults& faults_;
    std::int64_t epoch_ = 0;
};

}  // namespace tongban::sim
