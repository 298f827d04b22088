#include "hub/store/sqlite/sqlite_store.h"

#include <system_error>
#include <utility>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "hub/store/sqlite/internal/apply.h"
#include "hub/store/sqlite/internal/committer.h"
#include "hub/store/sqlite/internal/readers.h"
#include "hub/store/sqlite/internal/rows_read.h"
#include "hub/store/sqlite/internal/schema.h"

namespace tongban::store {
namespace {

using namespace sqlite;  // NOLINT(google-build-using-namespace): this file is that namespace's
                         // public face

// Held while the store is open; the kernel lets it go with the process.
class FileLock {
public:
    static Result<std::unique_ptr<FileLock>> take(const std::string& path) {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0)
            return Fault{FaultKind::unavailable,
                         path,
                         "cannot open the lock: " + std::generic_category().message(errno)};
        auto lock = std::make_unique<FileLock>(descriptor);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
            return Fault{FaultKind::unavailable, path, "another process has this store open"};
        return lock;
    }
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    ~FileLock() { ::close(descriptor_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

std::string select(std::string_view columns, std::string_view rest) {
    return "SELECT " + std::string(columns) + " FROM " + std::string(rest);
}

class SqliteStore final : public Store {
public:
    SqliteStore(std::unique_ptr<FileLock> lock,
                std::unique_ptr<Readers> readers,
                std::unique_ptr<Writer> writer,
                const SqliteOptions& options)
        : lock_(std::move(lock)),
          epochs_(epochs_of(*writer)),
          committer_(std::in_place, std::move(writer), options.queue, options.batches_per_commit),
          readers_(std::move(readers)) {}
    explicit SqliteStore(std::unique_ptr<Readers> readers) : readers_(std::move(readers)) {}

    Result<Committed> apply(Batch batch) override {
        if (!committer_) return read_only();
        return committer_->apply(std::move(batch));
    }
    Result<Done> scrub() override {
        if (!committer_) return read_only();
        return committer_->scrub();
    }
    [[nodiscard]] bool idle() const override { return !committer_ || committer_->idle(); }
    [[nodiscard]] std::int64_t epoch(std::int32_t shard) const override {
        return epochs_.empty() ? 0 : epochs_.at(static_cast<std::size_t>(shard));
    }

    Result<std::optional<ExchangeRow>> exchange(std::string_view exchange_id) override {
        const auto shard = shard_of_exchange(exchange_id);
        if (!shard) return std::optional<ExchangeRow>();
        return one<ExchangeRow>(
            exchange_row,
            select(exchange_columns, "exchange WHERE shard=? AND exchange_id=?"),
            *shard,
            Text{exchange_id});
    }
    Result<std::optional<ExchangeRow>> exchange_of_request(std::string_view requester,
                                                           std::string_view request_id) override {
        return one<ExchangeRow>(
            exchange_row,
            select(exchange_columns, "exchange WHERE shard=? AND requester=? AND request_id=?"),
            shard_of(requester, request_id),
            Text{requester},
            Text{request_id});
    }
    Result<std::vector<ExchangeRow>> open_exchanges(std::string_view after_id,
                                                    std::size_t limit) override {
        return all<ExchangeRow>(
            exchange_row,
            select(exchange_columns,
                   "exchange WHERE is_open=1 AND exchange_id>? ORDER BY exchange_id LIMIT ?"),
            Text{after_id},
            limit);
    }
    Result<std::optional<JobRow>> job(std::string_view op_key) override {
        return one<JobRow>(job_row, select(job_columns, "outbox WHERE op_key=?"), Text{op_key});
    }
    Result<std::vector<JobRow>> jobs_of(std::string_view exchange_id) override {
        const auto shard = shard_of_exchange(exchange_id);
        if (!shard) return shard.fault();
        return all<JobRow>(
            job_row,
            select(job_columns, "outbox WHERE shard=? AND exchange_id=? ORDER BY seq"),
            *shard,
            Text{exchange_id});
    }
    Result<std::vector<JobRow>> pending_jobs(std::int32_t after_shard,
                                             std::int64_t after_seq,
                                             std::size_t limit) override {
        return all<JobRow>(
            job_row,
            select(job_columns,
                   "outbox WHERE (shard,seq)>(?,?) AND state=0 ORDER BY shard,seq LIMIT ?"),
            after_shard,
            after_seq,
            limit);
    }
    Result<std::optional<InboxRow>> inbox(std::int32_t shard,
                                          std::string_view src,
                                          std::string_view msg_id) override {
        return one<InboxRow>(inbox_row,
                             "SELECT src,msg_id,digest,exchange_id,recv_ms FROM inbox WHERE "
                             "shard=? AND src=? AND msg_id=?",
                             shard,
                             Text{src},
                             Text{msg_id});
    }
    Result<std::optional<ConsentRow>> consent(std::string_view member,
                                              std::string_view consent_id) override {
        return one<ConsentRow>(
            consent_row,
            "SELECT member,consent_id,resource,purpose,receiver,given_ms,valid_until_ms,channel,"
            "evidence_sha256,subject_hash,withdrawn_ms FROM consent WHERE shard=? AND member=? AND "
            "consent_id=?",
            shard_of(member, consent_id),
            Text{member},
            Text{consent_id});
    }
    Result<std::optional<JournalHeadRow>> journal_head(std::string_view member) override {
        return one<JournalHeadRow>(
            journal_row,
            "SELECT member,number,hash,seen_ms FROM journal_head WHERE shard=? AND member=?",
            shard_of(member, ""),
            Text{member});
    }

    Result<std::optional<RecordRow>> record(std::string_view exchange_id,
                                            std::string_view name) override {
        const auto shard = shard_of_exchange(exchange_id);
        if (!shard) return std::optional<RecordRow>();
        return readers_->with([&](Sqlite& database) -> Result<std::optional<RecordRow>> {
            auto row = read_one<RecordRow>(
                database,
                record_row,
                "SELECT exchange_id,name,wrapped_key,wrapping_key_id,commitments,created_ms "
                "FROM record WHERE shard=? AND exchange_id=? AND name=?",
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
    Result<std::vector<RecordRow>> records_of(std::string_view exchange_id) override {
        const auto shard = shard_of_exchange(exchange_id);
        if (!shard) return shard.fault();
        return readers_->with([&](Sqlite& database) -> Result<std::vector<RecordRow>> {
            auto rows = read_all<RecordRow>(
                database,
                record_row,
                "SELECT exchange_id,name,wrapped_key,wrapping_key_id,commitments,created_ms "
                "FROM record WHERE shard=? AND exchange_id=? ORDER BY name",
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
    Result<std::optional<SubjectKeyRow>> subject_key(std::string_view key_id) override {
        const auto shard = shard_of_key(key_id);
        if (!shard) return std::optional<SubjectKeyRow>();
        return one<SubjectKeyRow>(
            subject_key_row,
            select(subject_key_columns, "subject_key WHERE shard=? AND key_id=?"),
            *shard,
            Text{key_id});
    }
    Result<std::optional<SubjectKeyRow>> subject_key_of(std::string_view subject_hash) override {
        const auto shard = shard_of_key(subject_hash.substr(0, 2));
        if (!shard) return std::optional<SubjectKeyRow>();
        return one<SubjectKeyRow>(
            subject_key_row,
            select(subject_key_columns, "subject_key WHERE shard=? AND subject_hash=?"),
            *shard,
            Text{subject_hash});
    }
    Result<std::vector<std::string>> exchanges_of_subject(std::string_view key_id) override {
        return all<std::string>(
            text_row,
            "SELECT DISTINCT exchange_id FROM record_subject WHERE key_id=? ORDER BY exchange_id",
            Text{key_id});
    }

    Result<std::optional<AuditRow>> leaf(std::string_view exchange_id, std::int32_t kind) override {
        const auto shard = shard_of_exchange(exchange_id);
        if (!shard) return std::optional<AuditRow>();
        return one<AuditRow>(audit_row,
                             audit("WHERE a.shard=? AND a.exchange_id=? AND a.kind=?"),
                             *shard,
                             Text{exchange_id},
                             kind);
    }
    Result<std::vector<AuditRow>> leaves_of(std::string_view exchange_id) override {
        const auto shard = shard_of_exchange(exchange_id);
        if (!shard) return shard.fault();
        return all<AuditRow>(audit_row,
                             audit("WHERE a.shard=? AND a.exchange_id=? ORDER BY a.seq"),
                             *shard,
                             Text{exchange_id});
    }
    Result<std::vector<AuditRow>> audit_after(std::int32_t shard,
                                              std::int64_t seq,
                                              std::size_t limit) override {
        return all<AuditRow>(audit_row,
                             audit("WHERE a.shard=? AND a.seq>? ORDER BY a.seq LIMIT ?"),
                             shard,
                             seq,
                             limit);
    }
    Result<std::vector<AuditRow>> unlogged(std::size_t limit) override {
        return all<AuditRow>(
            audit_row,
            "SELECT a.shard,a.seq,a.epoch,a.ts_ms,a.exchange_id,a.kind,a.actor,a.leaf,NULL "
            "FROM log_pending p JOIN audit a ON a.shard=p.shard AND a.seq=p.seq "
            "ORDER BY p.shard,p.seq LIMIT ?",
            limit);
    }
    Result<std::vector<LogEntryRow>> log_entries(std::uint64_t first, std::size_t limit) override {
        return all<LogEntryRow>(
            entry_row,
            "SELECT e.idx,e.shard,e.seq,e.leaf_hash,a.leaf FROM log_entry e "
            "JOIN audit a ON a.shard=e.shard AND a.seq=e.seq WHERE e.idx>=? ORDER BY e.idx LIMIT ?",
            first,
            limit);
    }
    Result<std::optional<LogTileRow>> log_tile(std::uint32_t level, std::uint64_t index) override {
        return one<LogTileRow>(tile_row,
                               "SELECT level,idx,hashes FROM log_tile WHERE level=? AND idx=?",
                               level,
                               index);
    }
    Result<LogHeadRow> log_head() override {
        auto row = one<LogHeadRow>(head_row, "SELECT size,root,frontier FROM log_head WHERE id=0");
        if (!row) return row.fault();
        if (!*row) return Fault{FaultKind::internal, "log_head", "the row is missing"};
        return std::move(**row);
    }
    Result<std::optional<CheckpointRow>> checkpoint(std::uint64_t size) override {
        return one<CheckpointRow>(
            checkpoint_row, select(checkpoint_columns, "log_checkpoint WHERE size=?"), size);
    }
    Result<std::optional<CheckpointRow>> last_checkpoint() override {
        return one<CheckpointRow>(
            checkpoint_row,
            select(checkpoint_columns, "log_checkpoint ORDER BY size DESC LIMIT 1"));
    }
    Result<std::vector<CheckpointRow>> checkpoints(std::uint64_t after_size,
                                                   std::size_t limit) override {
        return all<CheckpointRow>(
            checkpoint_row,
            select(checkpoint_columns, "log_checkpoint WHERE size>? ORDER BY size LIMIT ?"),
            after_size,
            limit);
    }
    Result<std::vector<CosignatureRow>> cosignatures(std::uint64_t size) override {
        return all<CosignatureRow>(
            cosignature_row,
            "SELECT size,witness,line,time_s FROM log_cosig WHERE size=? ORDER BY witness",
            size);
    }

    Result<std::vector<std::uint64_t>> cosigned_sizes(std::size_t limit) override {
        return all<std::uint64_t>(
            number_row, "SELECT DISTINCT size FROM log_cosig ORDER BY size DESC LIMIT ?", limit);
    }

    Result<std::optional<std::string>> meta(std::string_view key) override {
        return one<std::string>(text_row, "SELECT v FROM hub_meta WHERE k=?", Text{key});
    }
    Result<ShardState> shard(std::int32_t shard) override {
        auto row = one<ShardState>(
            shard_row,
            "SELECT shard,epoch,owner,head_seq,head_hash FROM shard_ctl WHERE shard=?",
            shard);
        if (!row) return row.fault();
        if (!*row) return Fault{FaultKind::not_found, "shard_ctl", "no such shard"};
        return std::move(**row);
    }

private:
    static constexpr const char* subject_key_columns =
        "key_id,subject_hash,wrapped,wrapping_key_id,created_ms,erased_ms";
    static constexpr const char* checkpoint_columns = "size,root,note,signed_ms";

    static Fault read_only() {
        return Fault{FaultKind::unavailable, "store", "this store is open for reading only"};
    }
    static std::string audit(std::string_view rest) {
        return select(audit_columns, std::string(audit_tables) + " " + std::string(rest));
    }
    static std::vector<std::int64_t> epochs_of(const Writer& writer) {
        std::vector<std::int64_t> epochs;
        for (std::int32_t shard = 0; shard < shard_count; ++shard)
            epochs.push_back(writer.epoch(shard));
        return epochs;
    }
    static Result<std::vector<SealedGroup>> groups_of(Sqlite& database,
                                                      std::int32_t shard,
                                                      std::string_view exchange_id,
                                                      std::string_view name) {
        return read_all<SealedGroup>(database,
                                     group_row,
                                     "SELECT key_ids,sealed FROM record_group WHERE shard=? AND "
                                     "exchange_id=? AND name=? ORDER BY n",
                                     shard,
                                     Text{exchange_id},
                                     Text{name});
    }
    template <typename Row, typename... Values>
    Result<std::optional<Row>> one(ReadRow<Row> read,
                                   std::string_view sql,
                                   const Values&... values) {
        return readers_->with(
            [&](Sqlite& database) { return read_one<Row>(database, read, sql, values...); });
    }
    template <typename Row, typename... Values>
    Result<std::vector<Row>> all(ReadRow<Row> read, std::string_view sql, const Values&... values) {
        return readers_->with(
            [&](Sqlite& database) { return read_all<Row>(database, read, sql, values...); });
    }

    // Fixed after construction; destroyed in reverse: the readers first, because only a writer that
    // closes last leaves everything in the one file; the lock last.
    std::unique_ptr<FileLock> lock_;
    const std::vector<std::int64_t> epochs_;
    std::optional<Committer> committer_;
    std::unique_ptr<Readers> readers_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, const SqliteOptions& options) {
    auto lock = FileLock::take(path + ".lock");
    if (!lock) return lock.fault();
    auto database = Sqlite::open(path, SqliteMode::write);
    if (!database) return database.fault();
    const auto migrated = migrate(**database);
    if (!migrated) return migrated.fault();
    auto writer = std::make_unique<Writer>(*std::move(database), options.owner);
    const auto mine = writer->take_over();
    if (!mine) return mine.fault();
    auto readers = Readers::open(path, options.readers);
    if (!readers) return readers.fault();
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(
        *std::move(lock), *std::move(readers), std::move(writer), options));
}

Result<std::unique_ptr<Store>> open_sqlite_read_only(const std::string& path) {
    auto readers = Readers::open(path, 2);
    if (!readers) return readers.fault();
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(*std::move(readers)));
}

}  // namespace tongban::store
