#include "hub/store/sqlite/sqlite_store.h"

#include <system_error>
#include <utility>

#include <cerrno>

#include "base/check.h"
#include "hub/store/sqlite/internal/schema.h"
#include "hub/store/sqlite/internal/store_class.h"

namespace tongban::store {
namespace sqlite {
namespace {

Fault read_only() {
    return Fault{FaultKind::unavailable, "store", "this store is open for reading only"};
}

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<FileLock> lock,
                         std::unique_ptr<Readers> readers,
                         std::unique_ptr<Writer> writer,
                         const SqliteOptions& options)
    : lock_(std::move(lock)), readers_(std::move(readers)) {
    for (std::int32_t shard = 0; shard < shard_count; ++shard) {
        const Fence& fence = writer->fence(shard);
        epochs_.push_back(fence.epoch);
        case_numbers_.at(static_cast<std::size_t>(shard)) = fence.case_no;
    }
    committer_.emplace(std::move(writer), options.queue, options.batches_per_commit);
}

SqliteStore::SqliteStore(std::unique_ptr<Readers> readers) : readers_(std::move(readers)) {}

Result<Committed> SqliteStore::apply(Batch batch) {
    if (!committer_) return read_only();
    return committer_->apply(std::move(batch));
}

std::vector<Result<Committed>> SqliteStore::apply_all(std::vector<Batch> batches) {
    if (!committer_) return {batches.size(), Result<Committed>(read_only())};
    return committer_->apply_all(std::move(batches));
}

Result<Done> SqliteStore::scrub() {
    if (!committer_) return read_only();
    return committer_->scrub();
}

std::int64_t SqliteStore::epoch(std::int32_t shard) const {
    return epochs_.empty() ? 0 : epochs_.at(static_cast<std::size_t>(shard));
}

std::int64_t SqliteStore::next_case_id(std::int32_t shard) {
    TONGBAN_CHECK(shard >= 0 && shard < shard_count, "store.shard_range");
    auto& last = case_numbers_.at(static_cast<std::size_t>(shard));
    return case_id_of(shard, last.fetch_add(1, std::memory_order_relaxed) + 1);
}

}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, const SqliteOptions& options) {
    auto lock = FileLock::take(path + ".lock");
    if (!lock) return lock.fault();
    auto database = Sqlite::open(path, SqliteMode::write);
    if (!database) return database.fault();
    const auto migrated = sqlite::migrate(**database);
    if (!migrated) return migrated.fault();
    auto writer = std::make_unique<sqlite::Writer>(*std::move(database), options.owner);
    const auto mine = writer->take_over();
    if (!mine) return mine.fault();
    auto readers = sqlite::Readers::open(path, options.readers);
    if (!readers) return readers.fault();
    return std::unique_ptr<Store>(std::make_unique<sqlite::SqliteStore>(
        *std::move(lock), *std::move(readers), std::move(writer), options));
}

Result<std::unique_ptr<Store>> open_sqlite_read_only(const std::string& path) {
    auto readers = sqlite::Readers::open(path, 2);
    if (!readers) return readers.fault();
    return std::unique_ptr<Store>(std::make_unique<sqlite::SqliteStore>(*std::move(readers)));
}

}  // namespace tongban::store
