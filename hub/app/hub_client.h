// HubClient: the command line's own conversation with a hub, as a member's client, an auditor or an
// operator.
//
// Keys and ports are found in the data folder as `tongban pki` and `tongban hub` leave them.
//
// Threads: one thread.
// Faults:  refused (the hub said no: `where` is its code), unavailable (not reachable); of open()
// besides not_found (`where` is the option that names keys which are not there).
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
    int rpc_port = 0;                          // 0: from hub/ready.json
    std::string identity;                      // folder below pki/
    std::string identity_option = "--member";  // how the caller named it
};

struct Enquiry {  // one request that the command line makes
    std::string request_id;
    std::string kind = "fetch";  // fetch | verify | submit
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

struct CaseFilter {  // empty fields do not narrow
    std::string item;
    std::string state;
    std::string status;
    std::string light;
    std::string attribute;
    std::string value;
    std::string hall;
    std::string member;
    std::string after;
    std::int32_t limit = 50;
};

struct CaseOrderForm {  // signed by the client
    std::string request_id;
    std::string action;  // decide | signal | pause | resume | cancel | mend
    std::string case_number;
    std::string subject;
    std::string choice;
    Json detail = Json::object();
    std::string reason;
    std::string officer;
    std::int64_t case_revision = 0;
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
    // Of the client's own member, from now on. Again: changes nothing.
    Result<Done> withdraw_consent(const std::string& consent_id);
    Result<Json> trace(const std::string& exchange_id);
    Result<std::string> receipt(const std::string& exchange_id, const std::string& kind);
    Result<std::string> checkpoint();

    // Cases (hub_client_cases.cpp): members, operators; auditors read.
    Result<Json> list_cases(const CaseFilter& filter);  // {"cases": [...], "more": place}
    Result<Json> show_case(const std::string& number);  // docs/formats/case-document.md
    Result<Json> list_tasks(const std::string& role, std::int32_t limit);
    Result<Json> list_incidents(const std::string& number, std::int32_t limit);
    Result<Json> order(const CaseOrderForm& form);  // the case's summary

private:
    struct State;  // internal/hub_client_state.h
    explicit HubClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::app
