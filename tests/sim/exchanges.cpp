#include "tests/sim/exchanges.h"

#include "hub/cases/engine/value_json.h"

namespace tongban::sim {

using exchange::CallName;
using exchange::CallStatus;
using exchange::CaseAnswer;

namespace {

constexpr std::int64_t resend_ms = 60'000;
constexpr std::int64_t give_up_ms = 600'000;
constexpr std::int64_t settle_ms = 240'000;  // longer than the office needs and messages take

std::string same_key(const CallName& name) {
    return name.member + "|" + name.op_key;
}

}  // namespace

std::string effect_of(const std::string& resource) {
    if (resource.ends_with("/enter")) return "at_most_once";
    if (resource.ends_with("/declare")) return "queryable";
    if (resource.ends_with("/check") || resource.ends_with("/status")) return "read";
    return "idempotent";
}

Result<Done> Exchanges::call(exchange::CaseCall call) {
    const CallName name = call.name;
    if (!database_.ordered.contains(name.op_key))
        broken.push_back("a call that no commit ordered: " + name.op_key);
    const auto known = entries_.find(name);
    if (known != entries_.end()) {
        if (cases::to_json(known->second.call.request) != cases::to_json(call.request))
            broken.push_back("a call that changed under its name: " + name.op_key);
        return Done{};
    }
    Entry& entry = entries_[name];
    entry.call = std::move(call);
    entry.deadline_ms = agenda_.truth() + give_up_ms;
    agenda_.at(entry.deadline_ms, [this, name] { give_up(name); });
    if (random_.chance(faults.away)) return Done{};  // nobody takes the job
    attempt(name);
    return Done{};
}

// Sent under the same number until answered; what its effect allows.
void Exchanges::attempt(const CallName& name) {
    Entry& entry = entries_.at(name);
    if (entry.answer || agenda_.truth() >= entry.deadline_ms) return;
    const std::string effect = effect_of(entry.call.resource);
    if (entry.sent && effect == "at_most_once") return;
    if (entry.sent && effect == "queryable") {
        if (const std::optional<Said> found = offices_.find(same_key(name))) {
            if (!random_.chance(faults.lost)) return reply(name, *found);
        } else if (agenda_.truth() - entry.last_sent_ms >= settle_ms) {
            send(name, ++entry.sends);  // definitely absent
        }
    } else {
        send(name, ++entry.sends);
    }
    agenda_.after(resend_ms, [this, name] { attempt(name); });
}

void Exchanges::send(const CallName& name, int number) {
    Entry& entry = entries_.at(name);
    entry.sent = true;
    entry.last_sent_ms = agenda_.truth();
    const int copies = random_.chance(faults.doubled) ? 3 : 1;
    for (int i = 0; i < copies; ++i) {
        ++messages;
        if (random_.chance(faults.lost)) continue;
        agenda_.after(delay(), [this, name, number] { arrive(name, number); });
    }
}

void Exchanges::arrive(const CallName& name, int number) {
    Entry& entry = entries_.at(name);
    // The connector gives a job to its office once; whoever stores keys may see it twice.
    const bool stores = effect_of(entry.call.resource) == "idempotent";
    if (!entry.taken.insert(number).second && !stores) return;
    const Said said = offices_.take(same_key(name), entry.call);
    if (random_.chance(faults.lost)) return;
    agenda_.after(delay(), [this, name, said] { reply(name, said); });
}

void Exchanges::reply(const CallName& name, const Said& said) {
    CaseAnswer answer;
    answer.status = said.status;
    answer.reason = said.reason;
    answer.record = said.record;
    end(name, std::move(answer));
}

void Exchanges::give_up(const CallName& name) {
    const Entry& entry = entries_.at(name);
    CaseAnswer answer;
    const bool reads = effect_of(entry.call.resource) == "read";
    answer.status = entry.sent && !reads ? CallStatus::in_doubt : CallStatus::unavailable;
    end(name, std::move(answer));
}

void Exchanges::end(const CallName& name, CaseAnswer answer) {
    Entry& entry = entries_.at(name);
    if (entry.answer) return;  // one for ever
    answer.name = name;
    answer.answered_at = Instant{agenda_.truth()};
    entry.answer = answer;
    for (Port* port : ports_)
        if (port->answered_ && !random_.chance(faults.untold)) port->answered_(answer);
}

Result<Done> Port::call(exchange::CaseCall call) {
    return exchanges_.call(std::move(call));
}

Result<std::optional<CaseAnswer>> Port::answer_of(const CallName& name) {
    const auto found = exchanges_.entries_.find(name);
    if (found == exchanges_.entries_.end()) return std::optional<CaseAnswer>();
    return found->second.answer;
}

}  // namespace tongban::sim
