#include "hub/audit/witness.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace tongban::audit {
namespace {

Fault at_line(std::size_t line, std::string_view reason) {
    return Fault{FaultKind::malformed, "line " + std::to_string(line), std::string(reason)};
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (const std::string& word : split(line, ' '))
        if (!trim(word).empty()) words.push_back(trim(word));
    return words;
}

bool known(const WitnessPolicy& policy, const std::string& name) {
    return policy.witnesses.contains(name) || policy.groups.contains(name);
}

Result<WitnessPolicy::Group> read_group(const WitnessPolicy& policy,
                                        const std::vector<std::string>& words,
                                        std::size_t line) {
    WitnessPolicy::Group group;
    group.members.assign(words.begin() + 3, words.end());
    for (const std::string& member : group.members)
        if (!known(policy, member))
            return at_line(line, "a group's member is a witness or group named before it");
    if (words[2] == "all") {
        group.needed = group.members.size();
    } else if (words[2] == "any") {
        group.needed = 1;
    } else {
        const std::string& text = words[2];
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), group.needed);
        if (error != std::errc() || end != text.data() + text.size())
            return at_line(line, "a group needs all, any or a number of its members");
    }
    if (group.needed == 0 || group.needed > group.members.size())
        return at_line(line, "a group cannot need none, nor more members than it has");
    return group;
}

Result<Done> read_line(WitnessPolicy& policy,
                       const std::vector<std::string>& words,
                       std::size_t line) {
    const std::string& what = words[0];
    if (what == "log" && (words.size() == 2 || words.size() == 3)) {
        auto log = NoteVerifier::of_log(words[1]);
        if (!log) return at_line(line, "a log's vkey is of type 0x01");
        if (!policy.log.name().empty()) return at_line(line, "one log is enough here");
        policy.log = *std::move(log);
        return Done{};
    }
    if (what == "witness" && (words.size() == 3 || words.size() == 4)) {
        auto witness = NoteVerifier::parse(words[2]);
        if (!witness || witness->type() != NoteKeyType::ed25519_cosignature)
            return at_line(line, "a witness's vkey is of type 0x04");
        if (known(policy, words[1]) || words[1] == "none")
            return at_line(line, "this name is taken");
        policy.witnesses.emplace(words[1], *std::move(witness));
        return Done{};
    }
    if (what == "group" && words.size() >= 4) {
        if (known(policy, words[1]) || words[1] == "none")
            return at_line(line, "this name is taken");
        auto group = read_group(policy, words, line);
        if (!group) return group.fault();
        policy.groups.emplace(words[1], *std::move(group));
        return Done{};
    }
    if (what == "quorum" && words.size() == 2) {
        if (words[1] != "none" && !known(policy, words[1]))
            return at_line(line, "the quorum is a witness or group named before it, or none");
        policy.quorum = words[1] == "none" ? "" : words[1];
        return Done{};
    }
    return at_line(line, "expected: log, witness, group or quorum");
}

bool satisfied(const WitnessPolicy& policy,
               const std::string& name,
               const std::set<std::string>& signed_by) {
    const auto group = policy.groups.find(name);
    if (group == policy.groups.end()) return signed_by.contains(name);
    std::size_t have = 0;
    for (const std::string& member : group->second.members)
        if (satisfied(policy, member, signed_by)) ++have;
    return have >= group->second.needed;
}

}  // namespace

Result<WitnessPolicy> WitnessPolicy::parse(std::string_view text) {
    WitnessPolicy policy;
    std::size_t number = 0;
    for (const std::string& line : split(text, '\n')) {
        ++number;
        const auto words = words_of(line);
        if (words.empty() || words[0].starts_with('#')) continue;
        const auto done = read_line(policy, words, number);
        if (!done) return done.fault();
    }
    if (policy.log.name().empty()) return at_line(number, "the policy names no log");
    return policy;
}

Result<WitnessPolicy> WitnessPolicy::of_log(std::string_view vkey) {
    return parse("log " + std::string(vkey) + "\nquorum none\n");
}

Result<WitnessPolicy> WitnessPolicy::k_of_n(std::string_view log_vkey,
                                            const std::vector<std::string>& vkeys,
                                            std::size_t k) {
    std::string text = "log " + std::string(log_vkey) + "\n";
    std::string members;
    for (const std::string& vkey : vkeys) {
        const std::string name = vkey.substr(0, vkey.find('+'));
        text.append("witness ").append(name).append(" ").append(vkey).append("\n");
        members.append(" ").append(name);
    }
    if (k == 0) return parse(text + "quorum none\n");
    return parse(text + "group witnesses " + std::to_string(k) + members + "\nquorum witnesses\n");
}

std::string WitnessPolicy::text() const {
    std::string text = "log " + log.vkey() + "\n";
    for (const auto& [name, witness] : witnesses)
        text += "witness " + name + " " + witness.vkey() + "\n";
    std::set<std::string> written;
    while (written.size() < groups.size()) {  // a group stands after the groups it counts
        for (const auto& [name, group] : groups) {
            const bool ready = std::all_of(
                group.members.begin(), group.members.end(), [&](const std::string& member) {
                    return !groups.contains(member) || written.contains(member);
                });
            if (!ready || !written.insert(name).second) continue;
            text += "group " + name + " " + std::to_string(group.needed) + " " +
                    join(group.members, " ") + "\n";
        }
    }
    return text + "quorum " + (quorum.empty() ? "none" : quorum) + "\n";
}

bool WitnessPolicy::satisfied_by(const std::set<std::string>& signed_by) const {
    return quorum.empty() || satisfied(*this, quorum, signed_by);
}

}  // namespace tongban::audit
