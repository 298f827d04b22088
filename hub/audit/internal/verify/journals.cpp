#include <unordered_map>

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// Connectors' journals: each is a chain of its own; what the leaves say of a member's journal
// stands in it; and what it says that the hub sent or was told stands in the leaves.
namespace tongban::audit::verify {
namespace {

struct Entry {
    std::int64_t number = 0;
    std::string kind;
    std::string exchange;
    std::string sha256;
};

struct Journal {
    std::map<std::int64_t, std::string> hashes;  // number -> hex of the entry's hash
    std::set<std::string> answers;               // "exchange sha256" of every answer sent
    std::set<std::string> acknowledgements;      // the same of what our office acknowledged
    std::vector<Entry> entries;                  // that name an exchange
};

// What the hub has of an exchange.
struct Logged {
    bool open = false;  // it has not ended: its leaves are to come
    bool leaf = false;  // denied, intended
    bool intent = false;
    bool outcome = false;
    std::string requester;
    std::string document;  // that the intent lets go
    std::string acknowledgement;
};
using LoggedExchanges = std::unordered_map<std::string, Logged>;

std::string named(const std::string& exchange, const std::string& sha256) {
    return exchange + " " + sha256;
}

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
            const std::string kind = row.text(2);
            if (kind == "answer") journal.answers.insert(named(row.text(3), row.text(5)));
            if (kind == "acknowledgement")
                journal.acknowledgements.insert(named(row.text(3), row.text(5)));
            if (!row.text(3).empty())
                journal.entries.push_back({number, kind, row.text(3), row.text(5)});
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

// The outcome leaf's proof that the receiver has it.
void look_at_acknowledgement(Look& look,
                             const std::map<std::string, Journal>& journals,
                             const std::string& exchange,
                             const std::string& receiver,
                             const Json& leaf) {
    const std::string sha256 = text(member(leaf, "acknowledgement"), "sha256");
    const auto journal = journals.find(receiver);
    if (journal == journals.end() || sha256.empty()) return;
    if (!journal->second.acknowledgements.contains(named(exchange, sha256)))
        look.problem("journal.acknowledgement",
                     "exchange " + exchange,
                     "the journal of " + receiver + " has no such acknowledgement");
}

LoggedExchanges logged_exchanges(Look& look) {
    LoggedExchanges all;
    look.each("SELECT exchange_id,is_open FROM exchange",
              [&](const SqliteStatement& row) { all[row.text(0)].open = row.integer(1) != 0; });
    look.each("SELECT exchange_id,kind,leaf,actor FROM audit WHERE kind IN (1,2,3)",
              [&](const SqliteStatement& row) {
                  Logged& logged = all[row.text(0)];
                  const auto json = parse_json(row.blob(2));
                  if (!json || !json->is_object()) return;
                  logged.leaf = true;
                  if (row.integer(1) == 2) {
                      logged.intent = true;
                      logged.requester = row.text(3);
                      logged.document = text(*json, "document_sha256");
                  }
                  if (row.integer(1) == 3) {
                      logged.outcome = true;
                      logged.acknowledgement = text(member(*json, "acknowledgement"), "sha256");
                  }
              });
    return all;
}

// What the connector received or sent, and the log does not tell. Durable first is the rule for
// whatever leaves the hub; a question alone may be forgotten with the hub that asked it.
void look_at_entry(Look& look,
                   const LoggedExchanges& exchanges,
                   const std::string& owner,
                   const Entry& entry) {
    const std::string at = "journal " + owner + " " + std::to_string(entry.number);
    const auto found = exchanges.find(entry.exchange);
    const bool known = found != exchanges.end();
    const Logged logged = known ? found->second : Logged{};
    if (entry.kind == "job" || entry.kind == "answer") {
        if (known) return;
        auto& report = look.report();
        if (report.journal_unlogged++ < 1000)
            report.unlogged.push_back(owner + " " + std::to_string(entry.number) + " " +
                                      entry.kind + " " + entry.exchange);
        return;
    }
    if (entry.kind == "outcome") {
        if (!logged.leaf && !logged.open)
            look.problem("journal.unknown", at, "it was told of an exchange that has no leaf");
        return;
    }
    if (entry.kind != "delivery" && entry.kind != "acknowledgement") return;
    if (!logged.intent || logged.requester != owner)
        return look.problem("journal.intent", at, "a document came to it without an intent leaf");
    if (entry.kind == "delivery") {
        if (entry.sha256 != logged.document)
            look.problem(
                "journal.document", at, "another document came to it than the intent names");
        return;
    }
    if (!logged.open && !logged.outcome)
        return look.problem("journal.outcome", at, "it acknowledged and no leaf says so");
    if (!logged.acknowledgement.empty() && logged.acknowledgement != entry.sha256)
        look.problem("journal.acknowledgement", at, "the leaf names another acknowledgement");
}

}  // namespace

std::map<std::string, std::int64_t> journal_ends(const VerifyInputs& inputs) {
    std::map<std::string, std::int64_t> ends;
    for (const auto& [member, path] : inputs.journals) {
        auto database = Sqlite::open(path, SqliteMode::read_only);
        if (!database) continue;  // look_at_journals says so
        auto last = (*database)->prepare("SELECT coalesce(max(n),0) FROM journal");
        if (!last) continue;
        const auto found = last->step();
        if (found && *found) ends[member] = last->integer(0);
    }
    return ends;
}

// Whoever told the hub of a journal has one.
void look_for_missing(Look& look) {
    look.each("SELECT member,max(number) FROM journal_head GROUP BY member HAVING max(number)>0",
              [&](const SqliteStatement& row) {
                  if (!look.inputs().journals.contains(row.text(0)))
                      look.problem("journal.missing",
                                   row.text(0),
                                   "the hub was told of its entry " +
                                       std::to_string(row.integer(1)) + "; there is no journal");
              });
}

void look_at_journals(Look& look, const std::map<std::string, std::int64_t>& ends) {
    if (look.inputs().with_journals) look_for_missing(look);
    if (look.inputs().journals.empty()) return;
    std::map<std::string, Journal> journals;
    for (const auto& [member, path] : look.inputs().journals)
        journals[member] = read_journal(look, member, path);
    look.each("SELECT exchange_id,leaf,actor,kind FROM audit WHERE kind IN (1,2,3)",
              [&](const SqliteStatement& row) {
                  const auto json = parse_json(row.blob(1));
                  if (!json || !json->is_object()) return;
                  const std::string exchange = row.text(0);
                  const std::string at = "exchange " + exchange;
                  look_at_head(look, journals, at, row.text(2), *json);
                  if (row.integer(3) == 3)
                      look_at_acknowledgement(look, journals, exchange, row.text(2), *json);
                  for (const Json& part : member(*json, "parts")) {
                      const std::string provider = text(part, "provider");
                      look_at_head(look, journals, at, provider, part);
                      const auto journal = journals.find(provider);
                      const std::string sha256 = text(part, "native_sha256");
                      if (journal == journals.end() || sha256.empty()) continue;
                      if (!journal->second.answers.contains(named(exchange, sha256)))
                          look.problem("journal.answer",
                                       at,
                                       "the journal of " + provider + " has no such answer");
                  }
              });
    const LoggedExchanges exchanges = logged_exchanges(look);
    for (const auto& [member, journal] : journals) {
        const auto end = ends.find(member);
        for (const Entry& entry : journal.entries) {
            if (end == ends.end() || entry.number > end->second) break;  // came after our look
            look_at_entry(look, exchanges, member, entry);
        }
    }
}

}  // namespace tongban::audit::verify
