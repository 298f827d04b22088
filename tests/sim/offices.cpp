#include "tests/sim/offices.h"

namespace tongban::sim {
namespace {

constexpr std::int64_t hour = 3'600'000;

schemas::Value of(auto data) {
    schemas::Value value;
    value.data = std::move(data);
    return value;
}

std::string text_in(const exchange::CaseCall& call, const char* name) {
    const schemas::Value* value = call.request.find(name);
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? "" : *text;
}

std::string case_of(const exchange::CaseCall& call) {
    return call.name.op_key.substr(0, call.name.op_key.find('/'));
}

std::string number_of(const exchange::CaseCall& call) {
    const std::string number = text_in(call, "number");
    return number.empty() ? case_of(call) : number;
}

std::string op_of(const exchange::CaseCall& call) {
    return call.name.op_key.substr(call.name.op_key.rfind('/') + 1);
}

// What an office reserves: the sides of a joint filing share the number behind it.
std::string branch_of(const exchange::CaseCall& call) {
    const std::string reservation = text_in(call, "reservation");
    return call.resource.substr(0, call.resource.find('/')) + "/" +
           (reservation.empty() ? number_of(call) : reservation);
}

bool is(const exchange::CaseCall& call, std::string_view verb) {
    return call.resource.ends_with(verb);
}

}  // namespace

std::string effect_of(const std::string& resource, bool submits) {
    if (!submits) return "read";
    if (const ShippedResource* shipped = Shipped::get().resource(resource)) return shipped->effect;
    if (resource.ends_with("/enter")) return "at_most_once";
    if (resource.ends_with("/declare")) return "queryable";
    return "idempotent";
}

Said Offices::refused(std::string reason) {
    ++happened["office: " + reason];
    Said said;
    said.status = exchange::CallStatus::refused;
    said.reason = std::move(reason);
    return said;
}

// What the resource's record holds; of a test's office one word.
schemas::Group Offices::record_of(const exchange::CaseCall& call) {
    if (const ShippedResource* shipped = Shipped::get().resource(call.resource))
        return Shipped::get().record(shipped->record, random_, Instant{agenda_.truth()});
    schemas::Group record;
    record.set("ok", of(!random_.chance(terms.refuses)));
    return record;
}

Said Offices::look_up(const exchange::CaseCall& call) {
    Said said;
    said.record = record_of(call);
    if (is(call, "status")) {
        const auto found = branches_.find(branch_of(call));
        const std::string phase = found == branches_.end() ? "unknown" : found->second.phase;
        if (schemas::Value* told = field_named(said.record, "phase"))
            *told = of(schemas::Code{phase});
        else
            said.record.set("phase", of(phase));
        return said;
    }
    if (random_.chance(terms.refuses)) said.status = exchange::CallStatus::no_record;
    return said;
}

Said Offices::take(const std::string& op_key, const exchange::CaseCall& call) {
    if (call.kind != policy::Kind::submit) return look_up(call);
    const auto known = ledger_.find(op_key);
    const bool stores = effect_of(call.resource, true) == "idempotent";
    if (known != ledger_.end() && stores) {
        ++happened["office: the same key again"];
        return known->second.said;
    }
    Said said = work(call);
    Effect& effect = ledger_[op_key];
    effect.resource = call.resource;
    effect.number = number_of(call);
    effect.op = op_of(call);
    effect.at_ms = agenda_.truth();
    if (said.status == exchange::CallStatus::answered) ++effect.times;
    effect.said = said;
    return said;
}

std::optional<Said> Offices::find(const std::string& op_key) const {
    const auto found = ledger_.find(op_key);
    if (found == ledger_.end()) return std::nullopt;
    if (agenda_.truth() - found->second.at_ms < terms.settles_ms) return std::nullopt;
    return found->second.said;
}

int Offices::done(const std::string& resource, const std::string& number) const {
    int times = 0;
    for (const auto& [op_key, effect] : ledger_)
        if (effect.resource == resource && effect.number == number) times += effect.times;
    return times;
}

Said Offices::work(const exchange::CaseCall& call) {
    if (is(call, "reserve")) return reserve(call);
    if (is(call, "extend")) return extend(call);
    if (is(call, "confirm")) return confirm(call);
    if (is(call, "cancel")) return cancel(call);
    if (op_of(call) != "undo" && random_.chance(terms.refuses)) return refused("office.refuses");
    Said said;
    said.record = record_of(call);
    return said;
}

// The same branch is held until then.
Said Offices::held(const exchange::CaseCall& call, const Branch& branch) {
    Said said;
    said.record = record_of(call);
    if (schemas::Value* phase = field_named(said.record, "phase"))
        *phase = of(schemas::Code{branch.phase});
    if (schemas::Value* until = field_named(said.record, "hold_until"))
        *until = of(Instant{branch.hold_until_ms});
    else
        said.record.set("hold_until", of(Instant{branch.hold_until_ms}));
    said.record.set("token", of(branch_of(call)));
    return said;
}

Said Offices::reserve(const exchange::CaseCall& call) {
    const auto known = branches_.find(branch_of(call));
    if (known != branches_.end() && known->second.phase == "cancelled")
        return refused("joint.tombstone");  // a reserve that comes after its cancel
    if (known != branches_.end() && known->second.phase == "confirmed")
        return refused("joint.confirmed");
    if (random_.chance(terms.refuses)) return refused("office.refuses");
    const std::int64_t hold =
        random_.chance(terms.short_holds) ? random_.between(20, 60) : random_.between(96, 400);
    Branch& here = branches_[branch_of(call)];
    here.phase = "reserved";
    here.hold_until_ms = agenda_.truth() + hold * hour;
    return held(call, here);
}

Said Offices::extend(const exchange::CaseCall& call) {
    const auto known = branches_.find(branch_of(call));
    const bool stands = known != branches_.end() && known->second.phase == "reserved" &&
                        agenda_.truth() < known->second.hold_until_ms;
    if (!stands) return refused("joint.not_reserved");
    if (random_.chance(terms.refuses)) return refused("office.refuses");
    ++happened["office: hold extended"];
    known->second.hold_until_ms = agenda_.truth() + random_.between(96, 400) * hour;
    return held(call, known->second);
}

Said Offices::confirm(const exchange::CaseCall& call) {
    const auto known = branches_.find(branch_of(call));
    if (known == branches_.end() || known->second.phase == "cancelled") {
        broken.push_back("confirm of what is not reserved: " + branch_of(call));
        return refused("joint.not_reserved");
    }
    Said said;
    said.record = record_of(call);
    if (known->second.phase == "confirmed") return said;
    if (agenda_.truth() >= known->second.hold_until_ms) return refused("joint.expired");
    known->second.phase = "confirmed";
    return said;
}

Said Offices::cancel(const exchange::CaseCall& call) {
    const auto known = branches_.find(branch_of(call));
    if (known != branches_.end() && known->second.phase == "confirmed") {
        broken.push_back("cancel of what is confirmed: " + branch_of(call));
        return refused("joint.confirmed");
    }
    branches_[branch_of(call)].phase = "cancelled";  // also of what it never heard: a tombstone
    Said said;
    said.record = record_of(call);
    return said;
}

}  // namespace tongban::sim
