#include <filesystem>
#include <vector>

#include "base/files.h"
#include "base/merkle.h"
#include "base/text.h"
#include "hub/audit/internal/verify/look.h"
#include "hub/audit/internal/verify/note.h"

// The tree from the leaves up: entries, tiles, roots at every signed size, signatures,
// cosignatures, high-water mark.
namespace tongban::audit::verify {
namespace {

struct Tile {
    std::int64_t width = 0;
    std::string hashes;
};
using Tiles = std::map<std::pair<std::int64_t, std::int64_t>, Tile>;

struct Signed {
    std::uint64_t size = 0;
    std::string root;
    std::string note;
};

Digest top_of(std::vector<Digest> row) {  // of 256 hashes
    while (row.size() > 1) {
        std::vector<Digest> above;
        for (std::size_t i = 0; i + 1 < row.size(); i += 2)
            above.push_back(merkle_node(row[i], row[i + 1]));
        row = std::move(above);
    }
    return row.front();
}

// Grows levels of hashes, 256 to one, and hands out each tile when it is full, or at the end when
// it is not.
class Builder {
public:
    using Done = std::function<void(
        std::int64_t level, std::int64_t index, const std::vector<Digest>& hashes)>;
    explicit Builder(Done done) : done_(std::move(done)) {}
    void add(const Digest& hash, std::size_t level = 0) {
        if (levels_.size() <= level) levels_.resize(level + 1);
        levels_[level].open.push_back(hash);
        if (levels_[level].open.size() < 256) return;
        const std::vector<Digest> full = std::move(levels_[level].open);
        levels_[level].open.clear();
        done_(static_cast<std::int64_t>(level), levels_[level].full++, full);
        add(top_of(full), level + 1);
    }
    void end() {
        for (std::size_t level = 0; level < levels_.size(); ++level)
            if (!levels_[level].open.empty())
                done_(static_cast<std::int64_t>(level), levels_[level].full, levels_[level].open);
    }

private:
    struct Level {
        std::vector<Digest> open;
        std::int64_t full = 0;
    };
    Done done_;
    std::vector<Level> levels_;
};

void look_at_signatures(Look& look, const std::vector<Signed>& checkpoints) {
    const auto log = read_vkey(look.inputs().log_vkey);
    if (!log) return;  // verify_log has refused it before
    std::map<std::string, Key> witnesses;
    for (const std::string& vkey : look.inputs().witness_vkeys)
        if (auto key = read_vkey(vkey)) witnesses.emplace(std::string(key->name), *key);
    std::map<std::uint64_t, std::string> texts;
    for (const Signed& checkpoint : checkpoints) {
        const std::string at = "log_checkpoint " + std::to_string(checkpoint.size);
        const Read read = read_checkpoint(checkpoint.note, *log);
        if (!read.head) {
            look.problem("checkpoint.signature", at, read.why);
            continue;
        }
        if (read.head->origin != log->name || read.head->size != checkpoint.size ||
            read.head->root != checkpoint.root)
            look.problem("checkpoint.row", at, "the note and its row do not say the same");
        texts[checkpoint.size] = read.head->text;
    }
    look.each("SELECT size,witness,line FROM log_cosig ORDER BY size",
              [&](const SqliteStatement& row) {
                  const auto size = static_cast<std::uint64_t>(row.integer(0));
                  const std::string at = "log_cosig " + std::to_string(size) + " " + row.text(1);
                  const auto witness = witnesses.find(row.text(1));
                  if (witness == witnesses.end()) {
                      ++look.report().cosignatures_unknown;
                      return;
                  }
                  ++look.report().cosignatures;
                  if (!texts.contains(size) ||
                      !good_cosignature(row.text(2), texts[size], witness->second))
                      look.problem(
                          "cosignature", at, "it does not verify over the checkpoint of that size");
              });
}

void look_at_mark(Look& look,
                  const Result<std::string>& bytes,
                  std::uint64_t size,
                  const std::map<std::uint64_t, Digest>& roots) {
    if (look.inputs().high_water_path.empty()) return;
    if (!bytes) return look.problem("mark.missing", "high-water mark", bytes.fault().reason);
    std::uint64_t marked = 0;
    std::string root;
    for (const std::size_t slot : {std::size_t{0}, std::size_t{4096}}) {
        if (bytes->size() < slot + 120) continue;
        const std::string text = bytes->substr(slot, 120);
        if (text.substr(0, 8) != "tbmark/1" ||
            bytes_of(sha256(text.substr(0, 88))) != text.substr(88))
            continue;
        std::uint64_t at = 0;
        for (const char c : text.substr(16, 8))
            at = at * 256 + static_cast<unsigned char>(c);
        if (!root.empty() && at < marked) continue;
        marked = at;
        root = text.substr(24, 32);
    }
    if (root.empty())
        return look.problem("mark.form", "high-water mark", "no slot of it can be read");
    if (marked > size)
        return look.problem(
            "mark.ahead", "high-water mark", "the log once was larger: an old copy was restored");
    const auto ours = roots.find(marked);
    if (ours == roots.end() || bytes_of(ours->second) != root)
        look.problem("mark.root", "high-water mark", "the log had another root at that size");
}

// The log's rows from the first entry to the last: tiles, roots, heads.
class TreeLook {
public:
    explicit TreeLook(Look& look) : look_(look) {
        look_.each("SELECT level,idx,width,hashes FROM log_tile", [&](const SqliteStatement& row) {
            tiles_[{row.integer(0), row.integer(1)}] = {row.integer(2), row.blob(3)};
        });
        look_.each("SELECT size,root,note FROM log_checkpoint ORDER BY size",
                   [&](const SqliteStatement& row) {
                       checkpoints_.push_back(
                           {static_cast<std::uint64_t>(row.integer(0)), row.blob(1), row.text(2)});
                   });
        roots_.emplace(0, tree_.root());
    }

    void entries() {
        Builder builder(
            [&](std::int64_t level, std::int64_t index, const std::vector<Digest>& hashes) {
                check_tile(level, index, hashes);
            });
        check_root();
        look_.each(
            "SELECT e.idx,e.leaf_hash,a.leaf,e.shard,e.seq FROM log_entry e "
            "LEFT JOIN audit a ON a.shard=e.shard AND a.seq=e.seq ORDER BY e.idx",
            [&](const SqliteStatement& row) {
                const std::string at = "log_entry " + std::to_string(row.integer(0));
                if (static_cast<std::uint64_t>(row.integer(0)) != tree_.size())
                    look_.problem("entry.gap", at, "a place of the log is empty before this one");
                if (row.is_null(2)) look_.problem("entry.leaf", at, "its audit row is gone");
                const Digest hash = merkle_leaf(row.blob(2));
                if (bytes_of(hash) != row.blob(1))
                    look_.problem("leaf.altered", at, "the leaf is not the one that was logged");
                tree_.append(hash);
                builder.add(hash);
                check_root();
            });
        builder.end();
        roots_[tree_.size()] = tree_.root();
        look_.report().leaves = tree_.size();
    }

    void what_is_left_over() {
        for (const auto& [place, tile] : tiles_)
            look_.problem("tile.extra", name_of(place), "the log has no such tile");
        for (const Signed& checkpoint : checkpoints_)
            if (checkpoint.size > tree_.size())
                look_.problem("checkpoint.ahead",
                              "log_checkpoint " + std::to_string(checkpoint.size),
                              "a head is signed that the log does not reach");
        if (tree_.size() > 0 && (checkpoints_.empty() || checkpoints_.back().size != tree_.size()))
            look_.problem("checkpoint.missing",
                          "log_checkpoint",
                          "the newest entries are under no checkpoint");
    }

    void head() {
        look_.each(
            "SELECT size,root,frontier FROM log_head WHERE id=0", [&](const SqliteStatement& row) {
                std::string frontier;
                for (const Digest& hash : tree_.subtrees())
                    frontier += bytes_of(hash);
                if (static_cast<std::uint64_t>(row.integer(0)) != tree_.size() ||
                    row.blob(1) != bytes_of(tree_.root()) || row.blob(2) != frontier)
                    look_.problem("head", "log_head", "the head is not what the leaves give");
            });
    }

    [[nodiscard]] const std::vector<Signed>& checkpoints() const { return checkpoints_; }
    [[nodiscard]] const std::map<std::uint64_t, Digest>& roots() const { return roots_; }
    [[nodiscard]] std::uint64_t size() const { return tree_.size(); }

private:
    using Place = Tiles::key_type;

    static std::string name_of(const Place& place) {
        return "log_tile " + std::to_string(place.first) + "/" + std::to_string(place.second);
    }

    void check_tile(std::int64_t level, std::int64_t index, const std::vector<Digest>& hashes) {
        const std::string at = name_of({level, index});
        const auto tile = tiles_.find({level, index});
        if (tile == tiles_.end())
            return look_.problem("tile.missing", at, "the log needs this tile");
        std::string bytes;
        for (const Digest& hash : hashes)
            bytes += bytes_of(hash);
        if (tile->second.hashes != bytes ||
            tile->second.width != static_cast<std::int64_t>(hashes.size()))
            look_.problem("tile.altered", at, "the tile is not what the leaves give");
        tiles_.erase(tile);
    }

    // Of every checkpoint that the tree has reached.
    void check_root() {
        for (; next_ < checkpoints_.size() && checkpoints_[next_].size <= tree_.size(); ++next_) {
            if (checkpoints_[next_].size != tree_.size()) continue;
            roots_[tree_.size()] = tree_.root();
            if (bytes_of(tree_.root()) != checkpoints_[next_].root)
                look_.problem("checkpoint.root",
                              "log_checkpoint " + std::to_string(tree_.size()),
                              "the leaves give another root at that size");
        }
    }

    Look& look_;
    Tiles tiles_;
    std::vector<Signed> checkpoints_;
    MerkleFrontier tree_;
    std::map<std::uint64_t, Digest> roots_;
    std::size_t next_ = 0;
};

// A leaf is in the log, or waits for it.
void look_at_waiting(Look& look) {
    look.each("SELECT count(*) FROM log_pending", [&](const SqliteStatement& row) {
        look.report().waiting = static_cast<std::uint64_t>(row.integer(0));
    });
    look.each(
        "SELECT a.shard,a.seq FROM audit a LEFT JOIN log_entry e ON e.shard=a.shard AND "
        "e.seq=a.seq "
        "LEFT JOIN log_pending p ON p.shard=a.shard AND p.seq=a.seq WHERE e.idx IS NULL AND p.seq "
        "IS NULL",
        [&](const SqliteStatement& row) {
            look.problem(
                "leaf.forgotten",
                "audit " + std::to_string(row.integer(0)) + "/" + std::to_string(row.integer(1)),
                "the leaf is neither in the log nor waiting for it");
        });
}

}  // namespace

void look_at_tree(Look& look, const Result<std::string>& mark) {
    TreeLook tree(look);
    look.report().checkpoints = tree.checkpoints().size();
    tree.entries();
    tree.what_is_left_over();
    tree.head();
    look_at_waiting(look);
    look_at_signatures(look, tree.checkpoints());
    look_at_mark(look, mark, tree.size(), tree.roots());
}

}  // namespace tongban::audit::verify
