#include "hub/audit/internal/sequencer.h"

#include <map>
#include <utility>

#include "base/failpoint.h"

namespace tongban::audit {
namespace {

Fault frozen(std::string_view reason) {
    return Fault{FaultKind::refused, "log", std::string(reason)};
}

}  // namespace

Sequencer::Sequencer(store::Store& store,
                     PrivateKey key,
                     const Clock& clock,
                     NoteVerifier verifier,
                     TileReader& tiles)
    : store_(store),
      key_(std::move(key)),
      clock_(clock),
      verifier_(std::move(verifier)),
      tiles_(tiles) {}

Result<Done> Sequencer::check_mark(const store::LogHeadRow& head, bool adopt_missing_mark) {
    const auto& mark = mark_->mark();
    if (!mark) {
        if (head.size > 0 && !adopt_missing_mark)
            return frozen(
                "the log has entries and its high-water mark is missing: an operator must look");
        return Done{};
    }
    if (mark->size > head.size)
        return frozen(
            "the database is behind the log's high-water mark: it was restored from an old copy");
    const auto proof = tiles_.consistency(mark->size, head.size);
    if (!proof) return proof.fault();
    if (!verify_consistency(*mark, {head.size, head.root}, *proof))
        return frozen("the database's log is not the one that was signed before");
    return Done{};
}

Result<Released> Sequencer::load(const LogOptions& options) {
    tiles_.forget();
    if (!mark_) {
        auto mark = HighWater::open(options.high_water_path, options.origin);
        if (!mark && mark.fault().kind == FaultKind::malformed) return frozen(mark.fault().reason);
        if (!mark) return mark.fault();
        mark_ = *std::move(mark);
    }
    const auto head = store_.log_head();
    if (!head) return head.fault();
    if (head->frontier.size() != static_cast<std::size_t>(__builtin_popcountll(head->size)))
        return frozen("the log's head is damaged");
    frontier_ = MerkleFrontier(head->size, head->frontier);
    const auto root = tiles_.root(head->size);
    if (!root && root.fault().kind == FaultKind::internal) return frozen(root.fault().reason);
    if (!root) return root.fault();
    if (*root != head->root || frontier_.root() != head->root)
        return frozen("the log's tiles do not give its root");
    const auto fits = check_mark(*head, options.adopt_missing_mark);
    if (!fits) return fits.fault();

    std::vector<std::string> partial;
    for (std::uint32_t level = 0; level < 8 && (head->size >> (8 * level)) > 0; ++level) {
        const std::uint64_t hashes = head->size >> (8 * level);
        std::string tile;
        if (hashes % tile_width != 0) {
            auto row = tiles_.tile(head->size, level, hashes / tile_width);
            if (!row) return row.fault();
            tile = row->substr(0, static_cast<std::size_t>(hashes % tile_width) * 32);
        }
        partial.push_back(std::move(tile));
    }
    edge_ = TileEdge(head->size, std::move(partial));
    head_ = {head->size, head->root};

    const auto last = store_.last_checkpoint();
    if (!last) return last.fault();
    if (*last && ((*last)->size > head_.size ||
                  ((*last)->size == head_.size && (*last)->root != head_.root)))
        return frozen("a checkpoint is signed that the log does not hold");
    std::string note = *last && (*last)->size == head_.size ? (*last)->note : std::string();
    if (note.empty()) {  // the empty log, the first time
        auto fresh = signed_checkpoint(head_);
        if (!fresh) return fresh.fault();
        note = *std::move(fresh);
        const auto put = store_.apply(store::Batch{}.add(
            store::PutCheckpoint{{head_.size, head_.root, note, clock_.now().ms}}));
        if (!put) return put.fault();
    }
    const auto raised = mark_->raise(head_);
    if (!raised) return raised.fault();
    return Released{head_, note};
}

Result<std::string> Sequencer::signed_checkpoint(const TreeHead& head) {
    const std::string text = write_checkpoint({verifier_.name(), head.size, head.root});
    std::string note = text + "\n" + sign_line(key_, verifier_.name(), text);
    // A signature made by failing hardware must not go out.
    const auto parsed = parse_note(note);
    if (!parsed) return frozen("a checkpoint of our own does not parse");
    const auto good = signed_by(*parsed, verifier_);
    if (!good || !*good) return frozen("a signature of our own does not verify");
    return note;
}

// As a witness would: the new tree, read from the new tiles alone, must extend the last checkpoint.
Result<Done> Sequencer::check_growth(const TreeHead& head,
                                     const std::vector<store::LogTileRow>& tiles) {
    std::map<std::pair<std::uint32_t, std::uint64_t>, const std::string*> fresh;
    for (const store::LogTileRow& tile : tiles)
        fresh[{tile.level, tile.index}] = &tile.hashes;
    std::optional<Fault> fault;
    const SubtreeHash hash_of = subtrees_of([&](std::uint32_t level, std::uint64_t index) {
        const auto at = fresh.find({level, index});
        if (at != fresh.end()) return *at->second;
        auto tile = tiles_.tile(head_.size, level, index);
        if (tile) return *std::move(tile);
        if (!fault) fault = tile.fault();
        return std::string();
    });
    const Digest root = merkle_root(head.size, hash_of);
    const auto proof = consistency_proof(head_.size, head.size, hash_of);
    if (fault) return *std::move(fault);
    if (root != head.root || !verify_consistency(head_, head, proof))
        return frozen("the new tiles do not extend the last checkpoint");
    return Done{};
}

Result<Released> Sequencer::integrate(const std::vector<store::AuditRow>& rows) {
    MerkleFrontier frontier = frontier_;
    TileEdge edge = edge_;
    store::Batch batch;
    for (const store::AuditRow& row : rows) {
        const Digest hash = merkle_leaf(row.leaf);
        batch.add(store::PutLogEntry{{frontier.size(), row.shard, row.seq, hash, {}}});
        frontier.append(hash);
        edge.append(hash);
    }
    const auto tiles = edge.take_changed();
    const TreeHead head{frontier.size(), frontier.root()};
    const auto grown = check_growth(head, tiles);
    if (!grown) return grown.fault();
    auto note = signed_checkpoint(head);
    if (!note) return note.fault();
    for (const store::LogTileRow& tile : tiles)
        batch.add(store::PutLogTile{tile});
    batch.add(store::MoveLogHead{head_.size, {head.size, head.root, frontier.subtrees()}});
    batch.add(store::PutCheckpoint{{head.size, head.root, *note, clock_.now().ms}});
    failpoint("log.before_commit");
    const auto committed = store_.apply(std::move(batch));
    failpoint("log.after_commit");
    if (!committed) return committed.fault();
    frontier_ = std::move(frontier);
    edge_ = std::move(edge);
    head_ = head;
    for (const store::LogTileRow& tile : tiles)
        tiles_.keep(tile);
    const auto raised = mark_->raise(head);
    failpoint("log.marked");
    if (!raised) return raised.fault();
    return Released{head, *std::move(note)};
}

}  // namespace tongban::audit
