#include <array>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "hub/audit/internal/verify/fields.h"
#include "hub/audit/internal/verify/look.h"

// An exchange's row says what its leaves say: who asked for what and why, how it ended, what each
// office answered. `tongban trace` prints from the row, so a row that was altered must not pass.
//
// What stands in no leaf cannot be held here: the deadline, why a part did not answer, how each
// field of a verification compared. Request id and delivery stand in the sealed request
// (records.cpp).
namespace tongban::audit::verify {
namespace {

// The row and its leaf are of one commit, but the clock was read twice; an outcome waits for its
// intent to be in the log in between.
constexpr std::int64_t commit_grace_ms = 60'000;

// As the exchange module numbers them (docs/log-format.md): nothing is shared with it but the page.
constexpr std::array<std::string_view, 4> kinds = {"fetch", "verify", "submit", "publish"};
constexpr std::array<std::string_view, 8> states = {
    "", "pending", "delivered", "verified", "refused", "failed", "releasing", "denied"};
constexpr std::array<std::string_view, 6> statuses = {
    "answered", "no_record", "not_covered", "refused", "unavailable", "ambiguous"};

template <std::size_t count>
std::string name_in(const std::array<std::string_view, count>& names, std::int64_t number) {
    return number >= 0 && number < static_cast<std::int64_t>(count)
               ? std::string(names[static_cast<std::size_t>(number)])
               : std::string();
}

struct Row {
    std::string exchange;
    std::string requester;
    std::int64_t kind = 0;
    std::string resource;
    std::string purpose;
    std::string state;
    bool open = false;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;
    Json detail;
};

struct Leaves {
    Json denied;
    Json intent;
    Json outcome;
    // What tells of the question; nothing: the exchange is still open.
    [[nodiscard]] const Json& first() const { return intent.is_object() ? intent : denied; }
};

class ExchangeLook {
public:
    ExchangeLook(Look& look, const Row& row, const Leaves& leaves)
        : look_(look),
          row_(row),
          leaves_(leaves),
          leaf_(leaves.first()),
          at_("exchange " + row.exchange) {}

    void all() {
        if (row_.created_ms != uuid_ms(row_.exchange))
            differs("exchange.time", "its row names another time of admission than its id");
        if (!leaf_.is_object()) {
            if (row_.state != "pending" || !row_.open)
                differs("exchange.leaf", "its row says that it has ended and no leaf says so");
            return;
        }
        question();
        end();
        times();
        if (!row_.detail.is_object())
            return differs("exchange.detail", "what its row holds of it cannot be read");
        parts();
        found();
    }

private:
    void differs(std::string_view code, std::string_view what) { look_.problem(code, at_, what); }

    void question() {
        if (row_.requester != text(leaf_, "requester"))
            differs("exchange.requester", "its row names another asker than its leaf");
        if (name_in(kinds, row_.kind) != text(leaf_, "exchange_kind"))
            differs("exchange.kind", "its row is of another kind than its leaf");
        if (row_.resource != text(leaf_, "resource"))
            differs("exchange.resource", "its row names another resource than its leaf");
        if (row_.purpose != text(leaf_, "purpose"))
            differs("exchange.purpose", "its row names another purpose than its leaf");
    }

    // How the row must stand after the leaves that there are: a document that is pushed is on its
    // way until the outcome says that it arrived; one that is collected has arrived.
    void end() {
        const std::string decision = text(leaf_, "decision");
        const std::string outcome = text(leaves_.outcome, "outcome");
        std::set<std::string> may_be = {decision};
        if (!leaves_.intent.is_object()) may_be = {"denied"};
        if (decision == "delivered" && outcome.empty()) may_be.insert("releasing");
        if (outcome == "rejected" || outcome == "expired") may_be = {"failed"};
        if (!may_be.contains(row_.state) || row_.open != (row_.state == "releasing"))
            differs("exchange.state", "its row says that it ended otherwise than its leaves");
    }

    void times() {
        // A collected document changes no row.
        const bool moved =
            leaves_.outcome.is_object() && text(leaves_.outcome, "outcome") != "collected";
        const std::int64_t late =
            integer(moved ? leaves_.outcome : leaf_, "time_ms") - row_.updated_ms;
        if (late < -commit_grace_ms || late > commit_grace_ms)
            differs("exchange.time", "its row was last changed at another time than its leaf says");
    }

    void parts() {
        std::map<std::string, const Json*> told;
        for (const Json& part : member(leaf_, "parts"))
            told.emplace(text(part, "part"), &part);
        const Json& kept = member(row_.detail, "parts");
        bool same = kept.is_object() && kept.size() == told.size();
        for (const auto& [name, part] : told)
            same = same && kept.contains(name) && same_part(kept.at(name), *part);
        if (!same) differs("exchange.part", "its row tells otherwise of what an office answered");
    }

    static bool same_part(const Json& kept, const Json& told) {
        const Json& open = member(kept, "open");
        const bool asking = open.is_boolean() && open.get<bool>();
        const Json& doubt = member(kept, "in_doubt");
        const std::string status = doubt.is_boolean() && doubt.get<bool>() ? "in_doubt"
                                   : asking                                ? "expired"
                                            : name_in(statuses, integer(kept, "status"));
        const auto number = [](const Json& json, const char* name) {
            return std::max<std::int64_t>(integer(json, name), 0);  // a leaf leaves 0 out
        };
        const Json& journal = member(kept, "journal");
        const Json& told_journal = member(told, "journal");
        return text(kept, "provider") == text(told, "provider") && status == text(told, "status") &&
               number(kept, "source_ms") == number(told, "source_ms") &&
               number(journal, "number") == number(told_journal, "number") &&
               (told_journal.is_null() || text(journal, "hash") == text(told_journal, "hash")) &&
               same_envelope(member(kept, "envelope"), told);
    }

    static bool same_envelope(const Json& kept, const Json& told) {
        for (const char* digest :
             {"native_sha256", "canonical_sha256", "commitments_root", "judgement_sha256"})
            if (text(kept, digest) != text(told, digest)) return false;
        const Json& envelope = member(told, "envelope");
        if (envelope.is_null()) return true;
        const Json& signature = member(kept, "signature");
        return text(signature, "suite") == text(envelope, "suite") &&
               text(signature, "key_id") == text(envelope, "key_id") &&
               integer(kept, "time_ms") == integer(envelope, "time_ms");
    }

    void found() {
        if (!leaves_.intent.is_object()) {
            if (text(member(row_.detail, "refusal"), "code") != text(leaf_, "decision"))
                differs("exchange.refusal", "its row gives another reason than its leaf");
            return;
        }
        if (text(row_.detail, "document_sha256") != text(leaf_, "document_sha256"))
            differs("exchange.document", "its row names another document than its leaf");
        if (text(row_.detail, "officer_commitment") != text(leaf_, "officer"))
            differs("exchange.officer", "its row commits to another officer than its leaf");
        using Counts = std::map<std::pair<std::string, std::string>, std::int64_t>;
        Counts kept;
        Counts told;
        for (const Json& finding : member(row_.detail, "findings"))
            ++kept[{text(finding, "code"), text(finding, "severity")}];
        for (const Json& finding : member(leaf_, "findings"))
            told[{text(finding, "code"), text(finding, "severity")}] += integer(finding, "count");
        if (kept != told) differs("exchange.finding", "its row has other findings than its leaf");
    }

    Look& look_;
    const Row& row_;
    const Leaves& leaves_;
    const Json& leaf_;
    const std::string at_;
};

Json leaf_in(const SqliteStatement& row, int column) {
    if (row.is_null(column)) return nullptr;
    const auto json = parse_json(row.blob(column));  // one that is none is told with its shard
    return json && json->is_object() ? *json : Json::object();
}

// Whoever is turned away at the door leaves a denial and no row: it names no versions, for nothing
// was decided by them.
void look_at_rowless(Look& look) {
    look.each(
        "SELECT a.exchange_id,a.kind,a.leaf FROM audit a LEFT JOIN exchange x ON x.shard=a.shard "
        "AND x.exchange_id=a.exchange_id WHERE a.kind IN (1,2,3) AND x.exchange_id IS NULL",
        [&](const SqliteStatement& row) {
            const Json leaf = leaf_in(row, 2);
            if (row.integer(1) == 1 && text(leaf, "versions_sha256").empty()) return;
            look.problem("exchange.row", "exchange " + row.text(0), "its row is gone");
        });
}

}  // namespace

void look_at_exchanges(Look& look) {
    look.each(
        "SELECT x.exchange_id,x.requester,x.kind,x.resource,x.purpose,x.state,x.is_open,"
        "x.created_ms,x.updated_ms,x.detail,d.leaf,i.leaf,o.leaf FROM exchange x "
        "LEFT JOIN audit d ON d.shard=x.shard AND d.exchange_id=x.exchange_id AND d.kind=1 "
        "LEFT JOIN audit i ON i.shard=x.shard AND i.exchange_id=x.exchange_id AND i.kind=2 "
        "LEFT JOIN audit o ON o.shard=x.shard AND o.exchange_id=x.exchange_id AND o.kind=3",
        [&](const SqliteStatement& found) {
            Row row{found.text(0),
                    found.text(1),
                    found.integer(2),
                    found.text(3),
                    found.text(4),
                    name_in(states, found.integer(5)),
                    found.integer(6) != 0,
                    found.integer(7),
                    found.integer(8),
                    nullptr};
            if (const auto detail = parse_json(found.blob(9))) row.detail = *detail;
            const Leaves leaves{leaf_in(found, 10), leaf_in(found, 11), leaf_in(found, 12)};
            ExchangeLook(look, row, leaves).all();
            ++look.report().exchanges;
        });
    look_at_rowless(look);
}

void look_at_request(Look& look,
                     std::int64_t shard,
                     const std::string& exchange,
                     const std::string& head) {
    const auto json = parse_json(head);
    if (!json) return;
    look.each(
        "SELECT request_id,delivery FROM exchange WHERE shard=? AND exchange_id=?",
        [&](const SqliteStatement& row) {
            if (row.text(0) != text(*json, "request_id") ||
                row.integer(1) != integer(*json, "delivery"))
                look.problem("exchange.request",
                             "exchange " + exchange,
                             "its row names another request than the one that was sealed");
        },
        [&](SqliteStatement& statement) { statement.bind(1, shard).bind_text(2, exchange); });
}

}  // namespace tongban::audit::verify
