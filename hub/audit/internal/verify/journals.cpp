#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// Connectors' journals: each is a chain of its own, and what the leaves say of a member's journal
// stands in it.
namespace tongban::audit::verify {
namespace {

struct Journal {
    std::map<std::int64_t, std::string> hashes;  // number -> hex of the entry's hash
    std::set<std::string> answers;               // "exchange sha256" of every answer sent
};

Journal read_journal(Look& look, const std::string& member, const std::string& path) {
    Journal journal;
    auto database = Sqlite::open(path, SqliteMode::read_only);
    if (!database) {
        look.problem("journal.unreadable", member, database.fault().reason);
        return journal;
    }
    Look inside(**database, look.inputs(), look.report());
    Digest previous{};
    std::int64_t number = 0;
    inside.each(
        "SELECT n,prev,kind,exchange,job,sha256,time_ms,hash FROM journal ORDER BY n",
        [&](const SqliteStatement& row) {
            const std::string at = "journal " + member + " " + std::to_string(row.integer(0));
            const Json entry{{"exchange", row.text(3)},
                             {"job", row.text(4)},
                             {"kind", row.text(2)},
                             {"n", row.integer(0)},
                             {"prev", hex(row.blob(1))},
                             {"sha256", row.text(5)},
                             {"time_ms", row.integer(6)},
                             {"v", "tongban/journal/v1"}};
            const Digest hash = sha256(canonical_json(entry));
            if (row.integer(0) != ++number)
                look.problem("journal.gap", at, "an entry is missing before this one");
            if (row.blob(1) != bytes_of(previous) || row.blob(7) != bytes_of(hash))
                look.problem("journal.chain", at, "the entry does not follow from the one before");
            number = row.integer(0);
            previous = hash;
            journal.hashes[number] = hex(hash);
            if (row.text(2) == "answer") journal.answers.insert(row.text(3) + " " + row.text(5));
            ++look.report().journal_entries;
        });
    return journal;
}

void look_at_head(Look& look,
                  const std::map<std::string, Journal>& journals,
                  const std::string& at,
                  const std::string& member,
                  const Json& from) {
    const auto journal = journals.find(member);
    const Json& head = verify::member(from, "journal");
    if (journal == journals.end() || head.is_null()) return;
    const auto entry = journal->second.hashes.find(integer(head, "number"));
    if (entry == journal->second.hashes.end())
        look.problem("journal.short",
                     at,
                     "the leaf names an entry that the journal of " + member + " does not have");
    else if (entry->second != text(head, "hash"))
        look.problem(
            "journal.fork", at, "the journal of " + member + " has another entry at that number");
}

}  // namespace

void look_at_journals(Look& look) {
    if (look.inputs().journals.empty()) return;
    std::map<std::string, Journal> journals;
    for (const auto& [member, path] : look.inputs().journals)
        journals[member] = read_journal(look, member, path);
    look.each("SELECT exchange_id,leaf,actor FROM audit WHERE kind IN (1,2,3)",
              [&](const SqliteStatement& row) {
                  const auto json = parse_json(row.blob(1));
                  if (!json || !json->is_object()) return;
                  const std::string exchange = row.text(0);
                  const std::string at = "exchange " + exchange;
                  look_at_head(look, journals, at, row.text(2), *json);
                  for (const Json& part : member(*json, "parts")) {
                      const std::string provider = text(part, "provider");
                      look_at_head(look, journals, at, provider, part);
                      const auto journal = journals.find(provider);
                      const std::string sha256 = text(part, "native_sha256");
                      if (journal == journals.end() || sha256.empty()) continue;
                      if (!journal->second.answers.contains(
                              std::string(exchange).append(" ").append(sha256)))
                          look.problem("journal.answer",
                                       at,
                                       "the journal of " + provider + " has no such answer");
                  }
              });
}

}  // namespace tongban::audit::verify
