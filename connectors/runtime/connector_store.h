// ConnectorStore: what a connector must not forget when it dies: its journal, its office's
// requests, answers that the hub has not accepted, deliveries and their acknowledgements, the last
// checkpoint it saw.
//
// One SQLite file. Every change is one durable transaction with the journal entries that belong to
// it. Bodies are sealed with AES-256-GCM under the connector's key, bound to their row, and go away
// when the hub has accepted them.
//
// Threads: safe from any thread; one connection behind one lock.
// Faults:  unavailable, conflict, internal (a sealed body that does not open).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "connectors/runtime/journal.h"

namespace tongban::connectors {

enum class RequestState { queued, admitted, refused };

struct StoredRequest {
    std::string id;           // the office's own request id: one row each
    std::string body_sha256;  // hex
    RequestState state = RequestState::queued;
    std::string exchange;     // once admitted
    std::string answer;       // JSON for the office: the last outcome or refusal; no personal value
    std::string sealed_call;  // opened: the signed request as it leaves, byte for byte; "" once
                              // admitted or refused
    std::int64_t received_ms = 0;
};

struct StoredOutgoing {  // a completion or report that the hub has not accepted
    std::string job;
    std::string exchange;
    bool delivery = false;
    std::string bytes;  // opened
};

enum class DeliveryState { received, accepted, rejected };

struct StoredDelivery {
    std::string job;
    std::string exchange;
    std::string message_no;
    std::string document_sha256;
    DeliveryState state = DeliveryState::received;
    std::string acknowledgement_sha256;
    std::string reason;
};

struct SeenCheckpoint {
    std::uint64_t size = 0;
    Digest root{};
    std::string note;
    bool cosigned = false;
};

class ConnectorStore {
public:
    // `seal_key` has 32 bytes.
    static Result<std::unique_ptr<ConnectorStore>> open(const std::string& path,
                                                        std::string seal_key);

    [[nodiscard]] ChainHead head();
    Result<std::vector<JournalEntry>> entries(std::int64_t after, std::int64_t limit);
    Result<Done> note(const std::vector<JournalNote>& notes);

    // Conflict when the id is there with another body.
    Result<Done> add_request(const StoredRequest& request, const JournalNote& note);
    Result<std::optional<StoredRequest>> request(const std::string& id);
    Result<std::vector<StoredRequest>> queued_requests(std::int64_t limit);
    // Forgets the body.
    Result<Done> settle_request(const std::string& id,
                                RequestState state,
                                const std::string& exchange,
                                const std::string& answer,
                                const JournalNote& note);
    Result<Done> update_answer(const std::string& id, const std::string& answer);

    Result<Done> add_outgoing(const StoredOutgoing& outgoing, const JournalNote& note);
    Result<std::optional<StoredOutgoing>> outgoing(const std::string& job);
    Result<std::vector<StoredOutgoing>> all_outgoing(std::int64_t limit);
    Result<Done> replace_outgoing(const StoredOutgoing& outgoing);
    // What was replaced since it was read stays: the hub has not seen it.
    Result<Done> forget_outgoing(const std::vector<StoredOutgoing>& sent);

    Result<Done> add_delivery(const StoredDelivery& delivery, const JournalNote& note);
    Result<std::optional<StoredDelivery>> delivery(const std::string& job);
    // The office's word and our report of it, in one transaction.
    Result<Done> settle_delivery(const StoredDelivery& delivery,
                                 const StoredOutgoing& report,
                                 const JournalNote& note);

    Result<std::optional<SeenCheckpoint>> checkpoint();
    Result<Done> keep_checkpoint(const SeenCheckpoint& checkpoint);

private:
    struct State;
    explicit ConnectorStore(std::unique_ptr<State> state);

public:
    ~ConnectorStore();
    ConnectorStore(const ConnectorStore&) = delete;
    ConnectorStore& operator=(const ConnectorStore&) = delete;

private:
    std::unique_ptr<State> state_;
};

}  // namespace tongban::connectors
