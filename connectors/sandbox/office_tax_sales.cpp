#include "connectors/sandbox/office_tax_sales.h"

#include <cstdlib>

#include "connectors/sandbox/office_clock.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view tables =
    "CREATE TABLE IF NOT EXISTS used(declaration TEXT NOT NULL, op_key TEXT NOT NULL, at_ms "
    "INTEGER NOT "
    "NULL);"
    "CREATE TABLE IF NOT EXISTS refunds(declaration TEXT PRIMARY KEY, op_key TEXT NOT NULL, at_ms "
    "INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS payments(declaration TEXT PRIMARY KEY, at_ms INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS ownership(certificate TEXT PRIMARY KEY, unit TEXT NOT NULL, "
    "parties "
    "INTEGER NOT NULL, at_ms INTEGER NOT NULL);";
constexpr std::int64_t hour_ms = 3'600'000;
constexpr const char* usual_hold_hours = "96";
constexpr const char* received = "0";
constexpr const char* given_up = "9";
constexpr const char* paid_in = "10";

std::string refusal(std::string_view code, std::string_view text) {
    return Json{{"fhm", std::string(code)}, {"fhxx", std::string(text)}}.dump();
}

std::string text_of(const Json& question, const char* name, const char* otherwise = "") {
    return question.value(name, std::string(otherwise));
}

Result<Done> use(Sqlite& database, const std::string& declaration, const std::string& op_key) {
    auto insert = database.prepare("INSERT INTO used(declaration, op_key, at_ms) VALUES (?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    return insert->bind_text(1, declaration).bind_text(2, op_key).bind(3, now_ms()).run();
}

Result<bool> is_refunded(Sqlite& database, const std::string& declaration) {
    auto select = database.prepare("SELECT 1 FROM refunds WHERE declaration = ?");
    if (!select) return Result<bool>(std::move(select).fault());
    return select->bind_text(1, declaration).step();
}

Result<bool> is_paid(Sqlite& database, const std::string& declaration) {
    auto select = database.prepare("SELECT 1 FROM payments WHERE declaration = ?");
    if (!select) return Result<bool>(std::move(select).fault());
    return select->bind_text(1, declaration).step();
}

Result<Done> note_payment(Sqlite& database, const std::string& declaration) {
    auto insert =
        database.prepare("INSERT OR IGNORE INTO payments(declaration, at_ms) VALUES (?, ?)");
    if (!insert) return std::move(insert).fault();
    return insert->bind_text(1, declaration).bind(2, now_ms()).run();
}

Result<Done> note_refund(Sqlite& database, const std::string& declaration, const std::string& key) {
    auto insert = database.prepare(
        "INSERT OR IGNORE INTO refunds(declaration, op_key, at_ms) VALUES (?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    return insert->bind_text(1, declaration).bind_text(2, key).bind(3, now_ms()).run();
}

Result<Done> note_owner(Sqlite& database, const Json& notice) {
    auto insert = database.prepare(
        "INSERT OR IGNORE INTO ownership(certificate, unit, parties, at_ms) VALUES (?, ?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    const auto parties = notice.find("jyf");
    const std::size_t told = parties == notice.end() ? 0 : parties->size();
    return insert->bind_text(1, text_of(notice, "bdcqzh"))
        .bind_text(2, text_of(notice, "bdcdyh"))
        .bind(3, static_cast<std::int64_t>(told))
        .bind(4, now_ms())
        .run();
}

// The push tells the unit inside the house, every other call beside its keys.
std::string unit_of(const Json& question) {
    const auto house = question.find("fyxx");
    return house != question.end() && house->is_object() ? text_of(*house, "bdcdyh")
                                                         : text_of(question, "bdcdyh");
}

}  // namespace

TaxSales::TaxSales(OfficeSetting& setting)
    : setting_(setting), sales_(setting.plan.population), reservations_(*setting.book) {}

Result<Done> TaxSales::prepare() {
    if (auto made = reservations_.prepare(); !made) return made;
    return setting_.book->transact([](Sqlite& database) { return database.execute(tables); });
}

Result<TaxSales::Answer> TaxSales::answer(const Conduct& conduct, Call call) {
    const Result<Json> question = parse_json(call.body);
    if (!question || !question->is_object())
        return Answer{refusal("8", "报文格式错误"), "malformed"};
    if (conduct.is("fault")) return Answer{refusal("9", "核心征管系统繁忙"), "fault"};
    const Sale* sale = sales_.of_unit(unit_of(*question));
    if (conduct.is("no_record") || sale == nullptr)
        return Answer{refusal("1", "未查询到房源"), "no record"};
    if (conduct.is("expire")) {
        if (auto done = reservations_.run_out(); !done) return Result<Answer>(done.fault());
    }
    call.refuse = conduct.is("refuse");
    call.unpaid = conduct.is("unpaid");
    if (conduct.is("pays")) {
        if (auto done = paid(*sale); !done) return Result<Answer>(done.fault());
    }
    Result<Answer> answer = about(*sale, *question, call);
    if (answer && conduct.is("late"))
        return Answer{refusal("9", "核心征管系统繁忙"), "done, and busy"};
    return answer;
}

Result<TaxSales::Answer> TaxSales::about(const Sale& sale, const Json& question, const Call& call) {
    const std::string& what = call.operation;
    if (what == "tsclf") return taken_in(question, call, tax_receipt(sale, received), "received");
    if (what == "zf" || what == "tssq" || what == "cxsb") return released(sale, question, call);
    if (what == "jsxx") return Answer{tax_assessment(sale), "assessed"};
    if (what == "sbqr") return taken_in(question, call, tax_declaration(sale), "declared");
    if (what == "jkjg") {
        if (!call.unpaid) {
            if (auto done = paid(sale); !done) return Result<Answer>(done.fault());
        }
        return Answer{tax_payment_state(sale, !call.unpaid), "payment"};
    }
    if (what == "wspz") return Answer{tax_clearance(sale), "proof"};
    if (what == "qsbg") return changed_hands(sale, question, call);
    return joint(sale, question, call);
}

// The registry tells that the home has a new owner (qsbg). Of another contract than the declared
// one tax knows nothing, and has it looked into.
Result<TaxSales::Answer> TaxSales::changed_hands(const Sale& sale,
                                                 const Json& question,
                                                 const Call& call) {
    if (call.refuse || text_of(question, "htbh") != sale.contract)
        return Answer{refusal("2", "合同编号与申报不一致"), "declined"};
    const Result<Done> noted =
        setting_.book->transact([&](Sqlite& database) { return note_owner(database, question); });
    if (!noted) return Result<Answer>(noted.fault());
    return taken_in(question, call, tax_notice_receipt(sale), "ownership noted");
}

// Who asks whether it is paid finds it paid: taxpayers are quick here.
Result<Done> TaxSales::paid(const Sale& sale) {
    return setting_.book->transact(
        [&](Sqlite& database) { return note_payment(database, sale.declaration()); });
}

// Voided (zf), refunded (tssq), or whichever of the two it takes (cxsb); not what is locked for an
// entry, or was used up by one. What is paid is never voided, what is not paid never refunded.
Result<TaxSales::Answer> TaxSales::released(const Sale& sale,
                                            const Json& question,
                                            const Call& call) {
    const std::string& what = call.operation;
    bool locked = false;
    bool due = false;  // paid, and not gone back yet
    bool back = false;
    const Result<Done> done = setting_.book->transact([&](Sqlite& database) -> Result<Done> {
        const Result<bool> held = Reservations::holds(database, sale.declaration());
        const Result<bool> money = is_paid(database, sale.declaration());
        const Result<bool> refunded = is_refunded(database, sale.declaration());
        if (!held) return held.fault();
        if (!money) return money.fault();
        if (!refunded) return refunded.fault();
        locked = *held;
        due = *money && !*refunded;
        back = *refunded;
        if (locked || call.refuse || !due || what == "zf") return Done{};
        return note_refund(database, sale.declaration(), text_of(question, "jyuuid"));
    });
    if (!done) return Result<Answer>(done.fault());
    if (call.refuse) return Answer{refusal("2", "不予受理"), "declined"};
    if (locked) return Answer{refusal("2", "申报已锁定"), "locked"};
    if (what == "cxsb") {
        const bool goes_back = due || back;
        return taken_in(question,
                        call,
                        tax_receipt(sale, goes_back ? paid_in : given_up),
                        goes_back ? "refund opened" : "given up");
    }
    if (what == "tssq" && !due && !back) return Answer{refusal("2", "未缴税款"), "nothing paid"};
    if (what == "tssq") return taken_in(question, call, tax_refund(sale), "refund opened");
    if (due) return Answer{refusal("2", "税款已缴，不能作废"), "paid"};
    return taken_in(question, call, tax_receipt(sale, given_up), "voided");
}

Result<TaxSales::Answer> TaxSales::joint(const Sale& sale, const Json& question, const Call& call) {
    const JointCall asked{
        text_of(question, "jyuuid"),
        call.operation_key,
        text_of(question, "ydbh"),
        sale.declaration(),
        std::strtoll(text_of(question, "ydsc", usual_hold_hours).c_str(), nullptr, 10) * hour_ms};
    const bool own = text_of(question, "pzxh") == sale.declaration();
    Result<Standing> now = Standing{};
    if (call.operation == "sd") {
        now = reservations_.reserve(asked, [&](Sqlite& database) -> Result<bool> {
            if (call.refuse || !own || !sale.voucher) return false;
            const Result<bool> refunded = is_refunded(database, asked.object);
            return refunded ? Result<bool>(!*refunded) : refunded;
        });
    }
    if (call.operation == "sdqr") {
        now = reservations_.confirm(asked, [&](Sqlite& database) -> Result<std::string> {
            if (auto done = use(database, asked.object, asked.op_key); !done)
                return Result<std::string>(done.fault());
            return std::string();
        });
    }
    if (call.operation == "sdjs") now = reservations_.cancel(asked);
    if (call.operation == "sdcx") now = reservations_.status(asked);
    if (!now) return Result<Answer>(now.fault());
    if (now->phase.empty()) return Answer{refusal("1", "未查询到锁定"), "no reservation"};
    const bool declined =
        call.operation != "sdcx" && (now->phase == "refused" || now->phase == "expired" ||
                                     (call.operation == "sdqr" && now->phase == "cancelled"));
    if (declined) return Answer{refusal("2", "不能锁定"), now->phase};
    return Answer{tax_lock(sale, *now), now->phase};
}

Result<TaxSales::Answer> TaxSales::taken_in(const Json& question,
                                            const Call& call,
                                            const std::string& answer,
                                            const char* note) {
    const auto taken = setting_.book->take_in(text_of(question, "jyuuid"), call.body, answer);
    if (!taken) return Result<Answer>(taken.fault());
    if (taken->other_content) return Answer{refusal("2", "交易唯一号重复"), "other content"};
    return Answer{taken->acknowledgement, taken->repeated ? "repeated" : note};
}

}  // namespace tongban::sandbox
