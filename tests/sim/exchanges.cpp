#include "tests/sim/exchanges.h"

#include "hub/cases/engine/value_json.h"

namespace tongban::sim {

using exchange::CallName;
using exchange::CallStatus;
using exchange::CaseAnswer;

namespace {

constexpr std::int64_t slow_ms = 10'000;
constexpr std::int64_t resend_ms = 60'000;
constexpr std::int64_t give_up_ms = 600'000;
constexpr std::int64_t settle_ms = 240'000;  // longer than the office needs and messages take

std::string text_of(const schemas::Group& record) {
    JsonText json;
    cases::put(json, record);
    return json.take();
}

std::string same_key(const CallName& name) {
    return name.member + "|" + name.op_key;
}

}  // namespace

bool Exchanges::happens(int percent, const char* what) {
    if (!random_.chance(percent)) return false;
    ++happened[what];
    return true;
}

bool Exchanges::closed(const std::string& resource) {
    const auto office = closed_until.find(resource.substr(0, resource.find('/')));
    if (office == closed_until.end() || agenda_.truth() >= office->second) return false;
    ++happened["office: closed for hours or days"];
    return true;
}

std::int64_t Exchanges::delay() {
    const std::int64_t ms = random_.between(5, faults.longest_ms);
    if (ms > slow_ms) ++happened["network: slow"];
    return ms;
}

Result<Done> Exchanges::call(exchange::CaseCall call) {
    const CallName name = call.name;
    if (!database_.ordered.contains(name.op_key))
        broken.push_back("a call that no commit ordered: " + name.op_key);
    const auto known = entries_.find(name);
    if (known != entries_.end()) {
        if (text_of(known->second.call.request) != text_of(call.request))
            broken.push_back("a call that changed under its name: " + name.op_key);
        return Done{};
    }
    Entry& entry = entries_[name];
    entry.effect = effect_of(call.resource, call.kind == policy::Kind::submit);
    entry.call = std::move(call);
    entry.deadline_ms = agenda_.truth() + give_up_ms;
    agenda_.at(entry.deadline_ms, [this, name] { give_up(name); });
    if (closed(entry.call.resource)) return Done{};
    if (happens(faults.away, "network: nobody took the job")) return Done{};
    attempt(name);
    return Done{};
}

// Sent under the same number until answered; what its effect allows.
void Exchanges::attempt(const CallName& name) {
    Entry& entry = entries_.at(name);
    if (entry.answer || agenda_.truth() >= entry.deadline_ms) return;
    const std::string& effect = entry.effect;
    if (entry.sent && effect == "at_most_once") return;
    if (entry.sent && effect == "queryable") {
        if (const std::optional<Said> found = offices_.find(same_key(name))) {
            if (!happens(faults.lost, "network: lost")) return reply(name, *found);
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
    const int copies = happens(faults.doubled, "network: doubled") ? 3 : 1;
    for (int i = 0; i < copies; ++i) {
        const std::int64_t message = ++messages;
        if (happens(faults.lost, "network: lost")) continue;
        agenda_.after(delay(), [this, name, number, message] { arrive(name, number, message); });
    }
}

void Exchanges::arrive(const CallName& name, int number, std::int64_t message) {
    Entry& entry = entries_.at(name);
    std::int64_t& newest = newest_[name.op_key.substr(0, name.op_key.find('/'))];
    if (message < newest) ++happened["network: overtaken"];
    newest = std::max(newest, message);
    if (closed(entry.call.resource)) return;
    // The connector gives a job to its office once; whoever stores keys may see it twice.
    const bool stores = entry.effect == "idempotent";
    if (!entry.taken.insert(number).second && !stores) return;
    const Said said = offices_.take(same_key(name), entry.call);
    if (happens(faults.lost, "network: lost")) return;
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
    const bool reads = entry.effect == "read";
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
        if (port->answered_ && !happens(faults.untold, "network: answer untold"))
            port->answered_(answer);
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
