#include <algorithm>

#include "hub/store/sqlite/internal/apply.h"
#include "hub/store/sqlite/internal/changes.h"
#include "hub/store/sqlite/internal/rows_read.h"

// Cases: the case row, its key, its attributes, and service items.
namespace tongban::store::sqlite {
namespace {

// Without a deadline there is no light either.
std::int64_t light_from(const CaseRow& row, std::int64_t ms) {
    return row.due_ms == 0 ? never : or_never(ms);
}

}  // namespace

Result<Done> ApplyTo::operator()(const PutCase& put) {
    const CaseRow& row = put.row;
    const auto here = belongs(row.case_id, shard);
    if (!here) return here;
    if (!put.scope.empty() || !put.biz_key.empty()) {
        if (shard_of_case_key(put.scope, put.biz_key) != shard)
            return Fault{FaultKind::internal, "batch", "a case of another shard than its key's"};
        const auto key = change(database,
                                "INSERT INTO case_key VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING",
                                shard,
                                Text{put.scope},
                                Text{put.biz_key},
                                row.case_id,
                                row.created_ms);
        if (!key) return key.fault();
        if (*key == 0) {
            const auto other = read_one(database,
                                        case_key_shape,
                                        "WHERE shard=? AND scope=? AND biz_key=?",
                                        shard,
                                        Text{put.scope},
                                        Text{put.biz_key});
            if (!other) return other.fault();
            return conflict("case_key", name_of_case(other->value_or(0)));
        }
    }
    fence.last_ms = std::max(fence.last_ms, row.updated_ms);
    fence.case_no = std::max(fence.case_no, number_of_case(row.case_id));
    return insert({row.case_id, "cases", "this case is already there"},
                  "INSERT INTO cases VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?)",
                  row.case_id,
                  Text{row.number},
                  Text{row.item},
                  row.version,
                  row.status,
                  Text{row.phase},
                  row.priority,
                  Text{row.subject_hash},
                  Text{row.owner},
                  Text{row.hall},
                  Text{row.external_number},
                  row.hops,
                  row.no_return ? 1 : 0,
                  row.parent,
                  row.open ? 1 : 0,
                  row.created_ms,
                  row.updated_ms,
                  light_from(row, row.yellow_ms),
                  light_from(row, row.orange_ms),
                  or_never(row.due_ms),
                  row.closed_ms,
                  Bytes{row.state});
}

// Most transitions change nothing that an index holds; SQLite writes every index of a column that
// is named after SET, changed or not. So the first statement names none, and applies where they
// stand as they were.
Result<Done> ApplyTo::operator()(const UpdateCase& update) {
    const CaseRow& row = update.row;
    const auto here = belongs(row.case_id, shard);
    if (!here) return here;
    fence.last_ms = std::max(fence.last_ms, row.updated_ms);
    const auto in_place = change(
        database,
        "UPDATE cases SET version=?,phase=?,priority=?,hops=?,no_return=?,updated_ms=?,closed_ms=?,"
        "state=?,rev=rev+1 WHERE shard=? AND case_id=? AND rev=? AND status=? AND owner=? AND "
        "hall=? AND external_number=? AND is_open=? AND yellow_ms=? AND orange_ms=? AND due_ms=?",
        row.version,
        Text{row.phase},
        row.priority,
        row.hops,
        row.no_return ? 1 : 0,
        row.updated_ms,
        row.closed_ms,
        Bytes{row.state},
        shard,
        row.case_id,
        row.rev,
        row.status,
        Text{row.owner},
        Text{row.hall},
        Text{row.external_number},
        row.open ? 1 : 0,
        light_from(row, row.yellow_ms),
        light_from(row, row.orange_ms),
        or_never(row.due_ms));
    if (!in_place) return in_place.fault();
    if (*in_place == 1) return Done{};
    return exactly_one(
        change(database,
               "UPDATE cases SET version=?,phase=?,priority=?,hops=?,no_return=?,updated_ms=?,"
               "closed_ms=?,state=?,rev=rev+1,status=?,owner=?,hall=?,external_number=?,is_open=?,"
               "yellow_ms=?,orange_ms=?,due_ms=? WHERE shard=? AND case_id=? AND rev=?",
               row.version,
               Text{row.phase},
               row.priority,
               row.hops,
               row.no_return ? 1 : 0,
               row.updated_ms,
               row.closed_ms,
               Bytes{row.state},
               row.status,
               Text{row.owner},
               Text{row.hall},
               Text{row.external_number},
               row.open ? 1 : 0,
               light_from(row, row.yellow_ms),
               light_from(row, row.orange_ms),
               or_never(row.due_ms),
               shard,
               row.case_id,
               row.rev),
        "cases",
        "the case has moved on");
}

Result<Done> ApplyTo::operator()(const DropCaseKey& drop) {
    const auto here = belongs(drop.case_id, shard);
    if (!here) return here;
    return exactly_one(change(database,
                              "DELETE FROM case_key WHERE shard=? AND scope=? AND biz_key=? AND "
                              "case_id=?",
                              shard,
                              Text{drop.scope},
                              Text{drop.biz_key},
                              drop.case_id),
                       "case_key",
                       "the key is not this case's");
}

Result<Done> ApplyTo::operator()(const PutAttr& put) {
    const auto here = belongs(put.row.case_id, shard);
    if (!here) return here;
    return any_number(change(database,
                             "INSERT INTO attr VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
                             shard,
                             Text{put.row.key},
                             Text{put.row.value},
                             put.row.case_id));
}

Result<Done> ApplyTo::operator()(const DropAttr& drop) {
    const auto here = belongs(drop.row.case_id, shard);
    if (!here) return here;
    return any_number(change(database,
                             "DELETE FROM attr WHERE k=? AND v=? AND case_id=? AND shard=?",
                             Text{drop.row.key},
                             Text{drop.row.value},
                             drop.row.case_id,
                             shard));
}

// A hub with nothing to do knows at its next start how long it was away.
Result<Done> ApplyTo::operator()(const KeepTime& keep) {
    fence.last_ms = std::max(fence.last_ms, keep.ms);
    return Done{};
}

Result<Done> ApplyTo::operator()(const PutItem& put) {
    const ItemRow& row = put.row;
    return exactly_one(
        change(database,
               "INSERT INTO item VALUES(?,?,?,?,?,?) ON CONFLICT(item,version) DO UPDATE SET "
               "status=excluded.status WHERE digest=excluded.digest",
               Text{row.item},
               row.version,
               row.digest,
               row.status,
               Text{row.yaml},
               row.created_ms),
        "item",
        "this version stands for another text");
}

Result<Done> ApplyTo::forget_in_cases(std::int32_t home, std::string_view key_id) {
    constexpr std::string_view attrs =
        "DELETE FROM attr WHERE case_id IN (SELECT case_id FROM cases WHERE subject_hash<>'' AND "
        "subject_hash=(SELECT subject_hash FROM subject_key WHERE shard=? AND key_id=? AND "
        "erased_ms=0))";
    const auto dropped = any_number(change(database, attrs, home, Text{key_id}));
    if (!dropped) return dropped;
    return any_number(
        change(database,
               "UPDATE cases SET subject_hash='' WHERE subject_hash<>'' AND subject_hash="
               "(SELECT subject_hash FROM subject_key WHERE shard=? AND key_id=? AND erased_ms=0)",
               home,
               Text{key_id}));
}

}  // namespace tongban::store::sqlite
