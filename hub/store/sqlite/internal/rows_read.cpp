#include "hub/store/sqlite/internal/rows_read.h"

#include "base/text.h"

// Exchanges, sealed records, leaves and the log. (A braced list reads its cells from left to
// right.)
namespace tongban::store::sqlite {
namespace {

std::string one_text(Cells& cells) {
    return cells.text();
}

std::uint64_t one_number(Cells& cells) {
    return cells.whole();
}

ExchangeRow read_exchange(Cells& cells) {
    ExchangeRow row;
    row.exchange_id = cells.text();
    row.requester = cells.text();
    row.request_id = cells.text();
    row.content_hash = cells.digest();
    row.kind = cells.small();
    row.resource = cells.text();
    row.purpose = cells.text();
    row.state = cells.small();
    row.delivery = cells.small();
    row.open = cells.flag();
    row.deadline_ms = cells.integer();
    row.created_ms = cells.integer();
    row.updated_ms = cells.integer();
    row.rev = cells.integer();
    row.request = cells.blob();
    row.detail = cells.blob();
    return row;
}

JobRow read_job(Cells& cells) {
    JobRow row;
    row.shard = cells.small();
    row.seq = cells.integer();
    row.op_key = cells.text();
    row.exchange_id = cells.text();
    row.dest = cells.text();
    row.kind = cells.small();
    read_sending(cells, row);
    return row;
}

InboxRow read_inbox(Cells& cells) {
    return InboxRow{cells.text(), cells.text(), cells.digest(), cells.text(), cells.integer()};
}

ConsentRow read_consent(Cells& cells) {
    ConsentRow row;
    row.member = cells.text();
    row.consent_id = cells.text();
    row.resource = cells.text();
    row.purpose = cells.text();
    row.receiver = cells.text();
    row.given_ms = cells.integer();
    row.valid_until_ms = cells.integer();
    row.channel = cells.text();
    row.evidence_sha256 = cells.text();
    row.subject_hash = cells.text();
    row.withdrawn_ms = cells.integer();
    return row;
}

JournalHeadRow read_journal(Cells& cells) {
    return JournalHeadRow{cells.text(), cells.integer(), cells.digest(), cells.integer()};
}

RecordRow read_record(Cells& cells) {
    RecordRow row;
    row.exchange_id = cells.text();
    row.name = cells.text();
    row.wrapped_key = cells.blob();
    row.wrapping_key_id = cells.text();
    row.commitments = cells.digests();
    row.created_ms = cells.integer();
    return row;
}

SealedGroup read_group(Cells& cells) {
    SealedGroup group;
    const std::string key_ids = cells.text();
    if (!key_ids.empty()) group.key_ids = split(key_ids, ' ');
    group.sealed = cells.blob();
    return group;
}

SubjectKeyRow read_subject_key(Cells& cells) {
    SubjectKeyRow row;
    row.key_id = cells.text();
    row.subject_hash = cells.text();
    row.wrapped = cells.blob();
    row.wrapping_key_id = cells.text();
    row.created_ms = cells.integer();
    row.erased_ms = cells.integer();
    if (row.erased_ms != 0) row.wrapped.clear();  // zeros stand there
    return row;
}

AuditRow read_audit(Cells& cells) {
    AuditRow row;
    row.shard = cells.small();
    row.seq = cells.integer();
    row.epoch = cells.integer();
    row.ts_ms = cells.integer();
    row.exchange_id = cells.text();
    row.kind = cells.small();
    row.actor = cells.text();
    row.leaf = cells.blob();
    row.index = cells.whole_or_null();
    row.case_id = cells.integer();
    row.rev = cells.integer();
    return row;
}

LogEntryRow read_entry(Cells& cells) {
    return LogEntryRow{cells.whole(), cells.small(), cells.integer(), cells.digest(), cells.blob()};
}

LogTileRow read_tile(Cells& cells) {
    return LogTileRow{static_cast<std::uint32_t>(cells.integer()), cells.whole(), cells.blob()};
}

LogHeadRow read_head(Cells& cells) {
    return LogHeadRow{cells.whole(), cells.digest(), cells.digests()};
}

CheckpointRow read_checkpoint(Cells& cells) {
    return CheckpointRow{cells.whole(), cells.digest(), cells.text(), cells.integer()};
}

CosignatureRow read_cosignature(Cells& cells) {
    return CosignatureRow{cells.whole(), cells.text(), cells.text(), cells.integer()};
}

ShardState read_shard(Cells& cells) {
    return ShardState{cells.small(),
                      cells.integer(),
                      cells.text(),
                      cells.integer(),
                      cells.digest(),
                      cells.integer()};
}

}  // namespace

std::vector<Digest> Cells::digests() {
    const std::string bytes = blob();
    std::vector<Digest> all;
    sound_ = sound_ && bytes.size() % 32 == 0;
    for (std::size_t at = 0; sound_ && at < bytes.size(); at += 32) {
        const auto digest = digest_from(std::string_view(bytes).substr(at, 32));
        sound_ = digest.ok();
        if (digest) all.push_back(*digest);
    }
    return all;
}

const Shape<ExchangeRow> exchange_shape{
    "exchange_id,requester,request_id,content_hash,kind,resource,purpose,state,delivery,is_open,"
    "deadline_ms,created_ms,updated_ms,rev,request,detail",
    "exchange",
    read_exchange};
const Shape<JobRow> job_shape{
    "shard,seq,op_key,exchange_id,dest,kind,state,attempt,next_ms,expire_ms,body",
    "outbox",
    read_job};
const Shape<InboxRow> inbox_shape{"src,msg_id,digest,exchange_id,recv_ms", "inbox", read_inbox};
const Shape<ConsentRow> consent_shape{
    "member,consent_id,resource,purpose,receiver,given_ms,valid_until_ms,channel,evidence_sha256,"
    "subject_hash,withdrawn_ms",
    "consent",
    read_consent};
const Shape<JournalHeadRow> journal_shape{
    "member,number,hash,seen_ms", "journal_head", read_journal};
const Shape<RecordRow> record_shape{
    "exchange_id,name,wrapped_key,wrapping_key_id,commitments,created_ms", "record", read_record};
const Shape<SealedGroup> group_shape{"key_ids,sealed", "record_group", read_group};
const Shape<std::string> subject_exchange_shape{"DISTINCT exchange_id", "record_subject", one_text};
const Shape<SubjectKeyRow> subject_key_shape{
    "key_id,subject_hash,wrapped,wrapping_key_id,created_ms,erased_ms",
    "subject_key",
    read_subject_key};
const Shape<AuditRow> audit_shape{
    "a.shard,a.seq,a.epoch,a.ts_ms,a.exchange_id,a.kind,a.actor,a.leaf,e.idx,a.case_id,a.rev",
    "audit a LEFT JOIN log_entry e ON e.shard=a.shard AND e.seq=a.seq",
    read_audit};
const Shape<AuditRow> unlogged_shape{
    "a.shard,a.seq,a.epoch,a.ts_ms,a.exchange_id,a.kind,a.actor,a.leaf,NULL,a.case_id,a.rev",
    "log_pending p JOIN audit a ON a.shard=p.shard AND a.seq=p.seq",
    read_audit};
const Shape<LogEntryRow> entry_shape{"e.idx,e.shard,e.seq,e.leaf_hash,a.leaf",
                                     "log_entry e JOIN audit a ON a.shard=e.shard AND a.seq=e.seq",
                                     read_entry};
const Shape<LogTileRow> tile_shape{"level,idx,hashes", "log_tile", read_tile};
const Shape<LogHeadRow> head_shape{"size,root,frontier", "log_head", read_head};
const Shape<CheckpointRow> checkpoint_shape{
    "size,root,note,signed_ms", "log_checkpoint", read_checkpoint};
const Shape<CosignatureRow> cosignature_shape{
    "size,witness,line,time_s", "log_cosig", read_cosignature};
const Shape<std::uint64_t> cosigned_shape{"DISTINCT size", "log_cosig", one_number};
const Shape<std::string> meta_shape{"v", "hub_meta", one_text};
const Shape<ShardState> shard_shape{
    "shard,epoch,owner,head_seq,head_hash,last_ms", "shard_ctl", read_shard};

}  // namespace tongban::store::sqlite
