// What expressions see (docs/formats/service-item.md): the application, the case, its parties, the
// time, and what its steps have brought so far. Records are borrowed; only what has no record of
// its own is made here.
#include <deque>

#include "hub/cases/engine/internal/work.h"
#include "mapping/cel/datum.h"

namespace tongban::cases::internal {
namespace {

using mapping::cel::Datum;
using mapping::cel::Program;
using schemas::Group;
using schemas::Value;

Value of(auto data) {
    Value value;
    value.data = std::move(data);
    return value;
}

Group case_group(const Work& work) {
    const CaseState& state = work.state;
    Group group;
    group.set("number", of(state.number));
    group.set("item", of(state.item));
    group.set("opened_on", of(shanghai_date(Instant{state.opened_ms})));
    group.set("state", of(state.domain_state));
    group.set("owner", of(state.owner));
    group.set("external_number", of(state.external_number));
    return group;
}

Group party_group(const Party& party) {
    Group group;
    group.set("member", of(party.member));
    group.set("division", of(party.division));
    return group;
}

Group joint_group(const Joint& joint, CaseRecord Branch::* which) {
    Group group;
    for (const Branch& branch : joint.branches)
        if (const Group& one = (branch.*which).group(); !one.fields.empty())
            group.set(branch.part, of(one));
    return group;
}

class Frame {
public:
    explicit Frame(const Work& work) : work_(work) {
        for (const std::string& name : work.item.frame)
            slots_.push_back(slot(name));
    }

    Datum run(const Program& program) {
        mapping::cel::Scene scene{shanghai_date(work_.facts.now)};
        return program.run(slots_, scene);
    }

private:
    Datum made(Group group) {
        made_.push_back(std::move(group));
        return {static_cast<const Group*>(&made_.back())};
    }

    Datum slot(const std::string& name) {
        const CaseState& state = work_.state;
        if (name == "application") return {static_cast<const Group*>(&state.application.group())};
        if (name == "case") return made(case_group(work_));
        if (name == "now") return {Instant{work_.facts.now}};
        if (name == "today") return {Date{shanghai_date(work_.facts.now)}};
        if (work_.joint != nullptr && name == "reserved")
            return made(joint_group(*work_.joint, &Branch::reserved));
        if (work_.joint != nullptr && name == "confirmed")
            return made(joint_group(*work_.joint, &Branch::confirmed));
        if (const auto party = state.parties.find(name); party != state.parties.end())
            return made(party_group(party->second));
        if (const Group* result = state.result(name)) return {result};
        return {};
    }

    const Work& work_;
    std::vector<Datum> slots_;
    std::deque<Group> made_;  // pointers into it stay
};

}  // namespace

std::optional<bool> truth(const Work& work, const Program& program) {
    Frame frame(work);
    const Datum answer = frame.run(program);
    const bool* held = answer.get<bool>();
    if (held == nullptr) return std::nullopt;
    return *held;
}

std::string text(const Work& work, const Program& program) {
    Frame frame(work);
    const Datum answer = frame.run(program);
    return answer.get<mapping::cel::Text>() == nullptr ? "" : std::string(answer.text());
}

std::optional<std::int64_t> instant(const Work& work, const Program& program) {
    Frame frame(work);
    const Datum answer = frame.run(program);
    if (const auto* at = answer.get<Instant>()) return at->ms;
    if (const auto* date = answer.get<Date>())  // from the beginning of that day in Shanghai
        return days_since_1970(*date) * 86'400'000 - 8 * std::int64_t{3'600'000};
    return std::nullopt;
}

Group record_of(const Work& work, const item::Request& request) {
    Group record;
    Frame frame(work);
    for (const item::RecordField& field : request.fields) {
        Value value = shaped(frame.run(field.value), field.shape);
        if (!value.absent()) set_at(record, field.path, std::move(value));
    }
    return record;
}

void resolve_parties(Work& work) {
    for (const item::Party& one : work.item.parties) {
        Party party;
        party.member = one.member;
        if (one.division) party.division = text(work, *one.division);
        const Directory* directory = work.facts.directory;
        if (directory != nullptr && party.member.empty())
            party.member = directory->member_of(one.kind, party.division);
        if (directory != nullptr && party.division.empty())
            party.division = directory->division_of(party.member);
        work.state.parties[one.id] = std::move(party);
    }
}

const Party* party(const Work& work, const std::string& name) {
    const auto found = work.state.parties.find(name.empty() ? work.item.owner : name);
    return found == work.state.parties.end() ? nullptr : &found->second;
}

std::string calendar_of(const Work& work, const item::CalendarOf& which) {
    if (!which.id.empty()) return which.id;
    const Party* owing = party(work, which.party);
    return owing == nullptr || owing->division.empty() ? "cn"
                                                       : calendar::region_of(owing->division);
}

}  // namespace tongban::cases::internal
