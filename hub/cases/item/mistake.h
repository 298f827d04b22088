// Mistake: what is wrong in a service item's file: where, what, why it matters, what to do.
//
// The kinds are a closed list (mistakes()): docs/definition-mistakes.md shows each of them with a
// file that has it. A warning does not keep an item from being loaded.
//
// Threads: values; the table is immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"

namespace tongban::item {

enum class Gravity { fault, warning };

struct MistakeKind {
    std::string_view code;  // "step.unreachable"
    Gravity gravity = Gravity::fault;
    std::string_view why;     // it matters
    std::string_view remedy;  // what to do
};

std::span<const MistakeKind> mistake_kinds();
const MistakeKind& mistake_kind(std::string_view code);  // an unknown code aborts

struct Mistake {
    std::string code;
    std::string file;
    int line = 0;
    int column = 0;
    std::string what;

    [[nodiscard]] const MistakeKind& kind() const { return mistake_kind(code); }
    [[nodiscard]] bool stops() const { return kind().gravity == Gravity::fault; }
    bool operator==(const Mistake&) const = default;
};

// Sorted by place, each once.
void sort(std::vector<Mistake>& mistakes);
bool any_stops(const std::vector<Mistake>& mistakes);
// Those that stop, as one line each: "[code] what; why. remedy."
std::vector<ConfigFault> as_faults(const std::vector<Mistake>& mistakes);

}  // namespace tongban::item
