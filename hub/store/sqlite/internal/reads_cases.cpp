#include <utility>

#include "hub/store/sqlite/internal/store_class.h"

// One case, and what an owner loads. (A case id that is none is of shard -1 and finds nothing.)
namespace tongban::store::sqlite {

Result<std::optional<CaseRow>> SqliteStore::find_case(std::int64_t case_id) {
    return readers_->one(
        case_shape, "WHERE c.shard=? AND c.case_id=?", shard_of_case(case_id), case_id);
}

Result<std::optional<CaseRow>> SqliteStore::case_of_key(std::string_view scope,
                                                        std::string_view biz_key) {
    const std::int32_t shard = shard_of_case_key(scope, biz_key);
    return readers_->one(case_shape,
                         "WHERE c.shard=? AND c.case_id=(SELECT case_id FROM case_key WHERE "
                         "shard=? AND scope=? AND biz_key=?)",
                         shard,
                         shard,
                         Text{scope},
                         Text{biz_key});
}

Result<std::vector<CaseRecordRow>> SqliteStore::records_of_case(std::int64_t case_id) {
    return readers_->all(case_record_shape,
                         "WHERE shard=? AND case_id=? ORDER BY n",
                         shard_of_case(case_id),
                         case_id);
}

Result<std::vector<StepRow>> SqliteStore::steps_of(std::int64_t case_id) {
    return readers_->all(step_shape,
                         "WHERE shard=? AND case_id=? ORDER BY step_no",
                         shard_of_case(case_id),
                         case_id);
}

Result<std::vector<TimerRow>> SqliteStore::timers_of(std::int64_t case_id) {
    return readers_->all(timer_shape,
                         "WHERE shard=? AND case_id=? ORDER BY due_ms,step_no,kind",
                         shard_of_case(case_id),
                         case_id);
}

// Keys of calls begin with their case's id and a slash; '0' is the character after '/'.
Result<std::vector<CallRow>> SqliteStore::calls_of(std::int64_t case_id) {
    const std::string id = std::to_string(case_id);
    return readers_->all(call_shape,
                         "WHERE shard=? AND op_key>=? AND op_key<? ORDER BY seq",
                         shard_of_case(case_id),
                         Text{id + "/"},
                         Text{id + "0"});
}

Result<std::vector<JointRow>> SqliteStore::joints_of(std::int64_t case_id) {
    return readers_->all(
        joint_shape, "WHERE shard=? AND case_id=? ORDER BY grp", shard_of_case(case_id), case_id);
}

Result<std::vector<BranchRow>> SqliteStore::branches_of(std::int64_t case_id) {
    return readers_->all(branch_shape,
                         "WHERE shard=? AND case_id=? ORDER BY grp,part",
                         shard_of_case(case_id),
                         case_id);
}

Result<std::vector<IncidentRow>> SqliteStore::incidents_of(std::int64_t case_id) {
    return readers_->all(
        incident_shape, "WHERE shard=? AND case_id=? ORDER BY n", shard_of_case(case_id), case_id);
}

Result<std::optional<CallRow>> SqliteStore::call(std::string_view op_key) {
    return readers_->one(call_shape,
                         "WHERE shard=? AND op_key=?",
                         shard_of_case(case_of_op_key(op_key)),
                         Text{op_key});
}

Result<std::optional<CaseInboxRow>> SqliteStore::case_inbox(std::int32_t shard,
                                                            std::string_view src,
                                                            std::string_view msg_id) {
    return readers_->one(
        case_inbox_shape, "WHERE shard=? AND src=? AND msg_id=?", shard, Text{src}, Text{msg_id});
}

Result<std::optional<AuditRow>> SqliteStore::case_leaf(std::int64_t case_id, std::int64_t rev) {
    return readers_->one(audit_shape,
                         "WHERE a.shard=? AND a.exchange_id=? AND a.rev=? ORDER BY a.seq LIMIT 1",
                         shard_of_case(case_id),
                         Text{name_of_case(case_id)},
                         rev);
}

Result<std::vector<AuditRow>> SqliteStore::case_leaves(std::int64_t case_id,
                                                       std::int64_t after_rev,
                                                       std::size_t limit) {
    return readers_->all(audit_shape,
                         "WHERE a.shard=? AND a.exchange_id=? AND a.rev>? ORDER BY a.rev,a.seq "
                         "LIMIT ?",
                         shard_of_case(case_id),
                         Text{name_of_case(case_id)},
                         after_rev,
                         limit);
}

Result<std::vector<TimerRow>> SqliteStore::timers_due(std::int32_t shard,
                                                      const TimerKey& after,
                                                      std::int64_t until_ms,
                                                      std::size_t limit) {
    return readers_->all(timer_shape,
                         "WHERE shard=? AND (due_ms,case_id,step_no,kind)>(?,?,?,?) AND due_ms<=? "
                         "ORDER BY due_ms,case_id,step_no,kind LIMIT ?",
                         shard,
                         after.due_ms,
                         after.case_id,
                         after.step_no,
                         after.kind,
                         until_ms,
                         limit);
}

Result<std::vector<TimerRow>> SqliteStore::timers_of_calendar(std::int32_t shard,
                                                              const TimerKey& after,
                                                              std::string_view calendar,
                                                              std::int32_t below_version,
                                                              std::size_t limit) {
    return readers_->all(timer_shape,
                         "WHERE shard=? AND (due_ms,case_id,step_no,kind)>(?,?,?,?) AND "
                         "calendar=? AND calendar_version<? "
                         "ORDER BY due_ms,case_id,step_no,kind LIMIT ?",
                         shard,
                         after.due_ms,
                         after.case_id,
                         after.step_no,
                         after.kind,
                         Text{calendar},
                         below_version,
                         limit);
}

Result<std::vector<CallRow>> SqliteStore::calls(std::int32_t shard,
                                                std::int64_t after_seq,
                                                std::size_t limit) {
    return readers_->all(
        call_shape, "WHERE shard=? AND seq>? ORDER BY seq LIMIT ?", shard, after_seq, limit);
}

Result<std::optional<ItemRow>> SqliteStore::item(std::string_view item, std::int32_t version) {
    return readers_->one(item_shape, "WHERE item=? AND version=?", Text{item}, version);
}

Result<std::vector<ItemRow>> SqliteStore::items() {
    return readers_->all(item_shape, "ORDER BY item,version");
}

}  // namespace tongban::store::sqlite
