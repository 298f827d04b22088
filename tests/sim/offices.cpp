#include "tests/sim/offices.h"

namespace tongban::sim {
namespace {

constexpr std::int64_t hour = 3'600'000;

schemas::Value of(auto data) {
    schemas::Value value;
    value.data = std::move(data);
    return value;
}

std::string number_of(const exchange::CaseCall& call) {
    const schemas::Value* value = call.request.find("number");
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? "" : *text;
}

std::string verb_of(const std::string& resource) {
    return resource.substr(resource.find('/') + 1);
}

bool stores_keys(const std::string& resource) {  // idempotent by its own ledger
    const std::string verb = verb_of(resource);
    return verb != "enter" && verb != "declare";
}

Said refused(std::string reason) {
    Said said;
    said.status = exchange::CallStatus::refused;
    said.reason = std::move(reason);
    return said;
}

}  // namespace

Said Offices::take(const std::string& op_key, const exchange::CaseCall& call) {
    const std::string number = number_of(call);
    if (call.kind != policy::Kind::submit) {  // reads
        if (verb_of(call.resource) == "status") {
            const std::string branch =
                call.resource.substr(0, call.resource.find('/')) + "/" + number;
            const auto found = branches_.find(branch);
            Said said;
            said.record.set(
                "phase",
                of(found == branches_.end() ? std::string("unknown") : found->second.phase));
            return said;
        }
        Said said;
        if (random_.chance(terms.refuses)) said.status = exchange::CallStatus::no_record;
        said.record.set("ok", of(!random_.chance(terms.refuses)));
        return said;
    }
    const auto known = ledger_.find(op_key);
    if (known != ledger_.end() && stores_keys(call.resource)) return known->second.said;
    Said said = work(call, number);
    Effect& effect = ledger_[op_key];
    effect.resource = call.resource;
    effect.number = number;
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

Said Offices::work(const exchange::CaseCall& call, const std::string& number) {
    const std::string verb = verb_of(call.resource);
    const std::string branch = call.resource.substr(0, call.resource.find('/')) + "/" + number;
    if (verb == "reserve") return reserve(branch);
    if (verb == "confirm") return confirm(branch);
    if (verb == "cancel") return cancel(branch);
    const bool undoes = verb.starts_with("un") || verb == "refund" || verb == "withdraw";
    if (!undoes && random_.chance(terms.refuses)) return refused("office.refuses");
    return {};
}

Said Offices::reserve(const std::string& branch) {
    const auto known = branches_.find(branch);
    if (known != branches_.end() && known->second.phase == "cancelled")
        return refused("joint.tombstone");  // a reserve that comes after its cancel
    if (known != branches_.end() && known->second.phase == "confirmed")
        return refused("joint.confirmed");
    if (random_.chance(terms.refuses)) return refused("office.refuses");
    const std::int64_t hold =
        random_.chance(terms.short_holds) ? random_.between(20, 60) : random_.between(96, 400);
    Branch& here = branches_[branch];
    here.phase = "reserved";
    here.hold_until_ms = agenda_.truth() + hold * hour;
    Said said;
    said.record.set("hold_until", of(Instant{here.hold_until_ms}));
    said.record.set("token", of(branch));
    return said;
}

Said Offices::confirm(const std::string& branch) {
    const auto known = branches_.find(branch);
    if (known == branches_.end() || known->second.phase == "cancelled") {
        broken.push_back("confirm of what is not reserved: " + branch);
        return refused("joint.not_reserved");
    }
    if (known->second.phase == "confirmed") return {};
    if (agenda_.truth() >= known->second.hold_until_ms) return refused("joint.expired");
    known->second.phase = "confirmed";
    return {};
}

Said Offices::cancel(const std::string& branch) {
    const auto known = branches_.find(branch);
    if (known != branches_.end() && known->second.phase == "confirmed") {
        broken.push_back("cancel of what is confirmed: " + branch);
        return refused("joint.confirmed");
    }
    branches_[branch].phase = "cancelled";  // also of what it never heard: a tombstone
    return {};
}

}  // namespace tongban::sim
