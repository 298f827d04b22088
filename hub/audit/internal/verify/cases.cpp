#include <map>
#include <set>

#include "base/json.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// A case's leaves tell its whole way: opened, then one leaf a transition, each beginning where the
// one before ended, of one item; a joint decision never changes; nothing follows the end; the
// case's rows say the same.
namespace tongban::audit::verify {
namespace {

struct Joint {
    std::string decision;
    std::int64_t rev = 0;
};

struct Case {
    std::int64_t rev = 0;
    std::int64_t seq = 0;
    std::string item;
    std::string item_sha256;
    std::string state;
    bool closed = false;
    std::map<std::string, Joint> joints;
};

using Cases = std::map<std::int64_t, Case>;

void look_at_joints(Look& look, const std::string& at, const Json& leaf, Case& seen) {
    for (const Json& joint : member(leaf, "joints")) {
        const std::string decision = text(joint, "decision");
        const auto [before, fresh] =
            seen.joints.emplace(text(joint, "group"), Joint{decision, seen.rev});
        if (!fresh && before->second.decision != decision)
            look.problem("case.joint", at, "a joint decision is changed");
    }
}

void look_at_transition(Look& look, const SqliteStatement& row, Cases& cases) {
    const std::int64_t rev = row.integer(1);
    Case& seen = cases[row.integer(0)];
    const std::string at = "case " + std::to_string(row.integer(0)) + " rev " + std::to_string(rev);
    const auto leaf = parse_json(row.blob(3));
    if (!leaf || !leaf->is_object()) return;  // told with its shard
    if (integer(*leaf, "rev") != rev)
        look.problem("leaf.row", at, "the leaf and its row do not say the same");
    if (rev != seen.rev + 1) look.problem("case.gap", at, "a transition is missing before it");
    if (row.integer(2) <= seen.seq)
        look.problem("case.order", at, "it was written before the transition that it follows");
    if ((text(*leaf, "cause") == "opened") != (rev == 1))
        look.problem("case.opened", at, "a case is opened by its first transition alone");
    if (seen.rev == 0) {
        seen.item = text(*leaf, "item");
        seen.item_sha256 = text(*leaf, "item_sha256");
    }
    if (text(*leaf, "item") != seen.item || text(*leaf, "item_sha256") != seen.item_sha256)
        look.problem("case.item", at, "it runs by another item than the case began with");
    if (text(*leaf, "state_before") != seen.state)
        look.problem("case.state", at, "it does not begin where the one before ended");
    if (seen.closed) look.problem("case.ended", at, "the case had ended before");
    seen.rev = rev;
    seen.seq = row.integer(2);
    seen.state = text(*leaf, "state_after");
    seen.closed = text(*leaf, "status") == "closed";
    look_at_joints(look, at, *leaf, seen);
}

void look_at_rows(Look& look, const Cases& cases) {
    bool known = false;  // an older database has no cases
    look.each("SELECT count(*) FROM sqlite_master WHERE type='table' AND name IN ('cases','joint')",
              [&](const SqliteStatement& row) { known = row.integer(0) == 2; });
    if (!known) return;
    std::set<std::int64_t> there;
    look.each("SELECT case_id,rev FROM cases", [&](const SqliteStatement& row) {
        there.insert(row.integer(0));
        const auto seen = cases.find(row.integer(0));
        if (seen == cases.end() || seen->second.rev != row.integer(1))
            look.problem("case.rev",
                         "case " + std::to_string(row.integer(0)),
                         "its row counts other transitions than its leaves");
    });
    for (const auto& [id, seen] : cases)
        if (!there.contains(id))
            look.problem("case.row", "case " + std::to_string(id), "its row is gone");
    look.each("SELECT case_id,grp,decision,decided_rev FROM joint WHERE decision<>0",
              [&](const SqliteStatement& row) {
                  const std::string at =
                      "case " + std::to_string(row.integer(0)) + " joint " + row.text(1);
                  const auto seen = cases.find(row.integer(0));
                  const Joint none;
                  const Joint* joint = &none;
                  if (seen != cases.end() && seen->second.joints.contains(row.text(1)))
                      joint = &seen->second.joints.at(row.text(1));
                  if (joint->decision != (row.integer(2) == 1 ? "confirm" : "cancel") ||
                      joint->rev != row.integer(3))
                      look.problem("case.joint", at, "its row is not decided as its leaf says");
              });
}

}  // namespace

void look_at_cases(Look& look) {
    Cases cases;
    look.each("SELECT case_id,rev,seq,leaf FROM audit WHERE kind=4 ORDER BY case_id,rev",
              [&](const SqliteStatement& row) { look_at_transition(look, row, cases); });
    look_at_rows(look, cases);
}

}  // namespace tongban::audit::verify
