#include <utility>

#include "hub/store/sqlite/internal/apply.h"
#include "hub/store/sqlite/internal/store_class.h"

// Exchanges, their work, consents and sealed records.
namespace tongban::store::sqlite {
namespace {

Result<std::vector<SealedGroup>> groups_of(Sqlite& database,
                                           std::int32_t shard,
                                           std::string_view exchange_id,
                                           std::string_view name) {
    return read_all(database,
                    group_shape,
                    "WHERE shard=? AND exchange_id=? AND name=? ORDER BY n",
                    shard,
                    Text{exchange_id},
                    Text{name});
}

}  // namespace

Result<std::optional<ExchangeRow>> SqliteStore::exchange(std::string_view exchange_id) {
    const auto shard = shard_of_exchange(exchange_id);
    if (!shard) return std::optional<ExchangeRow>();
    return readers_->one(
        exchange_shape, "WHERE shard=? AND exchange_id=?", *shard, Text{exchange_id});
}

Result<std::optional<ExchangeRow>> SqliteStore::exchange_of_request(std::string_view requester,
                                                                    std::string_view request_id) {
    return readers_->one(exchange_shape,
                         "WHERE shard=? AND requester=? AND request_id=?",
                         shard_of(requester, request_id),
                         Text{requester},
                         Text{request_id});
}

Result<std::vector<ExchangeRow>> SqliteStore::open_exchanges(std::string_view after_id,
                                                             std::size_t limit) {
    return readers_->all(exchange_shape,
                         "WHERE is_open=1 AND exchange_id>? ORDER BY exchange_id LIMIT ?",
                         Text{after_id},
                         limit);
}

Result<std::optional<JobRow>> SqliteStore::job(std::string_view op_key) {
    return readers_->one(job_shape, "WHERE op_key=?", Text{op_key});
}

Result<std::vector<JobRow>> SqliteStore::jobs_of(std::string_view exchange_id) {
    const auto shard = shard_of_exchange(exchange_id);
    if (!shard) return shard.fault();
    return readers_->all(
        job_shape, "WHERE shard=? AND exchange_id=? ORDER BY seq", *shard, Text{exchange_id});
}

Result<std::vector<JobRow>> SqliteStore::pending_jobs(std::int32_t after_shard,
                                                      std::int64_t after_seq,
                                                      std::size_t limit) {
    return readers_->all(job_shape,
                         "WHERE (shard,seq)>(?,?) AND state=0 ORDER BY shard,seq LIMIT ?",
                         after_shard,
                         after_seq,
                         limit);
}

Result<std::optional<InboxRow>> SqliteStore::inbox(std::int32_t shard,
                                                   std::string_view src,
                                                   std::string_view msg_id) {
    return readers_->one(
        inbox_shape, "WHERE shard=? AND src=? AND msg_id=?", shard, Text{src}, Text{msg_id});
}

Result<std::optional<ConsentRow>> SqliteStore::consent(std::string_view member,
                                                       std::string_view consent_id) {
    return readers_->one(consent_shape,
                         "WHERE shard=? AND member=? AND consent_id=?",
                         shard_of(member, consent_id),
                         Text{member},
                         Text{consent_id});
}

Result<std::optional<JournalHeadRow>> SqliteStore::journal_head(std::string_view member) {
    return readers_->one(
        journal_shape, "WHERE shard=? AND member=?", shard_of(member, ""), Text{member});
}

Result<std::optional<RecordRow>> SqliteStore::record(std::string_view exchange_id,
                                                     std::string_view name) {
    const auto shard = shard_of_exchange(exchange_id);
    if (!shard) return std::optional<RecordRow>();
    return readers_->with([&](Sqlite& database) -> Result<std::optional<RecordRow>> {
        auto row = read_one(database,
                            record_shape,
                            "WHERE shard=? AND exchange_id=? AND name=?",
                            *shard,
                            Text{exchange_id},
                            Text{name});
        if (!row || !*row) return row;
        auto groups = groups_of(database, *shard, exchange_id, name);
        if (!groups) return groups.fault();
        (*row)->groups = *std::move(groups);
        return row;
    });
}

Result<std::vector<RecordRow>> SqliteStore::records_of(std::string_view exchange_id) {
    const auto shard = shard_of_exchange(exchange_id);
    if (!shard) return shard.fault();
    return readers_->with([&](Sqlite& database) -> Result<std::vector<RecordRow>> {
        auto rows = read_all(database,
                             record_shape,
                             "WHERE shard=? AND exchange_id=? ORDER BY name",
                             *shard,
                             Text{exchange_id});
        if (!rows) return rows;
        for (RecordRow& row : *rows) {
            auto groups = groups_of(database, *shard, exchange_id, row.name);
            if (!groups) return groups.fault();
            row.groups = *std::move(groups);
        }
        return rows;
    });
}

Result<std::optional<SubjectKeyRow>> SqliteStore::subject_key(std::string_view key_id) {
    const auto shard = shard_of_key(key_id);
    if (!shard) return std::optional<SubjectKeyRow>();
    return readers_->one(subject_key_shape, "WHERE shard=? AND key_id=?", *shard, Text{key_id});
}

Result<std::optional<SubjectKeyRow>> SqliteStore::subject_key_of(std::string_view subject_hash) {
    const auto shard = shard_of_key(subject_hash.substr(0, 2));
    if (!shard) return std::optional<SubjectKeyRow>();
    return readers_->one(
        subject_key_shape, "WHERE shard=? AND subject_hash=?", *shard, Text{subject_hash});
}

Result<std::vector<std::string>> SqliteStore::exchanges_of_subject(std::string_view key_id) {
    return readers_->all(
        subject_exchange_shape, "WHERE key_id=? ORDER BY exchange_id", Text{key_id});
}

}  // namespace tongban::store::sqlite
