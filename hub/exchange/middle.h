// Middle: everything between the offices' native answers and the requester's document, as one pure
// function: validate, convert in, gather, verify, minimise, convert out (mapping/stages.h). Same
// bytes, same snapshots: same result, anywhere. What a case asked for stays canonical: its document
// is the minimised record itself. What goes into a case passes twice: first it is checked
// (`pending` says that the cases may have it), then their reply becomes the acknowledgement.
//
// A required part that did not come ends the exchange; an optional one is named in the record as
// what it is, so that silence is never read as "none".
//
// Threads: pure functions of immutable snapshots.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/exchange/case_calls.h"
#include "hub/exchange/request.h"
#include "hub/policy/policy.h"
#include "mapping/engine.h"
#include "mapping/stages.h"

namespace tongban::exchange {

struct PartAnswer {
    const policy::Part* part = nullptr;
    const policy::Route* route = nullptr;  // null: nobody provides it there
    std::string provider_zh;               // for the clerk's sentence
    std::string provider_en;
    mapping::PartStatus status = mapping::PartStatus::unavailable;
    std::string reason;  // a code, when not answered
    std::string native;
    std::optional<std::string> canonical;    // placement provider: converted and minimised there
    std::vector<schemas::Finding> findings;  // of its middle
    std::vector<std::string> judged;         // units of rules that it has judged
    std::int64_t source_time_ms = 0;
    std::string message_no;
    std::string schema;     // native, of the bytes
    bool in_doubt = false;  // a submission that may have been done
};

struct ConsentStanding {  // when the record is judged
    bool given = false;
    bool covers = false;  // scope, purpose, receiver, person and dates fit
    bool withdrawn = false;
};

struct MiddleInput {
    const mapping::Engine* engine = nullptr;
    const policy::Covering* covering = nullptr;
    const schemas::Grant* grant = nullptr;
    const mapping::CanonicalRecord* question = nullptr;
    std::string exchange_id;
    std::string message_no;  // of the delivery
    policy::Kind kind = policy::Kind::fetch;
    ConsentStanding consent;
    Instant now;
    std::vector<PartAnswer> parts;
    bool for_case = false;                                 // a case asks: nothing is converted out
    const mapping::CanonicalRecord* case_reply = nullptr;  // intake: what the cases said
};

struct Delivered {
    std::string path;  // "homes.homes[0].area"; a list that names nobody is one field
    std::string value;
    std::vector<std::string>
        subjects;  // whom it is about, by identity number: erasing one of them closes it
};

struct CallEnd {
    CallStatus status = CallStatus::unavailable;
    std::string reason;  // a code
};

struct MiddleResult {
    State state = State::failed;    // delivered | verified | refused | failed; pending: see above
    schemas::Document document;     // when delivered
    std::vector<Delivered> fields;  // of the minimised record
    std::vector<schemas::Finding> findings;
    std::vector<FieldVerdict> verdicts;
    std::map<std::string, mapping::PartStatus> statuses;
    std::map<std::string, std::string> mappings;  // by part: the plan that converted it in
    std::map<std::string, std::vector<std::string>>
        subjects;                    // by part: identity numbers found in it
    std::vector<std::string> rules;  // that may have run, "C-07@1"
    std::string mapping_out;
    std::optional<CallEnd> call;  // how a case's call ended
};

MiddleResult run_middle(const MiddleInput& input);

// What canonical_json_of wrote, of a record that may have been minimised since; empty when it
// cannot be read any more.
schemas::Group record_in(std::string_view canonical_json,
                         const std::string& type,
                         const mapping::Engine& engine);
// A case's words, as this type has them; no value and a finding when they are not.
mapping::Checked<mapping::CanonicalRecord> canonical_of(const schemas::Group& fields,
                                                        const schemas::CanonicalType& type);

// Decode, validate, convert in: the requester's own bytes into the question.
mapping::Checked<mapping::CanonicalRecord> read_native(const schemas::Document& document,
                                                       const mapping::Engine& engine,
                                                       const mapping::Context& context);

// Whose policy binds: the requester's own city first, then those that are asked.
std::vector<std::string> jurisdictions(const policy::Covering& covering,
                                       const std::vector<const policy::Route*>& routes);

// The normalised identity numbers in a record, as its type marks them; sorted, each once.
std::vector<std::string> subjects_in(const schemas::Group& record,
                                     const schemas::CanonicalType& type);

// The fields of a minimised record, each with the persons it is about. `whole` is the record before
// it was minimised: whose a field is may stand in one that was not granted. A group is about the
// person it describes, or else about those whom its type requires it to name (the holder of a
// certificate, all holders of a home); without any, about whom the group around it is about, and
// outermost about the applicant. Whom it may name besides, such as a spouse, has only that person's
// group.
std::vector<Delivered> delivered_fields(const schemas::Group& minimised,
                                        const schemas::Group& whole,
                                        const schemas::CanonicalType& type,
                                        const std::string& applicant);

}  // namespace tongban::exchange
