#include <unordered_map>

#include "base/json.h"
#include "base/text.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// An exchange is either denied or intended; an outcome follows its intent, names it, and is about
// the same document. A consent
// is withdrawn once, no data goes out on it afterwards, and nothing admitted afterwards rests on
// it.
namespace tongban::audit::verify {
namespace {

constexpr std::int64_t withdrawal_grace_ms = 60'000;  // its mark and leaf become durable

using Consent = std::pair<std::string, std::string>;  // member, its id of it

}  // namespace

void look_at_consents(Look& look) {
    std::map<Consent, std::int64_t> withdrawn;
    look.each("SELECT exchange_id,leaf FROM audit WHERE kind=9", [&](const SqliteStatement& row) {
        const std::string at = "exchange " + row.text(0);
        const auto json = parse_json(row.blob(1));
        if (!json || text(*json, "change") != "withdrawn") return;
        const Consent consent{text(*json, "member"), text(*json, "consent")};
        if (!withdrawn.emplace(consent, integer(*json, "time_ms")).second)
            look.problem("consent.twice", at, "a consent is withdrawn twice");
    });
    look.each("SELECT member,consent_id,withdrawn_ms FROM consent",
              [&](const SqliteStatement& row) {
                  const Consent consent{row.text(0), row.text(1)};
                  const std::string at = "consent " + consent.first + "/" + consent.second;
                  const bool marked = row.integer(2) != 0;
                  if (marked && !withdrawn.contains(consent))
                      look.problem("consent.leaf", at, "it is withdrawn and no leaf says so");
                  if (!marked && withdrawn.contains(consent))
                      look.problem("consent.undone", at, "a withdrawn consent is in force");
              });
    if (withdrawn.empty()) return;
    look.each("SELECT exchange_id,leaf FROM audit WHERE kind=2", [&](const SqliteStatement& row) {
        const auto json = parse_json(row.blob(1));
        if (!json) return;
        const auto found = withdrawn.find({text(*json, "requester"), text(*json, "consent")});
        if (found == withdrawn.end()) return;
        // Data may go out on a standing consent alone; what an office has done is told later too.
        const std::string kind = text(*json, "exchange_kind");
        const bool gives_data = kind == "fetch" || kind == "verify";
        const std::int64_t counts = gives_data ? integer(*json, "time_ms") : uuid_ms(row.text(0));
        if (counts > found->second + withdrawal_grace_ms)
            look.problem("order.consent",
                         "exchange " + row.text(0),
                         "it rests on a consent that was withdrawn before");
    });
}

void look_at_order(Look& look) {
    struct Intent {
        std::int64_t place = -1;  // in the log
        std::string document;
    };
    std::unordered_map<std::string, Intent> intents;
    std::unordered_map<std::string, std::int64_t> denials;
    look.each(
        "SELECT a.exchange_id,a.kind,a.leaf,coalesce(e.idx,-1) FROM audit a "
        "LEFT JOIN log_entry e ON e.shard=a.shard AND e.seq=a.seq WHERE a.kind IN (1,2,3) ORDER BY "
        "e.idx IS NULL,e.idx",
        [&](const SqliteStatement& row) {
            const std::string exchange = row.text(0);
            const std::string at = "exchange " + exchange;
            const std::int64_t index = row.integer(3);
            if (row.integer(1) == 1) denials[exchange] = index;
            const auto json = parse_json(row.blob(2));
            if (row.integer(1) == 2)
                intents[exchange] = {index, json ? text(*json, "document_sha256") : ""};
            if (intents.contains(exchange) && denials.contains(exchange))
                look.problem("order.both", at, "it is denied and intended");
            if (row.integer(1) != 3) return;
            const auto intent = intents.find(exchange);
            if (intent == intents.end() || intent->second.place < 0)
                return look.problem("order.intent", at, "an outcome without an intent before it");
            if (!json || integer(*json, "previous") != intent->second.place)
                look.problem(
                    "order.previous", at, "the outcome names another leaf than its intent");
            if (!json || intent->second.document.empty()) return;
            const std::string document = text(*json, "document_sha256");
            if (!document.empty() && document != intent->second.document)
                look.problem("order.document", at, "another document than its intent's was taken");
        });
}

}  // namespace tongban::audit::verify
