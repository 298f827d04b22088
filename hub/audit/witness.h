// WitnessPolicy: whose cosignatures count, and how many make a checkpoint proven; data, in
// c2sp.org/tlog-policy text.
//
//   log <vkey> [url]
//   witness <name> <vkey> [url]
//   group <name> all|any|<k> <member>...
//   quorum <name>|none
//
// Threads: value.
// Faults:  malformed, with "line N" in `where`.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/note.h"
#include "base/result.h"

namespace tongban::audit {

struct WitnessPolicy {
    NoteVerifier log;
    std::map<std::string, NoteVerifier> witnesses;  // by policy name
    struct Group {
        std::size_t needed = 0;
        std::vector<std::string> members;  // witnesses or earlier groups
    };
    std::map<std::string, Group> groups;
    std::string quorum;  // "" : none

    static Result<WitnessPolicy> parse(std::string_view text);
    static Result<WitnessPolicy> of_log(std::string_view vkey);  // no witnesses, quorum none
    // k of the given witnesses: name (= key name) and vkey.
    static Result<WitnessPolicy> k_of_n(std::string_view log_vkey,
                                        const std::vector<std::string>& vkeys,
                                        std::size_t k);
    [[nodiscard]] std::string text() const;
    // By policy names of the witnesses that have signed. True when the quorum is none.
    [[nodiscard]] bool satisfied_by(const std::set<std::string>& signed_by) const;
};

}  // namespace tongban::audit
