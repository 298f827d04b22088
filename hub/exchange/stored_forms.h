// StoredForms: what an exchange keeps in the store's `detail` and in its sealed records, as JSON.
// Nothing personal stands in a detail; the request's head is sealed.
//
// Threads: pure functions.
// Faults:  internal, when stored bytes are not what we wrote.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "hub/exchange/middle.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"

namespace tongban::exchange {

Json to_json(const schemas::Finding& finding);
Json to_json(const FieldVerdict& verdict);
Json to_json(const SignedEnvelope& envelope);
SignedEnvelope envelope_from(const Json& json);

struct PartDetail {  // of an exchange that is still open, and of a closed one for the trace
    std::string provider;
    bool open = true;
    mapping::PartStatus status = mapping::PartStatus::unavailable;
    std::string reason;
    std::int64_t source_time_ms = 0;
    JournalHead journal;
    std::optional<SignedEnvelope> envelope;
    bool in_doubt = false;   // a submission that may have been done
    bool by_status = false;  // answered by the question what became of it
};

struct Detail {
    std::map<std::string, PartDetail> parts;
    std::string officer_commitment;
    std::string subject_hash;
    std::string document_schema;
    std::string document_sha256;
    std::vector<schemas::Finding> findings;
    std::vector<FieldVerdict> verdicts;
    std::optional<Refusal> refusal;  // of a denied exchange
    std::optional<CallEnd> call;     // how a case's call ended
};

std::string write_detail(const Detail& detail);
Result<Detail> read_detail(std::string_view bytes);

std::string write_head(const Request& request);  // all but the body
Result<Request> read_head(std::string_view bytes);
Result<std::string> body_digest_in_head(std::string_view bytes);  // hex

}  // namespace tongban::exchange
