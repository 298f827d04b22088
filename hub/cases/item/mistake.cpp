#include "hub/cases/item/mistake.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/check.h"

namespace tongban::item {
namespace {

using enum Gravity;

// One line a kind: code, gravity, why, remedy.
constexpr MistakeKind kinds[] = {
    // The file.
    {"yaml.syntax", fault, "nothing of the file can be read", "mend the YAML at this place"},
    {"key.unknown",
     fault,
     "a misspelt key would be left out in silence",
     "take one of the keys named"},
    {"key.missing", fault, "the item is not complete without it", "add the key"},
    {"key.twice", fault, "only one of the two could count", "keep one of them"},
    {"value.wrong", fault, "the value cannot be understood here", "write what is expected"},
    {"id.shape",
     fault,
     "expressions and tables name it",
     "use lower-case letters, digits and _, a letter first"},
    {"id.taken", fault, "an expression could mean either", "give it another name"},
    {"unit.unknown",
     fault,
     "a period without unit is no period",
     "write working_days, days or hours"},
    {"calendar.unknown",
     fault,
     "the deadline could not be reckoned",
     "name a calendar of configs/calendars, a party or $owner"},
    {"path.unknown", fault, "the value would always be missing", "name a field of the type"},
    {"type.unknown",
     fault,
     "no record could be read or written by it",
     "name a type of schemas/canonical"},
    {"code.missing",
     fault,
     "the other system knows the item by its national code alone",
     "add code"},
    {"report.missing",
     fault,
     "the other system would show a state that is long past",
     "add report: {to, resource, kind: submit, effect: idempotent, request}"},
    {"report.needless", fault, "nobody waits for it", "take it out, or say master: external"},
    {"report.effect",
     fault,
     "a report whose answer is lost is sent again, and must count once",
     "name a submission whose resource says effect: idempotent"},
    {"state.unnamed",
     fault,
     "the citizen would read a code",
     "add the state to states, with zh and en"},
    {"suspend.unknown",
     fault,
     "only reasons known to law stop the clock",
     "take one of the reasons named"},
    {"material.source", fault, "nobody would bring the material", "name citizen or a step"},
    {"party.unknown", fault, "nobody would be asked", "name a party of parties"},
    {"party.kind",
     fault,
     "no member of the hub could take this part",
     "take the kind of a member in configs/members"},
    {"party.who",
     fault,
     "either one member is named or its division says which",
     "give division or member, not both"},
    // Steps and ways.
    {"step.kind",
     fault,
     "the kind says what the step does",
     "give exactly one of call, gate, task, wait, joint, parallel, timer, end"},
    {"step.unknown", fault, "the case would stop there", "name a step of steps"},
    {"step.unreachable",
     fault,
     "the step would never be done",
     "let a transition lead to it, or take it out"},
    {"step.no_end",
     fault,
     "a case that comes here is never closed",
     "lead a way from here to an end"},
    {"next.otherwise",
     fault,
     "the case would stand still when no condition holds",
     "add an otherwise, or an on without when, for each outcome named"},
    {"next.after",
     fault,
     "the transition is never looked at",
     "move it before the one that always fits"},
    {"next.form",
     fault,
     "it must be plain where the case goes and when",
     "give go with on or when, or otherwise alone"},
    {"on.unknown", fault, "the step never ends so", "take one of the step's outcomes"},
    {"cycle.busy",
     fault,
     "the case would run in a circle without a pause",
     "put a wait, a task or a timer into the circle"},
    {"task.actions", fault, "the officer could do nothing", "name at least one action"},
    {"task.action.unused",
     fault,
     "the officer's decision would lead nowhere",
     "add a transition with on for the action, or an otherwise"},
    {"deadline.missing",
     fault,
     "a step without deadline can lie for ever",
     "add a deadline, or deadline: {none: true, because: ...}"},
    {"deadline.sum",
     warning,
     "a case that keeps every step's deadline can still be late",
     "shorten steps, lengthen the case's deadline, or say until"},
    {"parallel.branches", fault, "one branch is no parallel", "name at least two branches"},
    {"parallel.left",
     fault,
     "the parallel would wait for this branch for ever",
     "end the branch by go: $join, and decide after the parallel"},
    {"parallel.entered",
     fault,
     "the parallel would not know of the step, or meet it twice",
     "lead to the parallel itself, or give the branch a step of its own"},
    {"parallel.join",
     fault,
     "only a branch has something to join",
     "use $join in the steps of a branch alone"},
    {"parallel.any",
     fault,
     "the branch that loses is cancelled, and its effect would stay",
     "give the effect an undo, or join all"},
    // Offices.
    {"resource.unknown",
     fault,
     "the call could not be made",
     "name a resource of configs/resources"},
    {"resource.kind", fault, "the call would be refused", "take a kind that the resource offers"},
    {"resource.office",
     fault,
     "the office does not answer for the resource",
     "ask a party of a kind that provides it"},
    {"effect.missing",
     fault,
     "nobody could say what to do when the answer is lost",
     "add effect: read, idempotent, queryable or at_most_once"},
    {"effect.differs",
     fault,
     "a lost answer would be mended in the wrong way",
     "take the effect of the resource file"},
    {"undo.missing",
     fault,
     "a cancelled case would leave its effect behind",
     "add undo: {call: ...}, or undo: {none: true, because: ...}"},
    {"undo.needless", fault, "there is nothing to take back", "take the undo out"},
    {"irrevocable.twice",
     fault,
     "after the first nothing can make the second sure, or undo the first",
     "put both into a joint, or give one an undo"},
    {"joint.members", fault, "both or neither needs two", "name at least two members"},
    {"joint.irrevocable",
     fault,
     "what follows an irrevocable confirm could still fail",
     "make the irrevocable member the last, and the only one"},
    {"event.unknown", fault, "no office could send it", "name the event of a resource with intake"},
    {"application.differs",
     fault,
     "what the intake resource takes in could not open the case",
     "make application the request type of that resource"},
    {"rules.none",
     fault,
     "the gate would let everything pass",
     "name a record type that rules apply to"},
    {"field.unknown", fault, "the value would be lost", "name a field of the type"},
    {"field.missing", fault, "the record would break its type", "add the field"},
    {"field.type",
     fault,
     "the field could not take the value",
     "write an expression of the field's type"},
    // Expressions.
    {"cel.syntax", fault, "the expression cannot be read", "mend the expression at this place"},
    {"cel.name", fault, "it would always be missing", "take a name that is known here"},
    {"cel.type", fault, "the expression has no answer", "make the types agree"},
    {"cel.unset",
     fault,
     "on some way to this place nothing has set it",
     "ask has() first, or move the step behind the one that sets it"},
    // The folder.
    {"item.twice",
     fault,
     "nobody could say which of them is meant",
     "give one of the files another version"},
    {"version.order",
     fault,
     "a new case would take the older version",
     "let the higher version begin later"},
    {"version.changed",
     fault,
     "running cases began with other bytes",
     "publish the change as a new version"},
    {"version.gone",
     fault,
     "running cases go on by it",
     "put the file back; valid_to ends an item for new cases"},
    {"validity.overlap",
     fault,
     "two versions claim the same day",
     "end the lower version the day before the higher begins"},
};

}  // namespace

std::span<const MistakeKind> mistake_kinds() {
    return kinds;
}

const MistakeKind& mistake_kind(std::string_view code) {
    const auto* const found =
        std::find_if(std::begin(kinds), std::end(kinds), [&](const MistakeKind& each) {
            return each.code == code;
        });
    TONGBAN_CHECK(found != std::end(kinds), "item.mistake.unknown");
    return *found;
}

void sort(std::vector<Mistake>& mistakes) {
    const auto key = [](const Mistake& one) {
        return std::tie(one.file, one.line, one.column, one.code, one.what);
    };
    std::sort(mistakes.begin(), mistakes.end(), [&](const Mistake& a, const Mistake& b) {
        return key(a) < key(b);
    });
    mistakes.erase(std::unique(mistakes.begin(), mistakes.end()), mistakes.end());
}

bool any_stops(const std::vector<Mistake>& mistakes) {
    return std::any_of(
        mistakes.begin(), mistakes.end(), [](const Mistake& one) { return one.stops(); });
}

std::vector<ConfigFault> as_faults(const std::vector<Mistake>& mistakes) {
    std::vector<ConfigFault> faults;
    for (const Mistake& one : mistakes) {
        if (!one.stops()) continue;
        const MistakeKind& kind = one.kind();
        faults.push_back({one.file,
                          one.line,
                          one.column,
                          "[" + one.code + "] " + one.what + "; " + std::string(kind.why) +
                              ". To do: " + std::string(kind.remedy)});
    }
    return faults;
}

}  // namespace tongban::item
