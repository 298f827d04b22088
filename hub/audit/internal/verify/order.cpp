#include <unordered_map>

#include "base/json.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// An exchange is either denied or intended; an outcome follows its intent and names it.
namespace tongban::audit::verify {

void look_at_order(Look& look) {
    std::unordered_map<std::string, std::int64_t> intents;  // exchange -> place in the log
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
            if (row.integer(1) == 2) intents[exchange] = index;
            if (intents.contains(exchange) && denials.contains(exchange))
                look.problem("order.both", at, "it is denied and intended");
            if (row.integer(1) != 3) return;
            const auto intent = intents.find(exchange);
            if (intent == intents.end() || intent->second < 0)
                return look.problem("order.intent", at, "an outcome without an intent before it");
            const auto json = parse_json(row.blob(2));
            if (!json || integer(*json, "previous") != intent->second)
                look.problem(
                    "order.previous", at, "the outcome names another leaf than its intent");
        });
}

}  // namespace tongban::audit::verify
