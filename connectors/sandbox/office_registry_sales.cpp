#include "connectors/sandbox/office_registry_sales.h"

#include <cstdlib>

#include "connectors/sandbox/office_clock.h"
#include "connectors/sandbox/remote_loan.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view tables =
    "CREATE TABLE IF NOT EXISTS entries(unit TEXT NOT NULL, certificate TEXT NOT NULL, op_key TEXT "
    "NOT "
    "NULL, at_ms INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS seizures(unit TEXT PRIMARY KEY, authority TEXT NOT NULL, document "
    "TEXT "
    "NOT NULL, from_day TEXT NOT NULL, to_day TEXT NOT NULL);";

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t usual_hold_hours = 96;
constexpr std::int64_t days_of_a_seizure = 3 * 365 - 1;

// RecTypes of what the registry is asked.
constexpr std::string_view house_check = "9200101";
constexpr std::string_view old_title = "9200103";
constexpr std::string_view acceptance = "9200201";
constexpr std::string_view closing = "9200301";
constexpr std::string_view review = "9200401";
constexpr std::string_view joint_filing = "920050";
constexpr std::string_view certificate = "9200601";
constexpr std::string_view mortgage = "9200701";

// Of whichever table of the message names it.
std::string named(const MessageFacts& facts, std::string_view attribute) {
    for (const auto& [name, value] : facts) {
        if (name.ends_with(attribute) && name.size() > attribute.size() &&
            name[name.size() - attribute.size() - 1] == '@')
            return value;
    }
    return "";
}

Result<Done> enter(Sqlite& database, const Sale& sale, const std::string& op_key) {
    auto insert = database.prepare(
        "INSERT INTO entries(unit, certificate, op_key, at_ms) VALUES (?, ?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    return insert->bind_text(1, sale.unit)
        .bind_text(2, sale.certificate())
        .bind_text(3, op_key)
        .bind(4, now_ms())
        .run();
}

Result<bool> is_seized(Sqlite& database, const std::string& unit) {
    auto select = database.prepare("SELECT 1 FROM seizures WHERE unit = ?");
    if (!select) return Result<bool>(std::move(select).fault());
    return select->bind_text(1, unit).step();
}

}  // namespace

RegistrySales::RegistrySales(OfficeSetting& setting)
    : setting_(setting), sales_(setting.plan.population), reservations_(*setting.book) {}

Result<Done> RegistrySales::prepare() {
    if (auto made = reservations_.prepare(); !made) return made;
    return setting_.book->transact([](Sqlite& database) { return database.execute(tables); });
}

bool RegistrySales::takes(const MessageFacts& facts) {
    return fact(facts, "RecType").starts_with("9200") || !fact(facts, "RtnCode").empty();
}

Result<RegistrySales::Answer> RegistrySales::answer(const Conduct& conduct,
                                                    const MessageFacts& facts,
                                                    std::string_view bytes) {
    const RegistryHead head{fact(facts, "BizMsgID"), shanghai_seconds()};
    const std::string type = fact(facts, "RecType");
    if (conduct.is("fail")) return Answer{registry_code(head, "9001"), "failed"};
    if (conduct.is("fault")) return Answer{registry_code(head, "9009"), "fault"};
    if (!fact(facts, "RtnCode").empty()) {  // an acknowledgement of one of our own notices
        const auto taken = setting_.book->take_in(head.message_id, bytes, "");
        if (!taken) return Result<Answer>(taken.fault());
        return Answer{registry_code(head, "0000"), "acknowledged"};
    }
    if (type == old_title) return unit_of(named(facts, "YCQZH"), head);
    const Sale* sale = sales_.of_unit(named(facts, "BDCDYH"));
    if (conduct.is("no_record") || sale == nullptr)
        return Answer{registry_code(head, "1001"), "no record"};
    const std::string hours = named(facts, "YZSC");
    const Question question{
        *sale,
        head,
        {head.message_id,
         "",
         named(facts, "YZBH"),
         sale->unit,
         (hours.empty() ? usual_hold_hours : std::strtoll(hours.c_str(), nullptr, 10)) * hour_ms},
        conduct.is("refuse")};
    if (conduct.is("seize")) {
        if (auto done = seize(*sale); !done) return Result<Answer>(done.fault());
    }
    if (conduct.is("expire")) {
        if (auto done = reservations_.run_out(); !done) return Result<Answer>(done.fault());
    }
    Result<Answer> answer = about(question, type, bytes);
    if (answer && conduct.is("late")) return Answer{registry_code(head, "9009"), "done, and busy"};
    return answer;
}

Result<RegistrySales::Answer> RegistrySales::about(const Question& question,
                                                   const std::string& type,
                                                   std::string_view bytes) {
    const Sale& sale = question.sale;
    const RegistryHead& head = question.head;
    if (type == house_check) return house(question);
    if (type == acceptance)
        return taken_in(question, bytes, registry_acceptance(sale, head), "accepted");
    if (type == closing) return taken_in(question, bytes, registry_closing(sale, head), "closed");
    if (type == review) {
        if (sale.seized_at_review) {
            if (auto done = seize(sale); !done) return Result<Answer>(done.fault());
        }
        return taken_in(question, bytes, registry_review(sale, head), "reviewing");
    }
    if (type.starts_with(joint_filing)) return joint(question, type);
    if (type == certificate) return Answer{registry_certificate(sale, head), "certificate"};
    if (type == mortgage)
        return taken_in(question, bytes, registry_mortgage(sale, head), "mortgaged");
    return Answer{registry_code(head, "9009"), "unknown kind"};
}

// Of a house that was bought long ago, not of a sale: by its old certificate alone.
RegistrySales::Answer RegistrySales::unit_of(const std::string& title, const RegistryHead& head) {
    for (const World& world : setting_.population.worlds()) {
        const RemoteLoan loan = make_remote_loan(world, {});
        if (world.old_papers != OldPapers::nobody && loan.old_title == title)
            return {old_title_record(world, loan, head.message_id, head.now), "unit"};
    }
    return {registry_code(head, "1001"), "no record"};
}

// Once a message number; its first answer for ever.
Result<RegistrySales::Answer> RegistrySales::taken_in(const Question& question,
                                                      std::string_view bytes,
                                                      const std::string& answer,
                                                      std::string note) {
    const auto taken = setting_.book->take_in(question.head.message_id, bytes, answer);
    if (!taken) return Result<Answer>(taken.fault());
    if (taken->other_content) return Answer{registry_code(question.head, "2001"), "other content"};
    return Answer{taken->acknowledgement, taken->repeated ? "repeated" : std::move(note)};
}

Result<RegistrySales::Answer> RegistrySales::house(const Question& question) {
    const auto standing = seizures(question.sale);
    if (!standing) return Result<Answer>(standing.fault());
    return Answer{registry_house(question.sale, question.head, *standing), "house"};
}

Result<RegistrySales::Answer> RegistrySales::joint(const Question& question,
                                                   const std::string& type) {
    const char operation = type.back();
    Result<Standing> now = Standing{};
    if (operation == '1') {
        now = reservations_.reserve(question.call, [&](Sqlite& database) -> Result<bool> {
            const Result<bool> seized = is_seized(database, question.sale.unit);
            return seized ? Result<bool>(!*seized && !question.refuse) : seized;
        });
    }
    if (operation == '2') {
        now = reservations_.confirm(question.call, [&](Sqlite& database) -> Result<std::string> {
            if (auto done = enter(database, question.sale, question.call.op_key); !done)
                return Result<std::string>(done.fault());
            return question.sale.certificate();
        });
    }
    if (operation == '3') now = reservations_.cancel(question.call);
    if (operation == '4') now = reservations_.status(question.call);
    if (!now) return Result<Answer>(now.fault());
    if (now->phase.empty()) return Answer{registry_code(question.head, "1001"), "no reservation"};
    const bool declined = operation != '4' && (now->phase == "refused" || now->phase == "expired" ||
                                               (operation == '2' && now->phase == "cancelled"));
    if (declined) return Answer{registry_code(question.head, "2001"), now->phase};
    return Answer{registry_entry(question.sale, question.head, *now), now->phase};
}

Result<Done> RegistrySales::seize(const Sale& sale) {
    return setting_.book->transact([&](Sqlite& database) -> Result<Done> {
        auto insert = database.prepare(
            "INSERT INTO seizures(unit, authority, document, from_day, to_day) VALUES (?, ?, ?, ?, "
            "?) "
            "ON CONFLICT(unit) DO NOTHING");
        if (!insert) return std::move(insert).fault();
        const Date to = date_of_days(days_since_1970(sale.today) + days_of_a_seizure);
        return insert->bind_text(1, sale.unit)
            .bind_text(2, "样本市样本区人民法院")
            .bind_text(3, "（" + std::to_string(sale.today.year) + "）宁0106执保17号")
            .bind_text(4, iso(sale.today))
            .bind_text(5, iso(to))
            .run();
    });
}

Result<std::vector<Seizure>> RegistrySales::seizures(const Sale& sale) {
    std::vector<Seizure> found;
    const Result<Done> done = setting_.book->transact([&](Sqlite& database) -> Result<Done> {
        auto select = database.prepare(
            "SELECT authority, document, from_day, to_day FROM seizures WHERE unit = ?");
        if (!select) return std::move(select).fault();
        select->bind_text(1, sale.unit);
        for (auto row = select->step(); row && *row; row = select->step()) {
            const auto from = parse_iso_date(select->text(2));
            const auto to = parse_iso_date(select->text(3));
            if (from && to) found.push_back({select->text(0), select->text(1), *from, *to});
        }
        return Done{};
    });
    if (!done) return Result<std::vector<Seizure>>(done.fault());
    return found;
}

}  // namespace tongban::sandbox
