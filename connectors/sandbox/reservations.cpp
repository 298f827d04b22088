#include "connectors/sandbox/reservations.h"

#include <optional>

#include "connectors/sandbox/office_clock.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view tables =
    "CREATE TABLE IF NOT EXISTS reservations(key TEXT PRIMARY KEY, object TEXT NOT NULL, phase "
    "TEXT "
    "NOT NULL, hold_until_ms INTEGER NOT NULL, effect TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS ledger(op_key TEXT PRIMARY KEY, operation TEXT NOT NULL, key TEXT "
    "NOT NULL, operation_key TEXT NOT NULL, phase TEXT NOT NULL, hold_until_ms INTEGER NOT NULL, "
    "effect TEXT NOT NULL, at_ms INTEGER NOT NULL, times INTEGER NOT NULL);";

Result<std::optional<Standing>> standing(Sqlite& database, std::string_view key) {
    auto select =
        database.prepare("SELECT phase, hold_until_ms, effect FROM reservations WHERE key = ?");
    if (!select) return Result<std::optional<Standing>>(std::move(select).fault());
    const auto row = select->bind_text(1, key).step();
    if (!row) return Result<std::optional<Standing>>(row.fault());
    if (!*row) return std::optional<Standing>();
    return std::optional<Standing>({select->text(0), select->integer(1), select->text(2)});
}

Result<Standing> put(Sqlite& database, const JointCall& call, Standing now) {
    auto insert = database.prepare(
        "INSERT INTO reservations(key, object, phase, hold_until_ms, effect) VALUES (?, ?, ?, ?, "
        "?) "
        "ON CONFLICT(key) DO UPDATE SET phase = excluded.phase, hold_until_ms = "
        "excluded.hold_until_ms, effect = excluded.effect");
    if (!insert) return Result<Standing>(std::move(insert).fault());
    insert->bind_text(1, call.key)
        .bind_text(2, call.object)
        .bind_text(3, now.phase)
        .bind(4, now.hold_until_ms)
        .bind_text(5, now.effect);
    if (const auto done = insert->run(); !done) return Result<Standing>(done.fault());
    return now;
}

// Another live reservation of the same thing.
Result<bool> held_by_another(Sqlite& database, const JointCall& call) {
    auto select = database.prepare(
        "SELECT 1 FROM reservations WHERE object = ? AND key <> ? AND (phase = 'confirmed' OR "
        "phase = "
        "'reserved' AND hold_until_ms > ?)");
    if (!select) return Result<bool>(std::move(select).fault());
    return select->bind_text(1, call.object).bind_text(2, call.key).bind(3, now_ms()).step();
}

Result<std::optional<Standing>> answered_before(Sqlite& database, const JointCall& call) {
    auto count = database.prepare("UPDATE ledger SET times = times + 1 WHERE op_key = ?");
    if (!count) return Result<std::optional<Standing>>(std::move(count).fault());
    if (const auto done = count->bind_text(1, call.op_key).run(); !done)
        return Result<std::optional<Standing>>(done.fault());
    auto select =
        database.prepare("SELECT phase, hold_until_ms, effect FROM ledger WHERE op_key = ?");
    if (!select) return Result<std::optional<Standing>>(std::move(select).fault());
    const auto row = select->bind_text(1, call.op_key).step();
    if (!row) return Result<std::optional<Standing>>(row.fault());
    if (!*row) return std::optional<Standing>();
    return std::optional<Standing>({select->text(0), select->integer(1), select->text(2)});
}

Result<Done> enter(Sqlite& database,
                   const JointCall& call,
                   std::string_view operation,
                   const Standing& now) {
    auto insert = database.prepare(
        "INSERT INTO ledger(op_key, operation, key, operation_key, phase, hold_until_ms, effect, "
        "at_ms, times) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)");
    if (!insert) return std::move(insert).fault();
    return insert->bind_text(1, call.op_key)
        .bind_text(2, operation)
        .bind_text(3, call.key)
        .bind_text(4, call.operation_key)
        .bind_text(5, now.phase)
        .bind(6, now.hold_until_ms)
        .bind_text(7, now.effect)
        .bind(8, now_ms())
        .run();
}

}  // namespace

Result<Done> Reservations::prepare() {
    return book_.transact([](Sqlite& database) { return database.execute(tables); });
}

Result<Standing> Reservations::once(const JointCall& call,
                                    std::string_view operation,
                                    const Step& step) {
    Standing answer;
    const Result<Done> done = book_.transact([&](Sqlite& database) -> Result<Done> {
        const auto before = answered_before(database, call);
        if (!before) return before.fault();
        if (*before) {
            answer = **before;
            return Done{};
        }
        Result<Standing> now = step(database);
        if (!now) return std::move(now).fault();
        answer = *now;
        return enter(database, call, operation, answer);
    });
    if (!done) return Result<Standing>(done.fault());
    return answer;
}

Result<Standing> Reservations::reserve(const JointCall& call, const Allowed& allowed) {
    return once(call, "reserve", [&](Sqlite& database) -> Result<Standing> {
        const auto before = standing(database, call.key);
        if (!before) return Result<Standing>(before.fault());
        if (*before) {
            const std::string& phase = (*before)->phase;
            if (phase == "reserved" || phase == "confirmed") return **before;
            if (phase == "cancelled") return Standing{"refused", 0, ""};  // after a tombstone never
        }
        const auto held = held_by_another(database, call);
        if (!held) return Result<Standing>(held.fault());
        const Result<bool> may = allowed(database);
        if (!may) return Result<Standing>(may.fault());
        if (!*may || *held) return put(database, call, {"refused", 0, ""});
        return put(database, call, {"reserved", now_ms() + call.hold_ms, ""});
    });
}

Result<Standing> Reservations::confirm(const JointCall& call, const Effect& effect) {
    return once(call, "confirm", [&](Sqlite& database) -> Result<Standing> {
        const auto before = standing(database, call.key);
        if (!before) return Result<Standing>(before.fault());
        if (!*before) return Standing{"refused", 0, ""};
        if ((*before)->phase == "confirmed") return **before;
        if ((*before)->phase != "reserved") return Standing{(*before)->phase, 0, ""};
        if ((*before)->hold_until_ms <= now_ms()) return put(database, call, {"expired", 0, ""});
        Result<std::string> given = effect(database);
        if (!given) return Result<Standing>(std::move(given).fault());
        return put(database, call, {"confirmed", 0, *given});
    });
}

Result<Standing> Reservations::cancel(const JointCall& call) {
    return once(call, "cancel", [&](Sqlite& database) -> Result<Standing> {
        const auto before = standing(database, call.key);
        if (!before) return Result<Standing>(before.fault());
        if (*before && (*before)->phase == "confirmed") return Standing{"refused", 0, ""};
        return put(database, call, {"cancelled", 0, ""});
    });
}

Result<Standing> Reservations::status(const JointCall& call) {
    Standing answer;
    const Result<Done> done = book_.transact([&](Sqlite& database) -> Result<Done> {
        const auto before = standing(database, call.key);
        if (!before) return before.fault();
        if (*before) answer = **before;
        return Done{};
    });
    if (!done) return Result<Standing>(done.fault());
    return answer;
}

Result<bool> Reservations::holds(Sqlite& database, std::string_view object) {
    auto select = database.prepare(
        "SELECT 1 FROM reservations WHERE object = ? AND (phase = 'confirmed' OR phase = "
        "'reserved' AND hold_until_ms > ?)");
    if (!select) return Result<bool>(std::move(select).fault());
    return select->bind_text(1, object).bind(2, now_ms()).step();
}

Result<Done> Reservations::run_out() {
    return book_.transact([](Sqlite& database) {
        return database.execute(
            "UPDATE reservations SET hold_until_ms = 1 WHERE phase = 'reserved'");
    });
}

}  // namespace tongban::sandbox
