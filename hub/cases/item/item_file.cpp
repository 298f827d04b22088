#include "hub/cases/item/item_file.h"

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

// The reader of YAML notes what is wrong in words of its own.
std::string_view code_of(const std::string& message) {
    const auto says = [&](std::string_view part) {
        return message.find(part) != std::string::npos;
    };
    if (says("is not known here")) return "key.unknown";
    if (says("is missing")) return "key.missing";
    if (says("stands here twice")) return "key.twice";
    return "value.wrong";
}

void take_faults(const std::vector<ConfigFault>& faults, std::vector<Mistake>& mistakes) {
    for (const ConfigFault& fault : faults)
        mistakes.push_back({std::string(code_of(fault.message)),
                            fault.file,
                            fault.line,
                            fault.column,
                            fault.message});
}

void read(Draft& draft) {
    const YamlMap map = draft.file.root().map(
        {"item",   "version", "zh",       "en",       "code",        "valid_from", "valid_to",
         "ground", "master",  "owner",    "calendar", "application", "purpose",    "subject",
         "key",    "search",  "priority", "deadline", "limits",      "parties",    "materials",
         "states", "start",   "steps",    "suspend",  "report"});
    read_names(draft);
    read_parties(draft, map);
    read_head(draft, map);
    read_steps(draft, map);
    read_report(draft, map);
    read_paths(draft, map);
    read_materials(draft, map);
    read_case_deadline(draft, map);
    check_transitions(draft);
    check_effects(draft);
    check_ways(draft);
    check_results(draft);
    check_times(draft);
}

}  // namespace

ItemFile read_item(std::string bytes, const std::string& name, const Surroundings& around) {
    ItemFile result;
    const std::string digest = hex(sha256(bytes));
    try {
        const YamlFile file = YamlFile::from_text(std::move(bytes), name);
        Draft draft(file, around);
        draft.item.file = name;
        draft.item.digest = digest;
        read(draft);
        result.mistakes = std::move(draft.mistakes);
        take_faults(file.faults(), result.mistakes);
        sort(result.mistakes);
        if (!any_stops(result.mistakes))
            result.item = std::make_shared<const Item>(std::move(draft.item));
    } catch (const ConfigError& error) {
        for (const ConfigFault& fault : error.faults())
            result.mistakes.push_back(
                {"yaml.syntax", fault.file, fault.line, fault.column, fault.message});
        sort(result.mistakes);
    }
    return result;
}

}  // namespace tongban::item
