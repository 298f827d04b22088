#include "connectors/runtime/connector_store.h"

#include <utility>

#include "base/check.h"
#include "base/failpoint.h"

namespace tongban::connectors {
namespace {

constexpr std::string_view tables = R"sql(
CREATE TABLE IF NOT EXISTS journal (
  n INTEGER PRIMARY KEY, prev BLOB NOT NULL, kind TEXT NOT NULL, exchange TEXT NOT NULL, job TEXT NOT NULL,
  sha256 TEXT NOT NULL, time_ms INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS request (
  id TEXT PRIMARY KEY, body_sha256 TEXT NOT NULL, state INTEGER NOT NULL, exchange TEXT NOT NULL, answer TEXT NOT NULL,
  sealed BLOB NOT NULL, received_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS request_queued ON request (received_ms) WHERE state = 0;
CREATE TABLE IF NOT EXISTS outgoing (
  job TEXT PRIMARY KEY, exchange TEXT NOT NULL, delivery INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS delivery (
  job TEXT PRIMARY KEY, exchange TEXT NOT NULL, message_no TEXT NOT NULL, document_sha256 TEXT NOT NULL,
  state INTEGER NOT NULL, acknowledgement_sha256 TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (
  one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
  cosigned INTEGER NOT NULL);
)sql";

constexpr std::string_view request_columns =
    "SELECT id, body_sha256, state, exchange, answer, sealed, received_ms FROM request ";

Digest digest_in(const SqliteStatement& row, int column) {
    const auto digest = digest_from(row.blob(column));
    TONGBAN_CHECK(digest.ok(), "connector_store.digest_has_32_bytes");
    return *digest;
}

}  // namespace

struct ConnectorStore::State {
    struct Open {
        std::unique_ptr<Sqlite> database;
        ChainHead head;
    };

    // Fixed after construction
    std::string seal_key;
    // Guarded
    Guarded<Open> open;

    // Runs `work` in a transaction that also appends `notes` to the journal; all of it is durable,
    // or none.
    enum class Write { message, checkpoint };
    template <typename Work>
    Result<Done> change(const std::vector<JournalNote>& notes,
                        Work&& work,
                        Write what = Write::message);
    static Result<ChainHead> append(Sqlite& database,
                                    ChainHead head,
                                    const std::vector<JournalNote>& notes);

    [[nodiscard]] std::string sealed(std::string_view bytes, std::string_view row) const {
        return bytes.empty() ? std::string() : seal(seal_key, bytes, row);
    }
    [[nodiscard]] Result<std::string> opened(const std::string& bytes, std::string_view row) const {
        if (bytes.empty()) return std::string();
        auto plain = unseal(seal_key, bytes, row);
        if (!plain)
            return Fault{FaultKind::internal, "connector.db", "a sealed body does not open"};
        return plain;
    }
    Result<StoredRequest> read_request(const SqliteStatement& row) const;
    Result<StoredOutgoing> read_outgoing(const SqliteStatement& row) const;
    Result<std::optional<StoredOutgoing>> outgoing_in(Sqlite& database,
                                                      const std::string& job) const;
    Result<Done> put_outgoing(Sqlite& database, const StoredOutgoing& outgoing) const;
};

template <typename Work>
Result<Done> ConnectorStore::State::change(const std::vector<JournalNote>& notes,
                                           Work&& work,
                                           Write what) {
    // Checkpoints come as often as the log grows, messages as often as an office is asked.
    const bool message = what == Write::message;
    auto locked = open.lock();
    Sqlite& database = *locked->database;
    if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun;
    Result<Done> worked = work(database);
    Result<ChainHead> head =
        worked ? append(database, locked->head, notes) : Result<ChainHead>(locked->head);
    if (worked && !head) worked = head.fault();
    failpoint(message ? "connector.before_commit" : "witness.before_commit");
    if (worked) worked = database.execute("COMMIT");
    failpoint(message ? "connector.after_commit" : "witness.after_commit");
    if (!worked) {
        static_cast<void>(database.execute("ROLLBACK"));
        return worked;
    }
    locked->head = *head;
    return Done{};
}

Result<ChainHead> ConnectorStore::State::append(Sqlite& database,
                                                ChainHead head,
                                                const std::vector<JournalNote>& notes) {
    for (const JournalNote& note : notes) {
        const JournalEntry entry = next_entry(head, note);
        auto insert = database.prepare("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)");
        if (!insert) return std::move(insert).fault();
        insert->bind(1, entry.n)
            .bind_blob(2, bytes_of(entry.prev))
            .bind_text(3, entry.kind)
            .bind_text(4, entry.exchange)
            .bind_text(5, entry.job)
            .bind_text(6, entry.sha256)
            .bind(7, entry.time_ms)
            .bind_blob(8, bytes_of(entry.hash));
        if (auto run = insert->run(); !run) return std::move(run).fault();
        head = {entry.n, entry.hash};
    }
    return head;
}

ConnectorStore::ConnectorStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ConnectorStore::~ConnectorStore() = default;

Result<std::unique_ptr<ConnectorStore>> ConnectorStore::open(const std::string& path,
                                                             std::string seal_key) {
    TONGBAN_CHECK(seal_key.size() == 32, "connector_store.seal_key_has_32_bytes");
    auto database = Sqlite::open(path, SqliteMode::write);
    if (!database) return std::move(database).fault();
    if (auto made = (*database)->execute(tables); !made) return std::move(made).fault();
    ChainHead head;
    {
        auto last = (*database)->prepare("SELECT n, hash FROM journal ORDER BY n DESC LIMIT 1");
        if (!last) return std::move(last).fault();
        auto found = last->step();
        if (!found) return std::move(found).fault();
        if (*found) head = {last->integer(0), digest_in(*last, 1)};
    }
    auto state = std::make_unique<State>();
    state->seal_key = std::move(seal_key);
    auto locked = state->open.lock();
    locked->database = *std::move(database);
    locked->head = head;
    locked.native().unlock();
    return std::unique_ptr<ConnectorStore>(new ConnectorStore(std::move(state)));
}

ChainHead ConnectorStore::head() {
    return state_->open.lock()->head;
}

Result<std::vector<JournalEntry>> ConnectorStore::entries(std::int64_t after, std::int64_t limit) {
    auto locked = state_->open.lock();
    auto rows = locked->database->prepare(
        "SELECT n, prev, kind, exchange, job, sha256, time_ms, hash FROM journal WHERE n > ? ORDER "
        "BY n LIMIT ?");
    if (!rows) return std::move(rows).fault();
    rows->bind(1, after).bind(2, limit);
    std::vector<JournalEntry> result;
    for (;;) {
        auto more = rows->step();
        if (!more) return std::move(more).fault();
        if (!*more) return result;
        result.push_back({rows->integer(0),
                          digest_in(*rows, 1),
                          rows->text(2),
                          rows->text(3),
                          rows->text(4),
                          rows->text(5),
                          rows->integer(6),
                          digest_in(*rows, 7)});
    }
}

Result<Done> ConnectorStore::note(const std::vector<JournalNote>& notes) {
    return state_->change(notes, [](Sqlite&) -> Result<Done> { return Done{}; });
}

Result<Done> ConnectorStore::add_request(const StoredRequest& request, const JournalNote& note) {
    return state_->change({note}, [&](Sqlite& database) -> Result<Done> {
        auto insert = database.prepare("INSERT INTO request VALUES (?,?,?,?,?,?,?)");
        if (!insert) return std::move(insert).fault();
        insert->bind_text(1, request.id)
            .bind_text(2, request.body_sha256)
            .bind(3, static_cast<std::int64_t>(RequestState::queued))
            .bind_text(4, "")
            .bind_text(5, "")
            .bind_blob(6, state_->sealed(request.sealed_call, "request/" + request.id))
            .bind(7, request.received_ms);
        return insert->run();
    });
}

Result<StoredRequest> ConnectorStore::State::read_request(const SqliteStatement& row) const {
    StoredRequest request;
    request.id = row.text(0);
    request.body_sha256 = row.text(1);
    request.state = static_cast<RequestState>(row.integer(2));
    request.exchange = row.text(3);
    request.answer = row.text(4);
    auto call = opened(row.blob(5), "request/" + request.id);
    if (!call) return std::move(call).fault();
    request.sealed_call = *std::move(call);
    request.received_ms = row.integer(6);
    return request;
}

Result<std::optional<StoredRequest>> ConnectorStore::request(const std::string& id) {
    auto locked = state_->open.lock();
    auto row = locked->database->prepare(std::string(request_columns) + "WHERE id = ?");
    if (!row) return std::move(row).fault();
    row->bind_text(1, id);
    auto found = row->step();
    if (!found) return std::move(found).fault();
    if (!*found) return std::optional<StoredRequest>();
    auto request = state_->read_request(*row);
    if (!request) return std::move(request).fault();
    return std::optional<StoredRequest>(*std::move(request));
}

Result<std::vector<StoredRequest>> ConnectorStore::queued_requests(std::int64_t limit) {
    auto locked = state_->open.lock();
    auto rows = locked->database->prepare(std::string(request_columns) +
                                          "WHERE state = 0 ORDER BY received_ms LIMIT ?");
    if (!rows) return std::move(rows).fault();
    rows->bind(1, limit);
    std::vector<StoredRequest> result;
    for (;;) {
        auto more = rows->step();
        if (!more) return std::move(more).fault();
        if (!*more) return result;
        auto request = state_->read_request(*rows);
        if (!request) return std::move(request).fault();
        result.push_back(*std::move(request));
    }
}

Result<Done> ConnectorStore::settle_request(const std::string& id,
                                            RequestState state,
                                            const std::string& exchange,
                                            const std::string& answer,
                                            const JournalNote& note) {
    return state_->change({note}, [&](Sqlite& database) -> Result<Done> {
        auto update = database.prepare(
            "UPDATE request SET state = ?, exchange = ?, answer = ?, sealed = x'' WHERE id = ?");
        if (!update) return std::move(update).fault();
        update->bind(1, static_cast<std::int64_t>(state))
            .bind_text(2, exchange)
            .bind_text(3, answer)
            .bind_text(4, id);
        return update->run();
    });
}

Result<Done> ConnectorStore::update_answer(const std::string& id, const std::string& answer) {
    return state_->change({}, [&](Sqlite& database) -> Result<Done> {
        auto update = database.prepare("UPDATE request SET answer = ? WHERE id = ?");
        if (!update) return std::move(update).fault();
        update->bind_text(1, answer).bind_text(2, id);
        return update->run();
    });
}

Result<Done> ConnectorStore::State::put_outgoing(Sqlite& database,
                                                 const StoredOutgoing& outgoing) const {
    auto insert = database.prepare("INSERT OR REPLACE INTO outgoing VALUES (?,?,?,?)");
    if (!insert) return std::move(insert).fault();
    insert->bind_text(1, outgoing.job)
        .bind_text(2, outgoing.exchange)
        .bind(3, outgoing.delivery ? 1 : 0)
        .bind_blob(4, sealed(outgoing.bytes, "outgoing/" + outgoing.job));
    return insert->run();
}

Result<Done> ConnectorStore::add_outgoing(const StoredOutgoing& outgoing, const JournalNote& note) {
    return state_->change(
        {note}, [&](Sqlite& database) { return state_->put_outgoing(database, outgoing); });
}

Result<Done> ConnectorStore::replace_outgoing(const StoredOutgoing& outgoing) {
    return state_->change(
        {}, [&](Sqlite& database) { return state_->put_outgoing(database, outgoing); });
}

Result<StoredOutgoing> ConnectorStore::State::read_outgoing(const SqliteStatement& row) const {
    StoredOutgoing outgoing;
    outgoing.job = row.text(0);
    outgoing.exchange = row.text(1);
    outgoing.delivery = row.integer(2) != 0;
    auto bytes = opened(row.blob(3), "outgoing/" + outgoing.job);
    if (!bytes) return std::move(bytes).fault();
    outgoing.bytes = *std::move(bytes);
    return outgoing;
}

Result<std::optional<StoredOutgoing>> ConnectorStore::State::outgoing_in(
    Sqlite& database, const std::string& job) const {
    auto row =
        database.prepare("SELECT job, exchange, delivery, sealed FROM outgoing WHERE job = ?");
    if (!row) return std::move(row).fault();
    row->bind_text(1, job);
    auto found = row->step();
    if (!found) return std::move(found).fault();
    if (!*found) return std::optional<StoredOutgoing>();
    auto outgoing = read_outgoing(*row);
    if (!outgoing) return std::move(outgoing).fault();
    return std::optional<StoredOutgoing>(*std::move(outgoing));
}

Result<std::optional<StoredOutgoing>> ConnectorStore::outgoing(const std::string& job) {
    auto locked = state_->open.lock();
    return state_->outgoing_in(*locked->database, job);
}

Result<std::vector<StoredOutgoing>> ConnectorStore::all_outgoing(std::int64_t limit) {
    auto locked = state_->open.lock();
    auto rows = locked->database->prepare(
        "SELECT job, exchange, delivery, sealed FROM outgoing ORDER BY job LIMIT ?");
    if (!rows) return std::move(rows).fault();
    rows->bind(1, limit);
    std::vector<StoredOutgoing> result;
    for (;;) {
        auto more = rows->step();
        if (!more) return std::move(more).fault();
        if (!*more) return result;
        auto outgoing = state_->read_outgoing(*rows);
        if (!outgoing) return std::move(outgoing).fault();
        result.push_back(*std::move(outgoing));
    }
}

Result<Done> ConnectorStore::forget_outgoing(const std::vector<StoredOutgoing>& sent) {
    return state_->change({}, [&](Sqlite& database) -> Result<Done> {
        for (const StoredOutgoing& one : sent) {
            auto kept = state_->outgoing_in(database, one.job);
            if (!kept) return std::move(kept).fault();
            if (!kept->has_value() || (*kept)->bytes != one.bytes) continue;
            auto remove = database.prepare("DELETE FROM outgoing WHERE job = ?");
            if (!remove) return std::move(remove).fault();
            remove->bind_text(1, one.job);
            if (auto run = remove->run(); !run) return run;
        }
        return Done{};
    });
}

Result<Done> ConnectorStore::add_delivery(const StoredDelivery& delivery, const JournalNote& note) {
    return state_->change({note}, [&](Sqlite& database) -> Result<Done> {
        auto insert = database.prepare("INSERT OR IGNORE INTO delivery VALUES (?,?,?,?,?,'','')");
        if (!insert) return std::move(insert).fault();
        insert->bind_text(1, delivery.job)
            .bind_text(2, delivery.exchange)
            .bind_text(3, delivery.message_no)
            .bind_text(4, delivery.document_sha256)
            .bind(5, static_cast<std::int64_t>(DeliveryState::received));
        return insert->run();
    });
}

Result<std::optional<StoredDelivery>> ConnectorStore::delivery(const std::string& job) {
    auto locked = state_->open.lock();
    auto row = locked->database->prepare(
        "SELECT job, exchange, message_no, document_sha256, state, acknowledgement_sha256, reason "
        "FROM delivery WHERE job = ?");
    if (!row) return std::move(row).fault();
    row->bind_text(1, job);
    auto found = row->step();
    if (!found) return std::move(found).fault();
    if (!*found) return std::optional<StoredDelivery>();
    return std::optional<StoredDelivery>({row->text(0),
                                          row->text(1),
                                          row->text(2),
                                          row->text(3),
                                          static_cast<DeliveryState>(row->integer(4)),
                                          row->text(5),
                                          row->text(6)});
}

Result<Done> ConnectorStore::settle_delivery(const StoredDelivery& delivery,
                                             const StoredOutgoing& report,
                                             const JournalNote& note) {
    return state_->change({note}, [&](Sqlite& database) -> Result<Done> {
        auto update = database.prepare(
            "UPDATE delivery SET state = ?, acknowledgement_sha256 = ?, reason = ? WHERE job = ?");
        if (!update) return std::move(update).fault();
        update->bind(1, static_cast<std::int64_t>(delivery.state))
            .bind_text(2, delivery.acknowledgement_sha256)
            .bind_text(3, delivery.reason)
            .bind_text(4, delivery.job);
        if (auto run = update->run(); !run) return run;
        return state_->put_outgoing(database, report);
    });
}

Result<std::optional<SeenCheckpoint>> ConnectorStore::checkpoint() {
    auto locked = state_->open.lock();
    auto row = locked->database->prepare("SELECT size, root, note, cosigned FROM checkpoint");
    if (!row) return std::move(row).fault();
    auto found = row->step();
    if (!found) return std::move(found).fault();
    if (!*found) return std::optional<SeenCheckpoint>();
    return std::optional<SeenCheckpoint>({static_cast<std::uint64_t>(row->integer(0)),
                                          digest_in(*row, 1),
                                          row->text(2),
                                          row->integer(3) != 0});
}

Result<Done> ConnectorStore::keep_checkpoint(const SeenCheckpoint& checkpoint) {
    const auto put_row = [&](Sqlite& database) -> Result<Done> {
        auto put = database.prepare("INSERT OR REPLACE INTO checkpoint VALUES (1,?,?,?,?)");
        if (!put) return std::move(put).fault();
        put->bind(1, static_cast<std::int64_t>(checkpoint.size))
            .bind_blob(2, bytes_of(checkpoint.root))
            .bind_text(3, checkpoint.note)
            .bind(4, checkpoint.cosigned ? 1 : 0);
        return put->run();
    };
    return state_->change({}, put_row, State::Write::checkpoint);
}

}  // namespace tongban::connectors
