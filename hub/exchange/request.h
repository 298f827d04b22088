// Request: what members say to the hub and hear from it, as plain structs that mirror
// schemas/thrift/tongban.thrift, so that the heart of the hub speaks no transport. hub/api/wire.cpp
// alone translates.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "hub/policy/decide.h"
#include "mapping/stages.h"
#include "schemas/finding.h"

namespace tongban::exchange {

inline constexpr std::int32_t contract_revision = 1;

struct Caller {  // as the TLS certificate names it
    std::string member;
    std::string role;    // connector | client | auditor | operator
    std::string serial;  // of the certificate, lower-case hex
};

struct Signature {
    std::string suite;
    std::string key_id;
    std::string value;
};

struct JournalHead {
    std::int64_t number = 0;
    Digest hash{};
};

enum class Delivery : std::int32_t { reply = 1, push = 2 };
std::string_view name_of(Delivery delivery);

// On what a request stands that a case makes in its member's name. Never from the wire: whoever
// signs asks for itself.
struct OfCase {
    std::string op_key;
    std::int32_t attempt = 1;
    std::string case_id;
    std::string item;     // service item
    std::string opening;  // the exchange that the member signed; Request::signature is its
    std::string opening_resource;
    std::string opening_sha256;    // of the body that it signed
    bool consent_lent = false;     // Request::consent is the opening's, for what needs one
    std::string division;          // whom to ask, instead of the resource's division_by
    std::int64_t deadline_ms = 0;  // 0: the resource's own
    std::int64_t first_ms = 0;  // of an attempt after the first: when that was, so that the office
                                // gets the same bytes under the same number
};

struct Request {
    std::int32_t revision = 0;
    std::string hub;
    std::string request_id;
    policy::Kind kind = policy::Kind::fetch;
    std::string resource;
    std::string purpose;
    std::string officer;  // the member's own pseudonym
    std::optional<policy::ConsentTerms> consent;
    std::string case_ref;
    std::string schema;
    std::string body;
    Delivery delivery = Delivery::reply;
    std::int64_t signed_at_ms = 0;
    Signature signature;
    std::int64_t wait_ms = 0;
    std::optional<JournalHead> journal;
    std::string traceparent;
    std::optional<OfCase> of_case{};
};

enum class State : std::int32_t {
    pending = 1,
    delivered = 2,
    verified = 3,
    refused = 4,
    failed = 5,
    releasing = 6,
    denied = 7,  // in the store only: the caller gets the Refusal again
};
std::string_view name_of(State state);

enum class Verdict : std::int32_t {
    match = 1,
    mismatch = 2,
    no_record = 3,
    ambiguous = 4,
    unavailable_or_stale = 5
};
std::string_view name_of(Verdict verdict);

struct FieldVerdict {
    std::string field;
    Verdict verdict = Verdict::no_record;
    std::string normalisation;
    std::int64_t source_age_ms = -1;
};

struct SignedEnvelope {
    std::string member;
    std::string exchange_id;
    std::string job_id;
    std::string native_sha256;
    std::int64_t time_ms = 0;
    Signature signature;
    // Placement provider, all hex: what is told instead of the native bytes is signed too.
    std::string canonical_sha256{};
    std::string commitments_root{};
    std::string judgement_sha256{};
};

struct Outcome {
    std::string exchange_id;
    State state = State::pending;
    std::optional<std::string> document;
    std::string document_schema;
    std::vector<schemas::Finding> findings;
    std::vector<FieldVerdict> verdicts;
    std::string receipt;
    std::string leaf;
    std::int64_t retry_after_ms = 0;
    std::map<std::string, SignedEnvelope> envelopes;  // by part
};

struct Token {
    std::int32_t shard = 0;
    std::int64_t epoch = 0;
    std::int64_t seq = 0;
    std::int32_t attempt = 0;
    bool operator==(const Token&) const = default;
};

enum class JobKind : std::int32_t { ask = 1, deliver = 2 };

struct ProviderWork {  // placement provider: what the connector needs to run the middle itself
    std::string resource;
    std::string part;
    std::vector<std::string> fields;
    std::string as_of;
    std::map<std::string, std::string> versions;
    std::string record;
    std::vector<std::string> jurisdictions;
    std::vector<std::string> rules;
    std::vector<std::string> request_fields;
    std::string request;
};

struct Job {
    Token token;
    JobKind kind = JobKind::ask;
    std::string exchange_id;
    std::string job_id;
    std::string hub;
    std::string operation;
    std::string body;
    std::string schema;
    std::int64_t deadline_ms = 0;
    std::string message_no;
    std::string op_key;  // of the case's call, or "": what the office may keep beside the number
    std::string traceparent;
    policy::Effect effect = policy::Effect::read;  // the hub's own: of sending it once more
    policy::Placement placement = policy::Placement::hub;
    std::optional<ProviderWork> work;
    std::string receipt;
    std::string leaf;
};

struct Completion {
    Token token;
    std::string exchange_id;
    std::string job_id;
    mapping::PartStatus kind = mapping::PartStatus::unavailable;
    std::string native_record;
    SignedEnvelope envelope;
    std::string reason;
    std::int64_t source_time_ms = 0;
    std::optional<std::string> canonical;
    std::optional<std::string> commitments_root;
    std::vector<schemas::Finding> findings;
    std::vector<std::string> judged;
};

struct DeliveryReport {
    Token token;
    std::string exchange_id;
    std::string job_id;
    bool accepted = false;
    std::string reason;
    std::string document_sha256;
    std::string acknowledgement_sha256;
    Signature signature;
};

struct LeaseRequest {
    std::int32_t revision = 0;
    std::int32_t max_jobs = 0;
    std::int64_t wait_ms = 0;
    JournalHead journal;
    // Is the caller still on the line? Asked before jobs are given to it; none: yes.
    std::function<bool()> there{};
};

struct LeaseReply {
    std::vector<Job> jobs;
    std::int64_t lease_ms = 0;
};

}  // namespace tongban::exchange
