#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "tests/sim/model_store.h"

namespace tongban::sim {
namespace {

Fault conflict(const char* table, std::string reason = "it has moved on") {
    return {FaultKind::conflict, table, std::move(reason)};
}

// Applies one mutation after the other and remembers how to take each back.
class Applying {
public:
    Applying(Database& database, std::int32_t shard, std::int64_t epoch)
        : database_(database),
          head_(database.shards.at(static_cast<std::size_t>(shard))),
          before_(head_),
          shard_(shard),
          epoch_(epoch) {}

    std::optional<Fault> fault;
    store::Committed committed;

    void roll_back() {
        for (auto undo = undos_.rbegin(); undo != undos_.rend(); ++undo)
            (*undo)();
        head_ = before_;
    }

    void operator()(const store::PutCase& put) {
        const std::pair key(put.scope, put.biz_key);
        if (!put.biz_key.empty()) {
            const auto other = database_.keys.find(key);
            if (other != database_.keys.end())
                return fail(conflict("case_key", store::name_of_case(other->second)));
            set(database_.keys, key, put.row.case_id);
        }
        if (database_.cases.contains(put.row.case_id)) return fail(conflict("cases"));
        store::CaseRow row = put.row;
        row.rev = 1;
        head_.head.last_ms = std::max(head_.head.last_ms, row.updated_ms);
        set(database_.cases, row.case_id, row);
    }
    void operator()(const store::UpdateCase& update) {
        const auto found = database_.cases.find(update.row.case_id);
        if (found == database_.cases.end() || found->second.rev != update.row.rev)
            return fail(conflict("cases"));
        store::CaseRow row = update.row;
        ++row.rev;
        head_.head.last_ms = std::max(head_.head.last_ms, row.updated_ms);
        set(database_.cases, row.case_id, row);
    }
    void operator()(const store::KeepTime& keep) {
        head_.head.last_ms = std::max(head_.head.last_ms, keep.ms);
    }
    void operator()(const store::PutCaseRecord& put) {
        insert(database_.records, std::pair(put.row.case_id, put.row.n), put.row, "case_record");
    }
    void operator()(const store::PutStep& put) {
        insert(database_.steps, std::pair(put.row.case_id, put.row.step_no), put.row, "step");
    }
    void operator()(const store::UpdateStep& put) {
        update(database_.steps, std::pair(put.row.case_id, put.row.step_no), put.row, "step");
    }
    void operator()(const store::PutTimer& put) { set(database_.timers, put.row.key, put.row); }
    void operator()(const store::DropTimer& drop) { remove(database_.timers, drop.key, "timer"); }
    void operator()(const store::PutCall& put) {
        store::CallRow row = put.row;
        row.seq = ++head_.call_no;
        insert(database_.calls, row.op_key, row, "case_outbox");
        fresh_.push_back(row.op_key);
        committed.call_seqs.push_back(row.seq);
    }
    void operator()(const store::UpdateCall& put) {
        const auto found = database_.calls.find(put.op_key);
        if (found == database_.calls.end()) return fail(conflict("case_outbox"));
        store::CallRow row = found->second;
        row.state = put.state;
        row.attempt = put.attempt;
        row.next_ms = put.next_ms;
        set(database_.calls, put.op_key, row);
    }
    void operator()(const store::DropCall& drop) {
        remove(database_.calls, drop.op_key, "case_outbox");
    }
    void operator()(const store::PutCaseInbox& put) {
        insert(database_.inbox,
               std::tuple(shard_, put.row.src, put.row.msg_id),
               put.row,
               "case_inbox");
    }
    void operator()(const store::PutAttr& put) {
        set(database_.attrs, std::tuple(put.row.key, put.row.value, put.row.case_id), true);
    }
    void operator()(const store::PutJoint& put) {
        insert(database_.joints, std::pair(put.row.case_id, put.row.group), put.row, "joint");
    }
    void operator()(const store::DecideJoint& decide) {
        const auto found = database_.joints.find(std::pair(decide.case_id, decide.group));
        if (found == database_.joints.end() || found->second.decision != 0)
            return fail(conflict("joint"));
        store::JointRow row = found->second;
        row.decision = decide.decision;
        row.decided_rev = decide.decided_rev;
        set(database_.joints, std::pair(decide.case_id, decide.group), row);
    }
    void operator()(const store::PutBranch& put) {
        insert(database_.branches,
               std::tuple(put.row.case_id, put.row.group, put.row.part),
               put.row,
               "branch");
    }
    void operator()(const store::UpdateBranch& put) {
        update(database_.branches,
               std::tuple(put.row.case_id, put.row.group, put.row.part),
               put.row,
               "branch");
    }
    void operator()(const store::PutIncident& put) {
        insert(database_.incidents, std::pair(put.row.case_id, put.row.n), put.row, "incident");
    }
    void operator()(const store::CloseIncident& close) {
        const auto found = database_.incidents.find(std::pair(close.case_id, close.n));
        if (found == database_.incidents.end() || !found->second.open)
            return fail(conflict("incident"));
        store::IncidentRow row = found->second;
        row.open = false;
        row.closed_ms = close.at_ms;
        set(database_.incidents, std::pair(close.case_id, close.n), row);
    }
    void operator()(const store::PutCaseLeaf& put) {
        if (database_.leaves.contains({put.case_id, put.rev})) return fail(conflict("audit"));
        store::AuditRow row;
        row.shard = shard_;
        row.seq = ++head_.head.head_seq;
        row.epoch = epoch_;
        row.ts_ms = put.ts_ms;
        row.exchange_id = store::name_of_case(put.case_id);
        row.kind = put.kind;
        row.actor = put.actor;
        row.leaf = put.leaf_before + std::to_string(row.seq) + put.leaf_after;
        set(database_.leaves, std::pair(put.case_id, put.rev), row);
        committed.audit_seqs.push_back(row.seq);
        audit_.push_back(std::move(row));
    }
    template <typename Other>
    void operator()(const Other& /*not of cases*/) {
        fail({FaultKind::internal, "model", "a mutation that the model does not know"});
    }

    void keep() {
        ++database_.commits;
        for (const std::string& op_key : fresh_)
            database_.ordered.insert(op_key);
        for (store::AuditRow& row : audit_)
            database_.audit.push_back(std::move(row));
    }

private:
    void fail(Fault what) {
        if (!fault) fault = std::move(what);
    }
    template <typename Map, typename Key, typename Row>
    void set(Map& map, const Key& key, const Row& row) {
        const auto found = map.find(key);
        if (found == map.end())
            undos_.push_back([&map, key] { map.erase(key); });
        else
            undos_.push_back([&map, key, old = found->second] { map[key] = old; });
        map.insert_or_assign(key, row);
    }
    template <typename Map, typename Key, typename Row>
    void insert(Map& map, const Key& key, const Row& row, const char* table) {
        if (map.contains(key)) return fail(conflict(table));
        set(map, key, row);
    }
    template <typename Map, typename Key, typename Row>
    void update(Map& map, const Key& key, const Row& row, const char* table) {
        if (!map.contains(key)) return fail(conflict(table));
        set(map, key, row);
    }
    template <typename Map, typename Key>
    void remove(Map& map, const Key& key, const char* table) {
        const auto found = map.find(key);
        if (found == map.end()) return fail(conflict(table));
        undos_.push_back([&map, key, old = found->second] { map[key] = old; });
        map.erase(found);
    }

    Database& database_;
    Database::Shard& head_;
    const Database::Shard before_;
    const std::int32_t shard_;
    const std::int64_t epoch_;
    std::vector<std::function<void()>> undos_;
    std::vector<std::string> fresh_;
    std::vector<store::AuditRow> audit_;
};

}  // namespace

Database::Database() {
    for (std::size_t i = 0; i < shards.size(); ++i)
        shards.at(i).head.shard = static_cast<std::int32_t>(i);
}

void Database::take_over() {
    for (Shard& shard : shards)
        ++shard.head.epoch;
}

Result<store::Committed> Database::apply(const store::Batch& batch, std::int64_t epoch) {
    if (shards.at(static_cast<std::size_t>(batch.shard)).head.epoch != epoch)
        return conflict("shard_ctl", "another node owns the shard");
    Applying applying(*this, batch.shard, epoch);
    for (const store::Mutation& mutation : batch.mutations) {
        std::visit([&](const auto& one) { applying(one); }, mutation);
        if (!applying.fault) continue;
        applying.roll_back();
        return *applying.fault;
    }
    applying.keep();
    applying.committed.epoch = epoch;
    return std::move(applying.committed);
}

}  // namespace tongban::sim
