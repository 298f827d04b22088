#include "tests/sim/model_store.h"

#include "base/failpoint.h"

namespace tongban::sim {
namespace {

Fault away() {
    return {FaultKind::unavailable, "store", "the store is away"};
}

template <typename Map, typename Key>
auto find_in(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
}

template <typename Row, typename Map>
std::vector<Row> rows_of(const Map& map, std::int64_t case_id) {
    std::vector<Row> rows;
    for (const auto& [key, row] : map)
        if (row.case_id == case_id) rows.push_back(row);
    return rows;
}

store::CaseRow listed(store::CaseRow row) {
    row.state.clear();
    return row;
}

}  // namespace

ModelStore::ModelStore(Database& database, Random& random, const StoreFaults& faults)
    : database_(database), random_(random), faults_(faults) {
    database_.take_over();
    epoch_ = database_.shards[0].head.epoch;
    for (Database::Shard& shard : database_.shards) {
        for (const auto& [id, row] : database_.cases)
            if (store::shard_of_case(id) == shard.head.shard)
                shard.case_no = std::max(shard.case_no, store::number_of_case(id));
    }
}

Result<store::Committed> ModelStore::apply(store::Batch batch) {
    if (random_.permille(faults_.lost)) {
        ++database_.faults["store: commit lost"];
        return away();
    }
    if (random_.permille(faults_.busy)) {
        ++database_.faults["store: busy"];
        return Fault{FaultKind::busy, "store", "full"};
    }
    failpoint("store.before");
    Result<store::Committed> committed = database_.apply(batch, epoch_);
    failpoint("store.after");
    if (committed && random_.permille(faults_.untold)) {
        ++database_.faults["store: commit untold"];
        return away();
    }
    return committed;
}

std::vector<Result<store::Committed>> ModelStore::apply_all(std::vector<store::Batch> batches) {
    return CaseStore::apply_all(std::move(batches));
}

std::int64_t ModelStore::epoch(std::int32_t /*shard*/) const {
    return epoch_;
}

Result<store::ShardState> ModelStore::shard(std::int32_t shard) {
    if (scan_fails()) return away();
    return database_.shards.at(static_cast<std::size_t>(shard)).head;
}

std::int64_t ModelStore::next_case_id(std::int32_t shard) {
    return store::case_id_of(shard, ++database_.shards.at(static_cast<std::size_t>(shard)).case_no);
}

Result<std::optional<store::CaseRow>> ModelStore::find_case(std::int64_t case_id) {
    if (read_fails()) return away();
    return find_in(database_.cases, case_id);
}

Result<std::optional<store::CaseRow>> ModelStore::case_of_key(std::string_view scope,
                                                              std::string_view biz_key) {
    if (read_fails()) return away();
    const auto id = find_in(database_.keys, std::pair(std::string(scope), std::string(biz_key)));
    if (!id) return std::optional<store::CaseRow>();
    return find_in(database_.cases, *id);
}

Result<std::vector<store::CaseRecordRow>> ModelStore::records_of_case(std::int64_t case_id) {
    if (read_fails()) return away();
    return rows_of<store::CaseRecordRow>(database_.records, case_id);
}

Result<std::vector<store::StepRow>> ModelStore::steps_of(std::int64_t case_id) {
    return rows_of<store::StepRow>(database_.steps, case_id);
}

Result<std::vector<store::TimerRow>> ModelStore::timers_of(std::int64_t case_id) {
    std::vector<store::TimerRow> rows;
    for (const auto& [key, row] : database_.timers)
        if (key.case_id == case_id) rows.push_back(row);
    return rows;
}

Result<std::vector<store::CallRow>> ModelStore::calls_of(std::int64_t case_id) {
    return rows_of<store::CallRow>(database_.calls, case_id);
}

Result<std::vector<store::JointRow>> ModelStore::joints_of(std::int64_t case_id) {
    return rows_of<store::JointRow>(database_.joints, case_id);
}

Result<std::vector<store::BranchRow>> ModelStore::branches_of(std::int64_t case_id) {
    return rows_of<store::BranchRow>(database_.branches, case_id);
}

Result<std::vector<store::IncidentRow>> ModelStore::incidents_of(std::int64_t case_id) {
    return rows_of<store::IncidentRow>(database_.incidents, case_id);
}

Result<std::optional<store::CallRow>> ModelStore::call(std::string_view op_key) {
    return find_in(database_.calls, std::string(op_key));
}

Result<std::optional<store::CaseInboxRow>> ModelStore::case_inbox(std::int32_t shard,
                                                                  std::string_view src,
                                                                  std::string_view msg_id) {
    if (read_fails()) return away();
    return find_in(database_.inbox, std::tuple(shard, std::string(src), std::string(msg_id)));
}

Result<std::vector<store::CaseInboxRow>> ModelStore::case_messages(std::int32_t shard,
                                                                   std::string_view src,
                                                                   std::string_view begins,
                                                                   std::size_t limit) {
    std::vector<store::CaseInboxRow> rows;
    const std::tuple from(shard, std::string(src), std::string(begins));
    for (auto at = database_.inbox.lower_bound(from); at != database_.inbox.end(); ++at) {
        const bool fits = std::get<0>(at->first) == shard && std::get<1>(at->first) == src &&
                          std::get<2>(at->first).starts_with(begins);
        if (!fits || rows.size() == limit) break;
        rows.push_back(at->second);
    }
    return rows;
}

Result<std::optional<store::AuditRow>> ModelStore::case_leaf(std::int64_t case_id,
                                                             std::int64_t rev) {
    return find_in(database_.leaves, std::pair(case_id, rev));
}

Result<std::vector<store::AuditRow>> ModelStore::case_leaves(std::int64_t case_id,
                                                             std::int64_t after_rev,
                                                             std::size_t limit) {
    std::vector<store::AuditRow> rows;
    for (const auto& [key, row] : database_.leaves)
        if (key.first == case_id && key.second > after_rev && rows.size() < limit)
            rows.push_back(row);
    return rows;
}

Result<std::vector<store::TimerRow>> ModelStore::timers_due(std::int32_t shard,
                                                            const store::TimerKey& after,
                                                            std::int64_t until_ms,
                                                            std::size_t limit) {
    if (scan_fails()) return away();
    std::vector<store::TimerRow> rows;
    for (auto at = database_.timers.upper_bound(after); at != database_.timers.end(); ++at) {
        if (at->first.due_ms > until_ms || rows.size() == limit) break;
        if (store::shard_of_case(at->first.case_id) == shard) rows.push_back(at->second);
    }
    return rows;
}

Result<std::vector<store::TimerRow>> ModelStore::timers_of_calendar(
    std::int32_t /*shard*/,
    const store::TimerKey& /*after*/,
    std::string_view /*calendar*/,
    std::int32_t /*below*/,
    std::size_t /*limit*/) {
    return std::vector<store::TimerRow>();
}

Result<std::vector<store::CallRow>> ModelStore::calls(std::int32_t shard,
                                                      std::int64_t after_seq,
                                                      std::size_t limit) {
    if (scan_fails()) return away();
    std::map<std::int64_t, store::CallRow> found;
    for (const auto& [op_key, row] : database_.calls)
        if (store::shard_of_case(row.case_id) == shard && row.seq > after_seq) found[row.seq] = row;
    std::vector<store::CallRow> rows;
    for (const auto& [seq, row] : found)
        if (rows.size() < limit) rows.push_back(row);
    return rows;
}

Result<std::vector<store::CaseRow>> ModelStore::board(const store::BoardQuery& query) {
    std::vector<store::CaseRow> rows;
    for (const auto& [id, row] : database_.cases)
        if (row.open == query.open && rows.size() < query.limit) rows.push_back(listed(row));
    return rows;
}

Result<store::LightCounts> ModelStore::count_lights(const store::BoardQuery& /*query*/) {
    return store::LightCounts{};
}

Result<std::vector<store::StepRow>> ModelStore::work(const store::WorkQuery& query) {
    std::vector<store::StepRow> rows;
    for (const auto& [key, row] : database_.steps)
        if (row.work && row.member == query.member) rows.push_back(row);
    return rows;
}

Result<std::vector<store::IncidentRow>> ModelStore::open_incidents(
    std::string_view /*owner*/, const store::IncidentRow& /*after*/, std::size_t limit) {
    std::vector<store::IncidentRow> rows;
    for (const auto& [key, row] : database_.incidents)
        if (row.open && rows.size() < limit) rows.push_back(row);
    return rows;
}

Result<std::vector<store::CaseRow>> ModelStore::cases_of_subject(std::string_view subject_hash,
                                                                 std::size_t limit) {
    std::vector<store::CaseRow> rows;
    for (const auto& [id, row] : database_.cases)
        if (row.subject_hash == subject_hash && rows.size() < limit) rows.push_back(listed(row));
    return rows;
}

Result<std::vector<store::CaseRow>> ModelStore::cases_of_attr(std::string_view key,
                                                              std::string_view value,
                                                              std::size_t limit) {
    std::vector<store::CaseRow> rows;
    for (const auto& [attr, unused] : database_.attrs)
        if (std::get<0>(attr) == key && std::get<1>(attr) == value && rows.size() < limit)
            rows.push_back(listed(database_.cases.at(std::get<2>(attr))));
    return rows;
}

Result<std::vector<store::CaseRow>> ModelStore::cases_of_number(std::string_view number,
                                                                std::size_t limit) {
    if (read_fails()) return away();
    std::vector<store::CaseRow> rows;
    for (const auto& [id, row] : database_.cases)
        if ((row.number == number || row.external_number == number) && rows.size() < limit)
            rows.push_back(listed(row));
    return rows;
}

Result<std::optional<store::ItemRow>> ModelStore::item(std::string_view /*item*/,
                                                       std::int32_t /*version*/) {
    return std::optional<store::ItemRow>();
}

Result<std::vector<store::ItemRow>> ModelStore::items() {
    return std::vector<store::ItemRow>();
}

}  // namespace tongban::sim
