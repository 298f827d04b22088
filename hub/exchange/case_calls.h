// CaseCalls: how a case asks offices through the hub: the port between hub/cases and the exchanges.
// hub/cases calls it after its own commit; Exchanges::case_calls() is the real one, the simulation
// has its own.
//
// A call is an exchange like any other: admitted by an agreement that names the case's service item
// (`cases:` of the agreement file; nothing else is agreed to), routed, converted, verified,
// minimised to the grant, sealed, with its leaf. What differs: the request is canonical, the answer
// is handed to the caller as a canonical record, and the hub forges nobody's request: every call
// stands on an exchange that the same member signed itself (`opening`), and the leaf names both.
//
// (member, op_key, attempt) is the idempotency key and has one answer for ever. The office's
// message number comes of (member, op_key, part) alone: whatever the attempt, the office sees one
// number.
//
// Effects (the resource file's `effect`), when an answer is lost:
//   read, idempotent  asked again under the same number until the deadline
//   queryable         its `status` operation is asked; only "no record" there lets it be sent again
//   at_most_once      never sent again: in_doubt
// A call with an effect that is not known to have been done or not ends as in_doubt, never as
// unavailable; unavailable says that nothing was done.
//
// Threads: call, answer_of: any thread; they may block on the store. `answered` runs on a lane of
// the exchanges, after the answer is durable: it hands on, and neither blocks nor calls back. After
// a restart nobody calls it for what ended before: ask answer_of.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/exchange/request.h"
#include "hub/policy/decide.h"
#include "hub/policy/resource.h"
#include "mapping/stages.h"
#include "schemas/finding.h"
#include "schemas/value.h"

namespace tongban::exchange {

struct CallName {
    std::string member;        // in whose name the case asks
    std::string op_key;        // "<case_id>/<step_no>/<op>"; 1..96 of [A-Za-z0-9._/-]
    std::int32_t attempt = 1;  // a further one only after unavailable, or when a person decides it
    auto operator<=>(const CallName&) const = default;
};

struct CaseCall {
    CallName name{};
    std::string case_id{};  // as the log names it: case-<16 hex>
    std::string item{};     // service item; the agreement must name it
    // The exchange by which `name.member` itself signed what this call stands on: the opening of
    // the case, or an event or decision of its own in it.
    std::string opening{};
    std::string resource{};
    policy::Kind kind = policy::Kind::fetch;  // fetch | verify | submit
    std::string purpose{};
    schemas::Group request{};  // of the resource's request type
    // Of the person that the call is about. None: the opening's own, when it has one.
    std::optional<policy::ConsentTerms> consent{};
    std::string
        division{};      // whom to ask, instead of the resource's `division_by`; "" as that says
    Instant deadline{};  // 0: the resource's own
    std::string traceparent{};
};

enum class CallStatus : std::int32_t {
    answered = 1,   // `record` holds what the grant lets the member see
    verified = 2,   // kind verify: `verdicts`
    no_record = 3,  // these four: what the office of a required part said
    ambiguous = 4,
    not_covered = 5,
    refused = 6,
    returned = 7,     // an answer or the request breaks its schema or a rule; `findings` say why
    unavailable = 8,  // not in time, and nothing was done
    in_doubt = 9,     // not in time, and it may have been done
    denied = 10,      // no agreement, consent or opening; `reason` is the code
};
std::string_view name_of(CallStatus status);

struct CaseAnswer {
    CallName name{};
    std::string exchange_id{};
    CallStatus status = CallStatus::unavailable;
    std::string reason{};     // a code, when not answered
    schemas::Group record{};  // minimised; a group a part, as in the resource's record type
    std::string record_type{};
    std::map<std::string, mapping::PartStatus> parts{};
    std::vector<schemas::Finding> findings{};
    std::vector<FieldVerdict> verdicts{};
    Instant answered_at{};
};

class CaseCalls {
public:
    using Answered = std::function<void(CaseAnswer)>;
    virtual ~CaseCalls() = default;

    // Durable when it returns: no job goes out before. The same call again: Done. The answer comes
    // by `answered`; what ends at once (a denial) may come before this returns. Faults: conflict
    // (that name has another content), malformed (no such name or request), busy and unavailable
    // (call again).
    virtual Result<Done> call(CaseCall call) = 0;
    // Nothing: never called, or not answered yet.
    virtual Result<std::optional<CaseAnswer>> answer_of(const CallName& name) = 0;
    // Once, before the first call and before Exchanges::resume().
    virtual void on_answer(Answered answered) = 0;
};

}  // namespace tongban::exchange
