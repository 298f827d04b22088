#include <set>
#include <tuple>

#include "base/json.h"
#include "base/merkle.h"
#include "base/text.h"
#include "hub/audit/internal/verify/look.h"

// Each shard's audit rows: 1..head without a gap, chained to the shard's head, each leaf what it
// says it is.
namespace tongban::audit::verify {
namespace {

struct Shard {
    std::int64_t epoch = 0;
    std::int64_t head = 0;
    std::string head_hash;
};

struct Walk {
    std::int64_t shard = -1;
    std::int64_t seq = 0;
    std::int64_t epoch = 0;
    Digest chain{};
};

std::string place(std::int64_t shard, std::int64_t seq) {
    return "audit " + std::to_string(shard) + "/" + std::to_string(seq);
}

std::string kind_of(std::int64_t number) {
    switch (number) {
        case 1:
            return "denied";
        case 2:
            return "intent";
        case 3:
            return "outcome";
        case 4:
            return "case";
        case 5:
            return "erasure";
        case 6:
            return "key";
        case 7:
            return "config";
        case 8:
            return "freeze";
        case 9:
            return "consent";
        default:
            return "?";
    }
}

void look_at_leaf(Look& look, const std::string& at, const SqliteStatement& row) {
    const std::string leaf = row.blob(5);
    const auto json = parse_json(leaf);
    if (!json || !json->is_object())
        return look.problem("leaf.form", at, "the leaf is not a JSON object");
    if (canonical_json(*json) != leaf)
        return look.problem("leaf.form", at, "the leaf is not in canonical form");
    const auto is = [&](const char* name, const Json& value) {
        return json->contains(name) && (*json)[name] == value;
    };
    if (!is("v", "tongban/leaf/v1") || !is("shard", row.integer(0)) || !is("seq", row.integer(1)) ||
        !is("kind", kind_of(row.integer(3))) ||
        !is(row.integer(3) == 4 ? "case" : "exchange", row.text(4)))
        look.problem("leaf.row", at, "the leaf and its row do not say the same");
}

}  // namespace

void look_at_shards(Look& look) {
    std::map<std::int64_t, Shard> shards;
    look.each("SELECT shard,epoch,head_seq,head_hash FROM shard_ctl",
              [&](const SqliteStatement& row) {
                  shards[row.integer(0)] = {row.integer(1), row.integer(2), row.blob(3)};
              });
    Walk walk;
    const auto finish = [&] {
        if (walk.shard < 0) return;
        const Shard& shard = shards[walk.shard];
        const std::string at = place(walk.shard, walk.seq);
        if (walk.seq != shard.head)
            look.problem("shard.head", at, "the last row is not the shard's head");
        else if (bytes_of(walk.chain) != shard.head_hash)
            look.problem("shard.chain", at, "the rows do not hash to the shard's head");
        shards.erase(walk.shard);
    };
    std::set<std::tuple<std::string, std::int64_t, std::int64_t>> seen;
    look.each("SELECT shard,seq,epoch,kind,exchange_id,leaf,rev FROM audit ORDER BY shard,seq",
              [&](const SqliteStatement& row) {
                  if (row.integer(0) != walk.shard) {
                      finish();
                      walk = Walk{row.integer(0), 0, 0, {}};
                  }
                  const std::string at = place(row.integer(0), row.integer(1));
                  if (row.integer(1) != walk.seq + 1)
                      look.problem("shard.gap", at, "a number is missing before this row");
                  if (row.integer(2) < walk.epoch || row.integer(2) > shards[walk.shard].epoch)
                      look.problem("shard.epoch", at, "epochs go back");
                  if (!seen.emplace(row.text(4), row.integer(3), row.integer(6)).second)
                      look.problem("leaf.twice", at, "this exchange has two leaves of one kind");
                  walk.seq = row.integer(1);
                  walk.epoch = row.integer(2);
                  std::string bytes(bytes_of(walk.chain));
                  bytes += bytes_of(merkle_leaf(row.blob(5)));
                  walk.chain = sha256(bytes);
                  look_at_leaf(look, at, row);
              });
    finish();
    for (const auto& [number, shard] : shards)
        if (shard.head != 0)
            look.problem("shard.head", place(number, shard.head), "the shard's rows are gone");
}

}  // namespace tongban::audit::verify
