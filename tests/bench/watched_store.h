// WatchedStore: a store that tells what was committed to it; everything else it hands on.
//
// Threads: as the store; `committed` runs on the thread that called apply_all.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "hub/store/case_store.h"

namespace tongban::bench {

class WatchedStore final : public store::CaseStore {
public:
    explicit WatchedStore(store::CaseStore& store) : store_(store) {}
    // Of one apply_all: what is to be committed, and then what became of each.
    std::function<void(const std::vector<store::Batch>&)> applied;
    std::function<void(const std::vector<Result<store::Committed>>&)> committed;

    Result<store::Committed> apply(store::Batch batch) override {
        std::vector<store::Batch> one;
        one.push_back(std::move(batch));
        return std::move(apply_all(std::move(one)).front());
    }
    std::vector<Result<store::Committed>> apply_all(std::vector<store::Batch> batches) override {
        if (applied) applied(batches);
        auto answers = store_.apply_all(std::move(batches));
        if (committed) committed(answers);
        return answers;
    }
    [[nodiscard]] std::int64_t epoch(std::int32_t shard) const override {
        return store_.epoch(shard);
    }
    Result<store::ShardState> shard(std::int32_t shard) override { return store_.shard(shard); }
    std::int64_t next_case_id(std::int32_t shard) override { return store_.next_case_id(shard); }
    Result<std::optional<store::CaseRow>> find_case(std::int64_t id) override {
        return store_.find_case(id);
    }
    Result<std::optional<store::CaseRow>> case_of_key(std::string_view scope,
                                                      std::string_view key) override {
        return store_.case_of_key(scope, key);
    }
    Result<std::vector<store::CaseRecordRow>> records_of_case(std::int64_t id) override {
        return store_.records_of_case(id);
    }
    Result<std::vector<store::StepRow>> steps_of(std::int64_t id) override {
        return store_.steps_of(id);
    }
    Result<std::vector<store::TimerRow>> timers_of(std::int64_t id) override {
        return store_.timers_of(id);
    }
    Result<std::vector<store::CallRow>> calls_of(std::int64_t id) override {
        return store_.calls_of(id);
    }
    Result<std::vector<store::JointRow>> joints_of(std::int64_t id) override {
        return store_.joints_of(id);
    }
    Result<std::vector<store::BranchRow>> branches_of(std::int64_t id) override {
        return store_.branches_of(id);
    }
    Result<std::vector<store::IncidentRow>> incidents_of(std::int64_t id) override {
        return store_.incidents_of(id);
    }
    Result<std::optional<store::CallRow>> call(std::string_view op_key) override {
        return store_.call(op_key);
    }
    Result<std::optional<store::CaseInboxRow>> case_inbox(std::int32_t shard,
                                                          std::string_view src,
                                                          std::string_view msg_id) override {
        return store_.case_inbox(shard, src, msg_id);
    }
    Result<std::vector<store::CaseInboxRow>> case_messages(std::int32_t shard,
                                                           std::string_view src,
                                                           std::string_view begins,
                                                           std::size_t limit) override {
        return store_.case_messages(shard, src, begins, limit);
    }
    Result<std::optional<store::AuditRow>> case_leaf(std::int64_t id, std::int64_t rev) override {
        return store_.case_leaf(id, rev);
    }
    Result<std::vector<store::AuditRow>> case_leaves(std::int64_t id,
                                                     std::int64_t after,
                                                     std::size_t limit) override {
        return store_.case_leaves(id, after, limit);
    }
    Result<std::vector<store::TimerRow>> timers_due(std::int32_t shard,
                                                    const store::TimerKey& after,
                                                    std::int64_t until,
                                                    std::size_t limit) override {
        return store_.timers_due(shard, after, until, limit);
    }
    Result<std::vector<store::TimerRow>> timers_of_calendar(std::int32_t shard,
                                                            const store::TimerKey& after,
                                                            std::string_view calendar,
                                                            std::int32_t below,
                                                            std::size_t limit) override {
        return store_.timers_of_calendar(shard, after, calendar, below, limit);
    }
    Result<std::vector<store::CallRow>> calls(std::int32_t shard,
                                              std::int64_t after,
                                              std::size_t limit) override {
        return store_.calls(shard, after, limit);
    }
    Result<std::vector<store::CaseRow>> board(const store::BoardQuery& query) override {
        return store_.board(query);
    }
    Result<store::LightCounts> count_lights(const store::BoardQuery& query) override {
        return store_.count_lights(query);
    }
    Result<std::vector<store::StepRow>> work(const store::WorkQuery& query) override {
        return store_.work(query);
    }
    Result<std::vector<store::IncidentRow>> open_incidents(std::string_view owner,
                                                           const store::IncidentRow& after,
                                                           std::size_t limit) override {
        return store_.open_incidents(owner, after, limit);
    }
    Result<std::vector<store::CaseRow>> cases_of_subject(std::string_view hash,
                                                         std::size_t limit) override {
        return store_.cases_of_subject(hash, limit);
    }
    Result<std::vector<store::CaseRow>> cases_of_attr(std::string_view key,
                                                      std::string_view value,
                                                      std::size_t limit) override {
        return store_.cases_of_attr(key, value, limit);
    }
    Result<std::vector<store::CaseRow>> cases_of_number(std::string_view number,
                                                        std::size_t limit) override {
        return store_.cases_of_number(number, limit);
    }
    Result<std::optional<store::ItemRow>> item(std::string_view id, std::int32_t version) override {
        return store_.item(id, version);
    }
    Result<std::vector<store::ItemRow>> items() override { return store_.items(); }

private:
    store::CaseStore& store_;
};

}  // namespace tongban::bench
