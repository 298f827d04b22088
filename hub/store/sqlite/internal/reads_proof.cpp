#include <utility>

#include "hub/store/sqlite/internal/store_class.h"

// Leaves, the log, and what the store says of itself.
namespace tongban::store::sqlite {

Result<std::optional<AuditRow>> SqliteStore::leaf_at(std::int32_t shard, std::int64_t seq) {
    return readers_->one(audit_shape, "WHERE a.shard=? AND a.seq=?", shard, seq);
}

Result<std::optional<AuditRow>> SqliteStore::leaf(std::string_view exchange_id, std::int32_t kind) {
    const auto shard = shard_of_exchange(exchange_id);
    if (!shard) return std::optional<AuditRow>();
    return readers_->one(audit_shape,
                         "WHERE a.shard=? AND a.exchange_id=? AND a.kind=? ORDER BY a.rev LIMIT 1",
                         *shard,
                         Text{exchange_id},
                         kind);
}

Result<std::vector<AuditRow>> SqliteStore::leaves_of(std::string_view exchange_id) {
    const auto shard = shard_of_exchange(exchange_id);
    if (!shard) return shard.fault();
    return readers_->all(audit_shape,
                         "WHERE a.shard=? AND a.exchange_id=? ORDER BY a.seq",
                         *shard,
                         Text{exchange_id});
}

Result<std::vector<AuditRow>> SqliteStore::audit_after(std::int32_t shard,
                                                       std::int64_t seq,
                                                       std::size_t limit) {
    return readers_->all(
        audit_shape, "WHERE a.shard=? AND a.seq>? ORDER BY a.seq LIMIT ?", shard, seq, limit);
}

Result<std::vector<AuditRow>> SqliteStore::unlogged(std::size_t limit) {
    return readers_->all(unlogged_shape, "ORDER BY p.shard,p.seq LIMIT ?", limit);
}

Result<std::vector<LogEntryRow>> SqliteStore::log_entries(std::uint64_t first, std::size_t limit) {
    return readers_->all(entry_shape, "WHERE e.idx>=? ORDER BY e.idx LIMIT ?", first, limit);
}

Result<std::optional<LogTileRow>> SqliteStore::log_tile(std::uint32_t level, std::uint64_t index) {
    return readers_->one(tile_shape, "WHERE level=? AND idx=?", level, index);
}

Result<LogHeadRow> SqliteStore::log_head() {
    auto row = readers_->one(head_shape, "WHERE id=0");
    if (!row) return row.fault();
    if (!*row) return Fault{FaultKind::internal, "log_head", "the row is missing"};
    return std::move(**row);
}

Result<std::optional<CheckpointRow>> SqliteStore::checkpoint(std::uint64_t size) {
    return readers_->one(checkpoint_shape, "WHERE size=?", size);
}

Result<std::optional<CheckpointRow>> SqliteStore::last_checkpoint() {
    return readers_->one(checkpoint_shape, "ORDER BY size DESC LIMIT 1");
}

Result<std::vector<CheckpointRow>> SqliteStore::checkpoints(std::uint64_t after_size,
                                                            std::size_t limit) {
    return readers_->all(checkpoint_shape, "WHERE size>? ORDER BY size LIMIT ?", after_size, limit);
}

Result<std::vector<CosignatureRow>> SqliteStore::cosignatures(std::uint64_t size) {
    return readers_->all(cosignature_shape, "WHERE size=? ORDER BY witness", size);
}

Result<std::vector<std::uint64_t>> SqliteStore::cosigned_sizes(std::size_t limit) {
    return readers_->all(cosigned_shape, "ORDER BY size DESC LIMIT ?", limit);
}

Result<std::optional<std::string>> SqliteStore::meta(std::string_view key) {
    return readers_->one(meta_shape, "WHERE k=?", Text{key});
}

Result<ShardState> SqliteStore::shard(std::int32_t shard) {
    auto row = readers_->one(shard_shape, "WHERE shard=?", shard);
    if (!row) return row.fault();
    if (!*row) return Fault{FaultKind::not_found, "shard_ctl", "no such shard"};
    return std::move(**row);
}

}  // namespace tongban::store::sqlite
