#include "hub/store/sqlite/internal/rows_read.h"

#include "base/text.h"

namespace tongban::store::sqlite {
namespace {

Result<std::vector<Digest>> digests_of(std::string_view bytes) {
    if (bytes.size() % 32 != 0)
        return Fault{FaultKind::malformed, "store", "hashes of a wrong length"};
    std::vector<Digest> digests;
    for (std::size_t at = 0; at < bytes.size(); at += 32) {
        const auto digest = digest_from(bytes.substr(at, 32));
        if (!digest) return digest.fault();
        digests.push_back(*digest);
    }
    return digests;
}

std::int32_t small(const SqliteStatement& row, int column) {
    return static_cast<std::int32_t>(row.integer(column));
}
std::uint64_t unsigned_of(const SqliteStatement& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
}

}  // namespace

const char* const exchange_columns =
    "exchange_id,requester,request_id,content_hash,kind,resource,purpose,state,delivery,is_open,"
    "deadline_ms,created_ms,"
    "updated_ms,rev,request,detail";
const char* const job_columns =
    "shard,seq,op_key,exchange_id,dest,kind,state,attempt,next_ms,expire_ms,body";
const char* const audit_columns =
    "a.shard,a.seq,a.epoch,a.ts_ms,a.exchange_id,a.kind,a.actor,a.leaf,e.idx";
const char* const audit_tables = "audit a LEFT JOIN log_entry e ON e.shard=a.shard AND e.seq=a.seq";

Result<ExchangeRow> exchange_row(const SqliteStatement& row) {
    const auto hash = digest_from(row.blob(3));
    if (!hash) return hash.fault();
    ExchangeRow exchange;
    exchange.exchange_id = row.text(0);
    exchange.requester = row.text(1);
    exchange.request_id = row.text(2);
    exchange.content_hash = *hash;
    exchange.kind = small(row, 4);
    exchange.resource = row.text(5);
    exchange.purpose = row.text(6);
    exchange.state = small(row, 7);
    exchange.delivery = small(row, 8);
    exchange.open = row.integer(9) != 0;
    exchange.deadline_ms = row.integer(10);
    exchange.created_ms = row.integer(11);
    exchange.updated_ms = row.integer(12);
    exchange.rev = row.integer(13);
    exchange.request = row.blob(14);
    exchange.detail = row.blob(15);
    return exchange;
}

Result<JobRow> job_row(const SqliteStatement& row) {
    JobRow job;
    job.shard = small(row, 0);
    job.seq = row.integer(1);
    job.op_key = row.text(2);
    job.exchange_id = row.text(3);
    job.dest = row.text(4);
    job.kind = small(row, 5);
    job.state = static_cast<JobState>(small(row, 6));
    job.attempt = small(row, 7);
    job.next_ms = row.integer(8);
    job.expire_ms = row.integer(9);
    job.body = row.blob(10);
    return job;
}

Result<InboxRow> inbox_row(const SqliteStatement& row) {
    const auto digest = digest_from(row.blob(2));
    if (!digest) return digest.fault();
    return InboxRow{row.text(0), row.text(1), *digest, row.text(3), row.integer(4)};
}

Result<ConsentRow> consent_row(const SqliteStatement& row) {
    ConsentRow consent;
    consent.member = row.text(0);
    consent.consent_id = row.text(1);
    consent.resource = row.text(2);
    consent.purpose = row.text(3);
    consent.receiver = row.text(4);
    consent.given_ms = row.integer(5);
    consent.valid_until_ms = row.integer(6);
    consent.channel = row.text(7);
    consent.evidence_sha256 = row.text(8);
    consent.subject_hash = row.text(9);
    consent.withdrawn_ms = row.integer(10);
    return consent;
}

Result<JournalHeadRow> journal_row(const SqliteStatement& row) {
    const auto hash = digest_from(row.blob(2));
    if (!hash) return hash.fault();
    return JournalHeadRow{row.text(0), row.integer(1), *hash, row.integer(3)};
}

Result<RecordRow> record_row(const SqliteStatement& row) {
    auto commitments = digests_of(row.blob(4));
    if (!commitments) return commitments.fault();
    RecordRow record;
    record.exchange_id = row.text(0);
    record.name = row.text(1);
    record.wrapped_key = row.blob(2);
    record.wrapping_key_id = row.text(3);
    record.commitments = *std::move(commitments);
    record.created_ms = row.integer(5);
    return record;
}

Result<SealedGroup> group_row(const SqliteStatement& row) {
    SealedGroup group;
    const std::string key_ids = row.text(0);
    if (!key_ids.empty()) group.key_ids = split(key_ids, ' ');
    group.sealed = row.blob(1);
    return group;
}

Result<SubjectKeyRow> subject_key_row(const SqliteStatement& row) {
    SubjectKeyRow key;
    key.key_id = row.text(0);
    key.subject_hash = row.text(1);
    key.wrapped = row.blob(2);
    key.wrapping_key_id = row.text(3);
    key.created_ms = row.integer(4);
    key.erased_ms = row.integer(5);
    if (key.erased_ms != 0) key.wrapped.clear();  // zeros stand there
    return key;
}

Result<AuditRow> audit_row(const SqliteStatement& row) {
    AuditRow audit;
    audit.shard = small(row, 0);
    audit.seq = row.integer(1);
    audit.epoch = row.integer(2);
    audit.ts_ms = row.integer(3);
    audit.exchange_id = row.text(4);
    audit.kind = small(row, 5);
    audit.actor = row.text(6);
    audit.leaf = row.blob(7);
    if (!row.is_null(8)) audit.index = unsigned_of(row, 8);
    return audit;
}

Result<LogEntryRow> entry_row(const SqliteStatement& row) {
    const auto hash = digest_from(row.blob(3));
    if (!hash) return hash.fault();
    return LogEntryRow{unsigned_of(row, 0), small(row, 1), row.integer(2), *hash, row.blob(4)};
}

Result<LogTileRow> tile_row(const SqliteStatement& row) {
    return LogTileRow{static_cast<std::uint32_t>(row.integer(0)), unsigned_of(row, 1), row.blob(2)};
}

Result<LogHeadRow> head_row(const SqliteStatement& row) {
    const auto root = digest_from(row.blob(1));
    if (!root) return root.fault();
    auto frontier = digests_of(row.blob(2));
    if (!frontier) return frontier.fault();
    return LogHeadRow{unsigned_of(row, 0), *root, *std::move(frontier)};
}

Result<CheckpointRow> checkpoint_row(const SqliteStatement& row) {
    const auto root = digest_from(row.blob(1));
    if (!root) return root.fault();
    return CheckpointRow{unsigned_of(row, 0), *root, row.text(2), row.integer(3)};
}

Result<CosignatureRow> cosignature_row(const SqliteStatement& row) {
    return CosignatureRow{unsigned_of(row, 0), row.text(1), row.text(2), row.integer(3)};
}

Result<std::string> text_row(const SqliteStatement& row) {
    return row.text(0);
}

Result<std::uint64_t> number_row(const SqliteStatement& row) {
    return unsigned_of(row, 0);
}

Result<ShardState> shard_row(const SqliteStatement& row) {
    const auto hash = digest_from(row.blob(4));
    if (!hash) return hash.fault();
    return ShardState{small(row, 0), row.integer(1), row.text(2), row.integer(3), *hash};
}

}  // namespace tongban::store::sqlite
