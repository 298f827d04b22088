// KnownNames: what a service item may name that is decided elsewhere: resources, members, events,
// rules. hub/app fills it from the policy and the rules in force; without it those checks are left
// out.
//
// Threads: value.
#pragma once

#include <map>
#include <set>
#include <string>

namespace tongban::item {

struct KnownResource {
    std::set<std::string, std::less<>> kinds;  // "fetch" "verify" "submit"
    std::string request;                       // canonical types
    std::string record;
    std::string effect;                          // of a submission; "" when it offers none
    std::set<std::string, std::less<>> offices;  // kinds of the members that provide it
};

struct KnownNames {
    std::map<std::string, KnownResource, std::less<>> resources;
    std::set<std::string, std::less<>> members;                // "640100.housing-fund"
    std::map<std::string, std::string, std::less<>> events;    // event -> canonical type
    std::map<std::string, std::string, std::less<>> openings;  // item -> canonical type
    std::set<std::string, std::less<>> checked;  // record types that some rule applies to
};

// "640100.housing-fund" and "640100.real-estate.xingqing" -> the second word.
inline std::string kind_of_member(const std::string& member) {
    const std::size_t first = member.find('.');
    if (first == std::string::npos) return "";
    const std::size_t second = member.find('.', first + 1);
    return member.substr(first + 1, second == std::string::npos ? second : second - first - 1);
}

}  // namespace tongban::item
