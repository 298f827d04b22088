// Item: a service item (事项) as its file states it, compiled: what a citizen can ask for, which
// materials it takes and who brings each, which steps a case of it goes through, who owes each of
// them, by when, and what undoes it.
//
// A case keeps the version it began with. Expressions are CEL programs over one frame: `frame`
// names the slots, in order; whoever runs a program fills them (docs/formats/service-item.md, "What
// expressions see").
//
// Threads: immutable after load.
// Faults:  none here; item_file.h reads and checks.
// Source:  优化营商环境条例 Arts. 36, 37; 行政许可法 Arts. 30, 32, 42.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "hub/cases/calendar/basis.h"
#include "mapping/cel/program.h"
#include "schemas/canonical_type.h"

namespace tongban::item {

using mapping::cel::Program;

struct Words {  // as a clerk reads it
    std::string zh;
    std::string en;
    bool operator==(const Words&) const = default;
};

struct Within {
    std::int32_t count = 0;
    calendar::Unit unit = calendar::Unit::working_days;
    bool operator==(const Within&) const = default;
};

// Whose days count: a party's (its division's), or a calendar's id. One of the two is set.
struct CalendarOf {
    std::string party;
    std::string id;
    bool operator==(const CalendarOf&) const = default;
};

struct Deadline {
    Within within;
    CalendarOf calendar;  // of the office that owes it
    std::string go;       // on_breach: the step that follows; "": it turns red and escalates
    std::string until;    // the case's alone: its clock ends when this step is done; "": at an end
};

struct Retry {  // then an incident
    std::int32_t attempts = 6;
    std::int64_t first_ms = 1'000;
    std::int64_t ceiling_ms = 600'000;
};

// A record put together from expressions: a question to an office, or what a gate checks.
struct RecordField {
    std::string path;          // "subject", "filing.number"
    schemas::FieldType shape;  // what the value becomes there: an int a decimal, a text a code
    Program value;
};
struct Request {
    std::string type;                 // canonical
    std::vector<RecordField> fields;  // those that are undecided when it is made are left out
};

enum class CallKind { fetch, verify, submit };
enum class Effect { read, idempotent, queryable, at_most_once };
std::string_view name_of(CallKind kind);
std::string_view name_of(Effect effect);

struct Call {              // ask an office
    std::string to;        // party that is asked
    std::string by;        // party in whose name; the owner unless said
    std::string resource;  // of the catalogue
    CallKind kind = CallKind::fetch;
    Effect effect = Effect::read;
    std::string purpose;       // of the agreement
    std::string as;            // the answer's name; "": not kept
    std::string record{};      // canonical type of the answer; "" of a verify, or when not known
    bool irrevocable = false;  // what it does stays done, and a case has it once (登簿)
    Request request;
};

struct Gate {  // rules, or conditions alone
    std::string as;
    std::string party;              // whose division's rules bind; "": the owner
    std::optional<Request> record;  // nothing: the transitions' conditions decide
};

struct Task {  // a person of an office decides
    std::string party;
    std::string role;
    std::string form;                  // canonical type of what is entered; "": nothing is
    std::vector<std::string> actions;  // each is an outcome
    std::vector<Words> action_words;   // beside `actions`
    std::string as;
    bool four_eyes = false;
};

struct Expected {
    std::string event;
    std::string from;  // party that sends it; "": whoever may
    std::string as;
    std::string type{};        // canonical type of what it tells; "" when nothing was known of it
    bool irrevocable = false;  // it tells of what stays done (放款): the case only goes forward
};
struct Wait {
    std::vector<Expected> any;  // the first that comes ends the step; its name is the outcome
};

struct JointCall {
    std::string resource;  // "": the office has none (status and extend may be so)
    Effect effect = Effect::idempotent;
    Request request;
};
struct JointMember {
    std::string id;  // its name in the joint
    std::string to;  // party
    std::string by;
    std::string purpose;
    JointCall reserve;
    JointCall confirm;
    JointCall cancel;
    JointCall status;
    JointCall extend;          // of the hold; "": the office cannot
    bool irrevocable = false;  // confirms when all others have; at most one, the last
    Within hold;               // the least time that it must hold a reservation; 0: unstated
};
struct Joint {                         // both or neither
    std::vector<JointMember> members;  // in the file's order
    Within decide_within;
    Within margin;  // no hold may end sooner than this after the decision
    CalendarOf calendar;
    std::string as;
};

enum class Join { all, any };
struct Parallel {
    struct Branch {
        std::string id;
        std::string start;  // step
    };
    std::vector<Branch> branches;
    Join join = Join::all;
};

struct Timer {  // one of the two
    std::optional<Within> within;
    CalendarOf calendar;
    std::optional<Program> until;  // a date or a timestamp
};

enum class Ending { completed, refused, not_accepted, withdrawn, expired };
std::string_view name_of(Ending ending);
const Words& words_of(Ending ending);
struct End {
    Ending ending = Ending::completed;
};

using What = std::variant<Call, Gate, Task, Wait, Joint, Parallel, Timer, End>;

// The target of a transition that ends a parallel's branch.
inline constexpr std::string_view join_target = "$join";

// The first that fits is taken: `on` is empty or names the step's outcome, `when` is absent or
// true. Undecided is not true.
struct Transition {
    std::vector<std::string> on;
    std::optional<Program> when;
    std::string when_text;           // as the file has it, for people
    std::string go;                  // a step, or join_target
    std::optional<Program> because;  // text: the reason that the case keeps
    int line = 0;
};

struct Step {
    std::string id;
    Words words;
    std::string state;  // the domain's word once it is done: "A_CERTIFIED"
    What what;
    std::vector<Transition> next;
    std::optional<Deadline> deadline;
    std::string no_deadline;  // why it has none
    Retry retry;              // calls and joints
    std::optional<Call> undo;
    std::string no_undo;   // why it has none
    std::string parallel;  // the step of kind parallel that it stands in, and its branch there
    std::string branch;
    int line = 0;
};

std::string_view kind_of(const Step& step);  // "call" "gate" "task" ...
const Words& words_of_kind(std::string_view kind);

// What a step can end as. Without `on`, a transition fits `plain_outcomes` alone: what an office
// declined goes its own way, or to a person.
//   call      answered | no_record | refused | returned | unavailable
//   gate      passed | review | returned | blocked (by its rules' worst finding); without rules
//   passed task      its actions wait      the names of its events joint     confirmed | cancelled
//   parallel, timer   done
std::vector<std::string> outcomes(const Step& step);
std::vector<std::string> plain_outcomes(const Step& step);  // call: answered; others: all

struct Party {
    std::string id;
    Words words;
    std::string kind;                 // "housing-fund"
    std::string member;               // a certain one, or ...
    std::optional<Program> division;  // ... the one of this division
};

struct Material {
    std::string id;
    Words words;
    std::string from;                       // "citizen" or the step that gets it
    std::vector<std::string> alternatives;  // `or`: the same, each tried after the one before
    std::optional<Program> when;  // over `application`: whether it is needed; absent: always
    std::int32_t trips = 0;       // what the citizen is spared by its being fetched
    std::int32_t copies = 0;
};

// A value in the application or in a result: "application" and "applicant.id_number".
struct ValuePath {
    std::string root;
    std::string path;
};
struct SearchName {
    std::string name;
    ValuePath value;
};

enum class Priority { urgent = 0, high = 1, normal = 2, low = 3 };
std::string_view name_of(Priority priority);
const Words& words_of(Priority priority);

enum class Master { hub, external };  // external: the city's own acceptance system holds the case

struct Limits {
    std::int32_t transfers = 2;
    std::int32_t steps = 200;
};

struct StateWord {
    std::string state;  // "A_ELIGIBLE"
    Words words;
};

struct Item {
    std::string id;  // "housing-fund/remote-loan"
    std::int32_t version = 0;
    std::string digest;  // hex SHA-256 of the file's bytes
    std::string file;
    std::string code;  // national item code
    Words words;
    Date valid_from;
    std::optional<Date> valid_to;  // last day
    std::string ground;
    Master master = Master::hub;
    std::string owner;  // party
    CalendarOf calendar;
    std::string application;  // canonical type
    std::string purpose;
    std::optional<ValuePath> subject;  // the identifier of whom the case is about
    std::vector<ValuePath> key;        // the same values: the same case
    std::vector<SearchName> search;
    std::optional<Call> report;  // mastered elsewhere: what its master is told of each state
    Priority priority = Priority::normal;
    std::optional<Deadline> deadline;
    Limits limits;
    std::vector<Party> parties;
    std::vector<Material> materials;
    std::vector<StateWord> states;
    std::string start;
    std::vector<Step> steps;           // in the file's order
    std::vector<std::string> suspend;  // reasons that stop the clock (calendar::StopReason)
    std::vector<std::string> frame;    // names of the slots of every program

    [[nodiscard]] const Step* step(std::string_view wanted) const;    // null: none
    [[nodiscard]] const Party* party(std::string_view wanted) const;  // null: none
    [[nodiscard]] const Words* state(std::string_view wanted) const;  // null: none
    [[nodiscard]] bool valid_on(Date day) const {
        return valid_from <= day && (!valid_to || day <= *valid_to);
    }
};

}  // namespace tongban::item
