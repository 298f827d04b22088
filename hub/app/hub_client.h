// HubClient: the command line's own conversation with a hub, as a member's client, an auditor or an
// operator.
//
// Keys and ports are found in the data folder as `tongban pki` and `tongban hub` leave them.
//
// Threads: one thread.
// Faults:  refused (the hub said no: `where` is its code), unavailable (not reachable), not_found
// (keys, ready file).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace tongban::app {

struct HubAddress {
    std::string data = "data";  // holds pki/ and hub/ready.json
    std::string hub_id = "hub.yc";
    std::string host = "localhost";
    int rpc_port = 0;      // 0: from hub/ready.json
    std::string identity;  // folder below pki/
};

struct Enquiry {  // one request that the command line makes
    std::string request_id;
    std::string kind = "fetch";  // fetch | verify
    std::string resource;
    std::string purpose;
    std::string officer;
    std::string case_ref;
    std::string schema;
    std::string body;
    std::optional<Json> consent;  // {consent_id, resource, purpose, receiver, given_at_ms,
                                  // valid_until_ms, channel, evidence_sha256}
    std::int64_t wait_ms = 30'000;
};

struct Answered {
    std::string exchange_id;
    std::string state;
    std::optional<std::string> document;
    std::string document_schema;
    Json findings;  // as json_of(Finding)
    Json verdicts;
    Json envelopes;  // part -> {signed: the exact text, suite, key_id, signature: base64}
    std::string receipt;
    std::string leaf;
};

class HubClient {
public:
    static Result<std::unique_ptr<HubClient>> open(const HubAddress& address);
    ~HubClient();
    HubClient(const HubClient&) = delete;
    HubClient& operator=(const HubClient&) = delete;

    Result<Answered> exchange(const Enquiry& enquiry);
    Result<Answered> result(const std::string& exchange_id, std::int64_t wait_ms);
    // The requester has the document: the receipt of the outcome leaf.
    Result<std::string> acknowledge(const std::string& exchange_id, const std::string& document);
    Result<Json> trace(const std::string& exchange_id);
    Result<std::string> receipt(const std::string& exchange_id, const std::string& kind);
    Result<std::string> checkpoint();

private:
    struct State;
    explicit HubClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::app
