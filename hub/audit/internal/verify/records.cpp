#include <algorithm>
#include <optional>
#include <set>

#include "base/files.h"
#include "base/json.h"
#include "base/merkle.h"
#include "base/text.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// Sealed records: what a leaf commits to is there, opens, and is what was committed to; or an
// erasure leaf says why not.
namespace tongban::audit::verify {
namespace {

struct SubjectKey {
    std::string key_id;
    std::string wrapped;
    bool erased = false;
};

struct Vault {
    std::optional<std::string> wrapping;  // the hub's wrapping key, when the key file is given
    std::map<std::string, SubjectKey> subjects;
    std::set<std::string> erased_by_leaf;
};

struct Reader {  // of a group's plain bytes
    std::string_view rest;
    bool bad = false;
    std::string_view take(std::size_t count) {
        if (rest.size() < count) bad = true;
        const std::string_view taken = rest.substr(0, bad ? 0 : count);
        rest.remove_prefix(bad ? rest.size() : count);
        return taken;
    }
    std::size_t number(std::size_t count) {
        std::size_t value = 0;
        for (const char c : take(count))
            value = value * 256 + static_cast<unsigned char>(c);
        return value;
    }
};

void read_vault(Look& look, Vault& vault) {
    if (!look.inputs().seal_key_path.empty()) {
        const auto file = read_file(look.inputs().seal_key_path, 1024);
        const auto key = file ? from_hex(trim(*file)) : Result<std::string>(file.fault());
        if (key && key->size() == 32)  // verify_log has refused any other
            vault.wrapping = std::string(bytes_of(hmac_sha256(*key, "tongban/seal/wrap/v1")));
    }
    look.each("SELECT leaf FROM audit WHERE kind=5", [&](const SqliteStatement& row) {
        const auto json = parse_json(row.blob(0));
        if (json) vault.erased_by_leaf.insert(text(*json, "key_id"));
    });
    look.each("SELECT key_id,wrapped,erased_ms FROM subject_key", [&](const SqliteStatement& row) {
        SubjectKey key{row.text(0), row.blob(1), row.integer(2) != 0};
        if (key.erased && key.wrapped.find_first_not_of('\0') != std::string::npos)
            look.problem(
                "erasure.undone", "subject_key " + key.key_id, "an erased key is still there");
        if (key.erased && !vault.erased_by_leaf.contains(key.key_id))
            look.problem("erasure.leaf",
                         "subject_key " + key.key_id,
                         "a key was erased and no leaf says so");
        vault.subjects.emplace(key.key_id, key);
    });
}

struct Group {
    std::vector<std::string> key_ids;
    std::string sealed;
};
struct Record {
    std::int64_t shard = 0;
    std::string exchange;
    std::string name;
    std::string wrapped;
    std::string commitments;
    std::vector<Group> groups;
};

using Told = std::map<std::string, std::string, std::less<>>;

// Opens the groups of one record and strikes what it finds off what was committed to.
class RecordLook {
public:
    // `told`: gets what the offices' answers hold, by path, and the head of the request.
    RecordLook(Look& look, const Vault& vault, const Record& record, Told& told)
        : look_(look),
          vault_(vault),
          record_(record),
          told_(told),
          name_(record.exchange + "/" + record.name),
          at_("record " + name_) {
        for (std::size_t i = 0; i < record.commitments.size(); i += 32)
            committed_.insert(record.commitments.substr(i, 32));
    }

    void open() {
        const auto key = unseal(*vault_.wrapping, record_.wrapped, "record/" + name_);
        if (!key)
            return look_.problem("record.key", at_, "its key does not open with the hub's key");
        const std::size_t promised = committed_.size();
        bool erased_any = false;
        for (std::size_t n = 0; n < record_.groups.size(); ++n) {
            const auto subjects = subjects_of(record_.groups[n]);
            if (!subjects) return;
            if (subjects->erased) {
                erased_any = true;
                ++look_.report().groups_erased;
                continue;
            }
            open_group(n, bytes_of(hmac_sha256(*key, subjects->material)));
        }
        if (!erased_any && opened_ != promised)
            look_.problem("record.value", at_, "a value committed to is not there");
    }

private:
    struct Subjects {
        std::string material;
        bool erased = false;
    };

    // Nothing: a key that should be there is not, and that is said.
    std::optional<Subjects> subjects_of(const Group& group) {
        Subjects found{std::string("group\0", 6), false};
        for (const std::string& key_id : group.key_ids) {
            const auto subject = vault_.subjects.find(key_id);
            if (subject == vault_.subjects.end()) {
                look_.problem("record.subject", at_, "a subject's key is missing");
                return std::nullopt;
            }
            if (subject->second.erased) {
                found.erased = true;
                continue;
            }
            const auto key = unseal(*vault_.wrapping, subject->second.wrapped, "subject/" + key_id);
            if (!key) {
                look_.problem(
                    "record.subject", at_, "a subject's key does not open with the hub's key");
                return std::nullopt;
            }
            found.material += *key;
        }
        return found;
    }

    void open_group(std::size_t n, std::string_view key) {
        const auto plain =
            unseal(key, record_.groups[n].sealed, "group/" + name_ + "/" + std::to_string(n));
        if (!plain)
            return look_.problem(
                "record.group", at_, "a group does not open and no erasure explains it");
        ++look_.report().groups_opened;
        Reader reader{*plain};
        while (!reader.rest.empty() && !reader.bad) {
            const std::string_view item = reader.rest;
            const std::string_view path = reader.take(reader.number(2));
            reader.take(32);
            const std::string_view value = reader.take(reader.number(4));
            if (path.starts_with("answer/") || path == "request.head") told_.emplace(path, value);
            // The sealed form of an item is its committed form after the label.
            std::string bytes("hub/commit/v1\0", 14);
            bytes += item.substr(0, item.size() - reader.rest.size());
            if (reader.bad || committed_.erase(std::string(bytes_of(sha256(bytes)))) == 0)
                look_.problem("record.value", at_, "a value is not the one committed to");
            else
                ++opened_;
        }
    }

    Look& look_;
    const Vault& vault_;
    const Record& record_;
    Told& told_;
    const std::string name_;
    const std::string at_;
    std::set<std::string> committed_;
    std::size_t opened_ = 0;
};

// Placement provider: what stands in the place of the native bytes is what the provider signed.
// What an erasure closed, or a key not given, is not looked at.
void look_at_told(Look& look, const Json& leaf, const Told& told, const std::string& at) {
    for (const Json& part : member(leaf, "parts")) {
        const bool judged = !text(part, "judgement_sha256").empty();
        const bool canonical = !text(part, "canonical_sha256").empty();
        const bool root = !text(part, "commitments_root").empty();
        const bool enveloped = part.contains("envelope") && !text(part, "native_sha256").empty();
        if ((judged && !enveloped) || canonical != root || (canonical && !judged)) {
            look.problem("answer.form", at, "a part tells of an answer that nobody signed whole");
            continue;
        }
        const std::string name = "answer/" + text(part, "part");
        const auto differs = [&](const std::string& item, const std::string& digest) {
            const auto found = told.find(name + item);
            return found != told.end() && hex(sha256(found->second)) != digest;
        };
        const auto kept_root = told.find(name + ".commitments_root");
        if (differs(".canonical", text(part, "canonical_sha256")) ||
            differs(".judgement", text(part, "judgement_sha256")) ||
            (kept_root != told.end() && kept_root->second != text(part, "commitments_root")))
            look.problem("answer.told", at, "a sealed answer is not the one that was signed");
    }
}

void look_at_head(Look& look, std::int64_t shard, const std::string& exchange, const Told& told) {
    const auto head = told.find("request.head");
    if (head != told.end()) look_at_request(look, shard, exchange, head->second);
}

}  // namespace

void look_at_records(Look& look) {
    Vault vault;
    read_vault(look, vault);
    look.each(
        "SELECT shard,exchange_id,leaf FROM audit WHERE kind IN (1,2)",
        [&](const SqliteStatement& leaf_row) {
            const auto json = parse_json(leaf_row.blob(2));
            if (!json || member(*json, "records").is_null()) return;
            const std::int64_t shard = leaf_row.integer(0);
            const std::string exchange = leaf_row.text(1);
            const std::string at = "exchange " + exchange;
            const auto bind = [&](SqliteStatement& statement) {
                statement.bind(1, shard).bind_text(2, exchange);
            };
            std::map<std::string, Record> records;
            look.each(
                "SELECT name,wrapped_key,commitments FROM record WHERE shard=? AND exchange_id=?",
                [&](const SqliteStatement& row) {
                    records[row.text(0)] = {
                        shard, exchange, row.text(0), row.blob(1), row.blob(2), {}};
                },
                bind);
            look.each(
                "SELECT name,key_ids,sealed FROM record_group WHERE shard=? AND exchange_id=? "
                "ORDER BY name,n",
                [&](const SqliteStatement& row) {
                    const auto record = records.find(row.text(0));
                    if (record == records.end()) return;
                    const std::string ids = row.text(1);
                    record->second.groups.push_back(
                        {ids.empty() ? std::vector<std::string>() : split(ids, ' '), row.blob(2)});
                },
                bind);
            std::vector<std::string> commitments;
            Told told;
            for (const Json& name : member(*json, "records")) {
                const auto record =
                    name.is_string() ? records.find(name.get<std::string>()) : records.end();
                if (record == records.end()) {
                    look.problem("record.missing", at, "a record that the leaf names is gone");
                    continue;
                }
                ++look.report().records;
                for (std::size_t i = 0; i + 32 <= record->second.commitments.size(); i += 32)
                    commitments.push_back(record->second.commitments.substr(i, 32));
                if (vault.wrapping) RecordLook(look, vault, record->second, told).open();
            }
            look_at_told(look, *json, told, at);
            look_at_head(look, shard, exchange, told);
            std::sort(commitments.begin(), commitments.end());
            MerkleFrontier tree;
            for (const std::string& one : commitments)
                tree.append(merkle_leaf(one));
            const Json expected{{"count", static_cast<std::int64_t>(commitments.size())},
                                {"root", hex(tree.root())},
                                {"suite", "hub/commit/v1"}};
            if (member(*json, "commitments") != expected)
                look.problem(
                    "record.root", at, "the records do not give the leaf's commitment root");
        });
}

}  // namespace tongban::audit::verify
