// The JSON form of a case's state. Members have short names and are left out when they say nothing:
// the whole must stay below 64 KiB, and it is written at every transition. A record stands in it as
// its number; version 1 had the record itself there, which is read still.
#include <algorithm>
#include <map>
#include <utility>

#include "base/json.h"
#include "hub/cases/engine/case_state.h"
#include "hub/cases/engine/value_json.h"

namespace tongban::cases {
namespace {

constexpr std::size_t max_depth = 64;

template <typename T>
void get(const Json& json, const char* name, T& value) {
    const auto found = json.find(name);
    if (found != json.end()) found->get_to(value);
}

template <typename E>
void get_enum(const Json& json, const char* name, E& value, E last) {
    std::int32_t number = static_cast<std::int32_t>(value);
    get(json, name, number);
    if (number < 0 || number > static_cast<std::int32_t>(last))
        throw Json::other_error::create(600, "enumerator", &json);
    value = static_cast<E>(number);
}

void get_group(const Json& json, const char* name, schemas::Group& group) {
    const auto found = json.find(name);
    if (found == json.end()) return;
    Result<schemas::Group> read = group_from(*found);
    if (!read) throw Json::other_error::create(601, "group", &json);
    group = *std::move(read);
}

class RecordSource {  // of a state that is read
public:
    explicit RecordSource(const CaseRecords& records) : records_(records) {}

    CaseRecord of(const Json& json) {
        if (!json.is_number_integer()) return take_out(json);
        const auto found = records_.find(json.get<std::int32_t>());
        if (found == records_.end()) throw Json::other_error::create(604, "record", &json);
        return found->second;
    }
    [[nodiscard]] std::int32_t taken_out() const { return taken_out_; }

private:
    CaseRecord take_out(const Json& json) {  // of version 1, where it stands itself
        Result<schemas::Group> group = group_from(json);
        if (!group) throw Json::other_error::create(605, "record", &json);
        return {++taken_out_, *std::move(group)};
    }

    const CaseRecords& records_;
    std::int32_t taken_out_ = 0;
};

struct Get;
template <typename T>
void get_all(const Get& from, const char* name, std::vector<T>& all);

// One function a struct tells both directions: `io` puts or gets.
struct Put {
    JsonText& json;
    template <typename T>
    void one(const char* name, const T& value) {
        if (!(value == T{})) json.name(name).value(value);
    }
    void one(const char* name, const std::vector<std::string>& values) {
        if (values.empty()) return;
        json.name(name).begin_array();
        for (const std::string& value : values)
            json.value(value);
        json.end_array();
    }
    void one(const char* name, const std::map<std::string, std::string>& values) {
        if (values.empty()) return;
        json.name(name).begin_object();
        for (const auto& [key, value] : values)
            json.name(key).value(value);
        json.end_object();
    }
    template <typename E>
    void enumerated(const char* name, E value, E /*last*/) {
        // Always: nought is not every enum's default.
        json.name(name).value(static_cast<std::int32_t>(value));
    }
    template <typename T>
    void all(const char* name, const std::vector<T>& values);
    void group(const char* name, const schemas::Group& value) {
        if (value.fields.empty()) return;
        json.name(name);
        put(json, value);
    }
    void record(const char* name, const CaseRecord& value) { one(name, value.no()); }
    void basis(const char* name, const calendar::Basis& value) {
        if (!value.calendar.empty()) json.name(name).value(calendar::to_json(value));
    }
};
struct Get {
    const Json& json;
    RecordSource& records;
    template <typename T>
    void one(const char* name, T& value) {
        get(json, name, value);
    }
    template <typename E>
    void enumerated(const char* name, E& value, E last) {
        get_enum(json, name, value, last);
    }
    template <typename T>
    void all(const char* name, std::vector<T>& values) {
        get_all(*this, name, values);
    }
    void group(const char* name, schemas::Group& value) { get_group(json, name, value); }
    void record(const char* name, CaseRecord& value) {
        if (const auto found = json.find(name); found != json.end()) value = records.of(*found);
    }
    void basis(const char* name, calendar::Basis& value) {
        if (!json.contains(name)) return;  // a certain time, which no calendar moves
        Result<calendar::Basis> read = calendar::parse_basis(json.at(name).get<std::string>());
        if (!read) throw Json::other_error::create(603, "basis", &json);
        value = *std::move(read);
    }
};

void both(auto io, auto& call)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(call)>>, OpenCall>
{
    io.one("k", call.op_key);
    io.one("o", call.op);
    io.one("s", call.step_no);
    io.one("m", call.member);
    io.one("e", call.effect);
    io.one("f", call.forever);
    io.one("p", call.parked);
    io.one("x", call.orphan);
    io.one("t", call.spent);
}

void both(auto io, auto& run)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(run)>>, StepRun>
{
    io.one("n", run.no);
    io.one("s", run.step);
    io.enumerated("k", run.kind, StepKind::end);
    io.enumerated("t", run.status, StepStatus::undone);
    io.one("p", run.parent);
    io.one("b", run.branch);
    io.one("u", run.undo_of);
    io.one("y", run.party);
    io.one("m", run.member);
    io.one("a", run.assignee);
    io.one("f", run.started_ms);
    io.one("e", run.ended_ms);
    io.one("o", run.outcome);
    io.one("j", run.joined);
}

void both(auto io, auto& limit)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(limit)>>, Limit>
{
    io.one("s", limit.step_no);
    io.enumerated("k", limit.kind, LimitKind::decide);
    io.basis("b", limit.basis);
    io.one("d", limit.due_ms);
    io.one("y", limit.yellow_ms);
    io.one("o", limit.orange_ms);
    io.one("p", limit.provisional);
    io.enumerated("l", limit.light, Light::red);
    io.one("r", limit.remind_ms);
}

void both(auto io, auto& branch)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(branch)>>, Branch>
{
    io.one("p", branch.part);
    io.one("m", branch.member);
    io.enumerated("h", branch.phase, Phase::confirm_due);
    io.one("i", branch.irrevocable);
    io.one("u", branch.hold_until_ms);
    io.one("r", branch.round);
    io.one("q", branch.asked);
    io.one("x", branch.extend_ms);
    io.one("n", branch.extended);
    io.one("t", branch.trouble);
    io.record("g", branch.reserved);
    io.record("c", branch.confirmed);
}

void both(auto io, auto& incident)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(incident)>>,
                            Incident>
{
    io.one("n", incident.seq);
    io.one("s", incident.step_no);
    io.one("k", incident.op_key);
    io.one("c", incident.code);
    io.one("v", incident.severity);
    io.one("w", incident.owner);
    io.one("f", incident.opened_ms);
    io.one("e", incident.closed_ms);
    io.one("o", incident.outcome);
}

void both(auto io, auto& pause)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(pause)>>, Pause>
{
    io.one("r", pause.reason);
    io.one("f", pause.from_ms);
    io.one("e", pause.to_ms);
    io.one("s", pause.stops_clock);
}

void both(auto io, auto& event)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(event)>>,
                            EarlyEvent>
{
    io.one("n", event.name);
    io.one("f", event.from);
    io.record("g", event.record);
}

void both(auto io, auto& held)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(held)>>, Held>
{
    io.one("s", held.step);
    io.one("p", held.parent);
    io.one("b", held.branch);
}

void both(auto io, auto& finding)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(finding)>>,
                            NotedFinding>
{
    io.one("c", finding.code);
    io.one("v", finding.severity);
    io.one("s", finding.step_no);
    io.one("z", finding.zh);
    io.one("e", finding.en);
    io.one("r", finding.rule);
    io.one("j", finding.jurisdictions);
    io.one("g", finding.ground);
}

void both(auto io, auto& report)
    requires std::is_same_v<std::remove_const_t<std::remove_reference_t<decltype(report)>>, Report>
{
    io.one("n", report.no);
    io.one("s", report.state);
    io.group("q", report.request);
}

template <typename T>
void Put::all(const char* name, const std::vector<T>& values) {
    if (values.empty()) return;
    json.name(name).begin_array();
    for (const T& value : values) {
        json.begin_object();
        both(*this, value);
        json.end_object();
    }
    json.end_array();
}

template <typename T>
void get_all(const Get& from, const char* name, std::vector<T>& all) {
    const auto found = from.json.find(name);
    if (found == from.json.end()) return;
    for (const Json& item : found->get_ref<const Json::array_t&>()) {  // throws when it is none
        T one;
        both(Get{item, from.records}, one);
        all.push_back(std::move(one));
    }
}

void scalars(auto io, auto& state) {
    io.one("id", state.case_id);
    io.one("number", state.number);
    io.one("item", state.item);
    io.one("version", state.item_version);
    io.enumerated("status", state.status, CaseStatus::closed);
    io.one("priority", state.priority);
    io.one("state", state.domain_state);
    io.one("end", state.end);
    io.one("ending", state.ending);
    io.one("reason", state.reason);
    io.one("external", state.external_number);
    io.one("reports_made", state.reports_made);
    io.one("opened", state.opened_ms);
    io.one("closed", state.closed_ms);
    io.one("last", state.last_ms);
    io.one("transfers", state.transfers);
    io.one("bound", state.bound);
    io.one("passed", state.passed);
    io.one("steps_made", state.steps_made);
    io.one("incidents_made", state.incidents_made);
    io.one("records_made", state.records_made);
    io.one("owner", state.owner);
    io.one("hall", state.hall);
    io.one("signed", state.signed_by);
    io.record("application", state.application);
}

void lists(auto io, auto& state) {
    io.all("runs", state.runs);
    io.all("calls", state.calls);
    io.all("limits", state.limits);
    io.all("incidents", state.incidents);
    io.all("early", state.early);
    io.all("held", state.held);
    io.all("pauses", state.pauses);
    io.all("findings", state.findings);
    io.all("reports", state.reports);
}

void put_joints(Put to, const std::vector<Joint>& joints) {
    if (joints.empty()) return;
    to.json.name("joints").begin_array();
    for (const Joint& joint : joints) {
        to.json.begin_object().name("s").value(joint.step_no);
        to.enumerated("d", joint.decision, Decision::cancel);
        to.one("w", joint.because);
        to.one("u", joint.deadline_ms);
        to.all("b", joint.branches);
        to.json.end_object();
    }
    to.json.end_array();
}

void get_joints(Get from, std::vector<Joint>& joints) {
    const auto found = from.json.find("joints");
    if (found == from.json.end()) return;
    for (const Json& item : *found) {
        Joint joint;
        get(item, "s", joint.step_no);
        get_enum(item, "d", joint.decision, Decision::cancel);
        get(item, "w", joint.because);
        get(item, "u", joint.deadline_ms);
        get_all(Get{item, from.records}, "b", joint.branches);
        joints.push_back(std::move(joint));
    }
}

void put_results(JsonText& json, const CaseState& state) {
    if (state.results.empty()) return;
    json.name("results").begin_array();
    for (const auto& [name, record] : state.results)
        json.begin_array().value(name).value(record.no()).end_array();
    json.end_array();
}

void put_parties(JsonText& json, const CaseState& state) {
    if (state.parties.empty()) return;
    json.name("parties").begin_object();
    for (const auto& [name, party] : state.parties)
        json.name(name).begin_array().value(party.member).value(party.division).end_array();
    json.end_object();
}

void put_first_approvals(JsonText& json, const CaseState& state) {
    const auto approved = [](const StepRun& run) { return run.first.has_value(); };
    if (std::none_of(state.runs.begin(), state.runs.end(), approved)) return;
    json.name("first").begin_object();
    for (const StepRun& run : state.runs) {
        if (!run.first) continue;
        json.name(std::to_string(run.no));
        json.begin_array().value(run.first->officer).value(run.first->action).end_array();
    }
    json.end_object();
}

void get_named(Get from, CaseState& state) {
    const Json& json = from.json;
    if (const auto found = json.find("results"); found != json.end())
        for (const Json& pair : *found)
            state.results.emplace_back(pair.at(0).get<std::string>(), from.records.of(pair.at(1)));
    if (const auto found = json.find("parties"); found != json.end())
        for (const auto& [name, pair] : found->items())
            state.parties[name] = {pair.at(0).get<std::string>(), pair.at(1).get<std::string>()};
    if (const auto found = json.find("first"); found != json.end())
        for (StepRun& run : state.runs)
            if (const auto first = found->find(std::to_string(run.no)); first != found->end())
                run.first =
                    Approval{first->at(0).get<std::string>(), first->at(1).get<std::string>()};
}

CaseState state_from(Get from) {
    CaseState state;
    scalars(from, state);
    lists(from, state);
    get_joints(from, state.joints);
    get_named(from, state);
    return state;
}

}  // namespace

Result<std::string> write_state(const CaseState& state) {
    JsonText json;
    json.begin_object().name("v").value(state_version);
    scalars(Put{json}, state);
    lists(Put{json}, state);
    put_joints(Put{json}, state.joints);
    put_results(json, state);
    put_parties(json, state);
    put_first_approvals(json, state);
    std::string bytes = json.end_object().take();
    if (bytes.size() > max_state_bytes)
        return Fault{FaultKind::refused, "case.state", "the case holds more than 64 KiB"};
    return bytes;
}

Result<ReadState> read_state(std::string_view bytes, const CaseRecords& records) {
    const Fault malformed{FaultKind::malformed, "case.state", "not the state of a case"};
    const Result<Json> json = parse_json(bytes, max_depth);
    if (!json || !json->is_object() || !json->contains("v")) return malformed;
    const Json& version = json->at("v");
    if (version != state_version && version != state_version - 1)
        return Fault{FaultKind::malformed, "case.state", "written by another version of the hub"};
    try {
        RecordSource source(records);
        ReadState read{state_from(Get{*json, source}), 0};
        if (version == state_version)
            read.saved = read.state.records_made;
        else
            read.state.records_made = source.taken_out();
        return read;
    } catch (const Json::exception&) {  // nlohmann's accessors throw; here they mean: not ours
        return malformed;
    }
}

}  // namespace tongban::cases
