#include "connectors/sandbox/office_book.h"

#include "base/crypto.h"
#include "base/failpoint.h"
#include "connectors/sandbox/office_clock.h"

namespace tongban::sandbox {

namespace {

// A commit must outlive the process, not a power cut: these are not the records of an office, only
// what a test counts.
constexpr std::string_view tables =
    "PRAGMA synchronous=NORMAL;"
    "CREATE TABLE IF NOT EXISTS requests(id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, what TEXT "
    "NOT NULL, outcome TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS deliveries(message_no TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, "
    "sha256 TEXT NOT NULL,"
    " body BLOB NOT NULL, acknowledgement TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS repeats(message_no TEXT PRIMARY KEY, times INTEGER NOT NULL, "
    "other_content INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS marks(certificate TEXT NOT NULL, contract TEXT NOT NULL, marked_ms "
    "INTEGER NOT NULL, lifted_ms INTEGER, PRIMARY KEY(certificate, contract));"
    "CREATE TABLE IF NOT EXISTS positions(certificate TEXT NOT NULL, contract TEXT NOT NULL, month "
    "TEXT NOT NULL, months_in_arrears TEXT NOT NULL, arrears TEXT NOT NULL, principal TEXT NOT "
    "NULL, part_repaid_early TEXT NOT NULL, told_ms INTEGER NOT NULL, PRIMARY KEY(certificate, "
    "contract, month));";

}  // namespace

Result<std::unique_ptr<OfficeBook>> OfficeBook::open(const std::string& folder) {
    auto database = Sqlite::open(folder + "/office.db", SqliteMode::write);
    if (!database) return std::move(database).fault();
    if (auto made = (*database)->execute(tables); !made) return std::move(made).fault();
    return std::make_unique<OfficeBook>(*std::move(database));
}

OfficeBook::OfficeBook(std::unique_ptr<Sqlite> database) : database_(std::move(database)) {}

Result<Done> OfficeBook::note_request(std::string_view what, std::string_view outcome) {
    auto database = database_.lock();
    auto insert =
        (*database)->prepare("INSERT INTO requests(at_ms, what, outcome) VALUES (?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    return insert->bind(1, now_ms()).bind_text(2, what).bind_text(3, outcome).run();
}

Result<Taken> OfficeBook::take_in(std::string_view message_no,
                                  std::string_view body,
                                  std::string_view acknowledgement) {
    auto database = database_.lock();
    const std::string digest = hex(sha256(body));
    {
        auto insert = (*database)->prepare(
            "INSERT INTO deliveries(message_no, at_ms, sha256, body, acknowledgement) VALUES (?, "
            "?, ?, ?, ?)"
            " ON CONFLICT(message_no) DO NOTHING");
        if (!insert) return std::move(insert).fault();
        insert->bind_text(1, message_no)
            .bind(2, now_ms())
            .bind_text(3, digest)
            .bind_blob(4, body)
            .bind_text(5, acknowledgement);
        failpoint("office.before_taking");
        if (auto done = insert->run(); !done) return std::move(done).fault();
        failpoint("office.taken");
    }
    if ((*database)->changes() == 1) return Taken{std::string(acknowledgement), false, false};

    auto first =
        (*database)->prepare("SELECT acknowledgement, sha256 FROM deliveries WHERE message_no = ?");
    if (!first) return std::move(first).fault();
    auto row = first->bind_text(1, message_no).step();
    if (!row) return std::move(row).fault();
    const bool other = first->text(1) != digest;
    Taken taken{first->text(0), true, other};
    auto count = (*database)->prepare(
        "INSERT INTO repeats(message_no, times, other_content) VALUES (?, 1, ?)"
        " ON CONFLICT(message_no) DO UPDATE SET times = times + 1, other_content = other_content + "
        "excluded.other_content");
    if (!count) return std::move(count).fault();
    if (auto done = count->bind_text(1, message_no).bind(2, other ? 1 : 0).run(); !done)
        return std::move(done).fault();
    return taken;
}

Result<bool> OfficeBook::set_mark(std::string_view certificate,
                                  std::string_view contract,
                                  bool marked) {
    auto database = database_.lock();
    auto change = (*database)->prepare(
        marked ? "INSERT INTO marks(marked_ms, certificate, contract) VALUES (?, ?, ?) ON CONFLICT "
                 "DO NOTHING"
               : "UPDATE marks SET lifted_ms = ifnull(lifted_ms, ?) WHERE certificate = ? AND "
                 "contract = ?");
    if (!change) return std::move(change).fault();
    change->bind(1, now_ms()).bind_text(2, certificate).bind_text(3, contract);
    if (auto done = change->run(); !done) return std::move(done).fault();
    return marked || (*database)->changes() == 1;
}

Result<bool> OfficeBook::is_marked(std::string_view certificate, std::string_view contract) {
    auto database = database_.lock();
    auto mark = (*database)->prepare(
        "SELECT 1 FROM marks WHERE certificate = ? AND contract = ? AND lifted_ms IS NULL");
    if (!mark) return std::move(mark).fault();
    return mark->bind_text(1, certificate).bind_text(2, contract).step();
}

Result<Done> OfficeBook::note_position(const LoanPosition& position) {
    auto database = database_.lock();
    auto insert = (*database)->prepare(
        "INSERT OR REPLACE INTO positions(certificate, contract, month, months_in_arrears, "
        "arrears, principal, part_repaid_early, told_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    return insert->bind_text(1, position.certificate)
        .bind_text(2, position.contract)
        .bind_text(3, position.month)
        .bind_text(4, position.months_in_arrears)
        .bind_text(5, position.arrears)
        .bind_text(6, position.principal)
        .bind_text(7, position.part_repaid_early)
        .bind(8, now_ms())
        .run();
}

Result<Done> OfficeBook::transact(const std::function<Result<Done>(Sqlite&)>& work) {
    auto database = database_.lock();
    if (auto begun = (*database)->execute("BEGIN IMMEDIATE"); !begun) return begun;
    Result<Done> done = work(**database);
    failpoint("office.before_commit");
    const Result<Done> ended = (*database)->execute(done ? "COMMIT" : "ROLLBACK");
    failpoint("office.after_commit");
    return done && !ended ? ended : done;
}

}  // namespace tongban::sandbox
