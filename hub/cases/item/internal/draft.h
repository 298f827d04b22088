// Draft: an item while its file is read: the item so far, what is wrong with it, and where its
// things stand in the file.
//
// It is read in two walks: names first (names.cpp), because an expression may name what stands
// below it; then everything, each expression compiled where it is met. What needs the whole graph
// is checked at the end (check_*.cpp).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "hub/cases/item/item_file.h"
#include "mapping/cel/program.h"

namespace tongban::item {

namespace cel = mapping::cel;

struct Place {
    int line = 0;
    int column = 0;
};
inline Place place_of(const YamlValue& value) {
    return {value.line(), value.column()};
}

struct StepPlace {  // beside Item::steps
    Place id;
    std::vector<Place> next;  // of each transition's target
    Place breach;
    Place deadline;
    std::vector<Place> branches;
};

enum class Moment { before, leaving, after };  // entering a step; on a transition; undoing it

struct Use {  // an expression reads a result without asking has() first
    std::size_t step = 0;
    Moment moment = Moment::before;
    std::size_t transition = 0;
    bool reason = false;  // of the transition: its because, so its when holds
    std::string name;
    Place place;
};

struct Context {  // of an expression
    enum class Sight {
        application,
        step,
        confirm,
        settle
    };  // settle: cancel, status and extend of a joint
    Sight sight = Sight::step;
    std::size_t step = 0;
    Moment moment = Moment::before;
    std::size_t transition = 0;
    bool reason = false;
};

struct Named {  // a result; steps may share one when it is of one type
    std::string name;
    cel::Type type;    // any: not known
    std::string made;  // what the type was made of; "": not known
    std::size_t step = 0;
};

class Draft {
public:
    Draft(const YamlFile& yaml, const Surroundings& surroundings)
        : file(yaml), around(surroundings) {}

    void note(std::string_view code, const YamlValue& at, std::string what) {
        note(code, place_of(at), std::move(what));
    }
    void note(std::string_view code, Place at, std::string what);
    // The place of a map's key whose value is `value`.
    [[nodiscard]] Place key_place(std::string_view key, const YamlValue& value) const;

    [[nodiscard]] const KnownResource* resource(std::string_view id) const;
    [[nodiscard]] const schemas::CanonicalType* type(const std::string& id) const;
    [[nodiscard]] bool known() const { return around.known != nullptr; }
    [[nodiscard]] bool has_members(std::string_view kind) const;
    // Offices of other kinds than the party's provide it.
    [[nodiscard]] bool answers_otherwise(const KnownResource& resource, const Party& party) const;

    // Expressions (expression.cpp).
    struct Compiled {
        std::optional<Program> program;
        cel::Type type;
        std::set<std::string> implied;  // results that are there when it is true
    };
    Compiled compile(const YamlValue& value, cel::Kind wanted, const Context& context);

    const YamlFile& file;
    const Surroundings& around;
    Item item;
    std::vector<Mistake> mistakes;
    std::vector<StepPlace> places;
    std::vector<Named> results;                        // in the frame's order
    std::deque<std::vector<schemas::FieldType>> made;  // fields that no canonical type has
    std::vector<Use> uses;
    // (step, transition) -> results that its `when` asks for.
    std::map<std::pair<std::size_t, std::size_t>, std::set<std::string>> implied;
    std::optional<cel::Type> reserved;  // while a joint is read
    std::optional<cel::Type> confirmed;

private:
    [[nodiscard]] cel::Environment environment(const Context& context) const;
    void note_uses(const cel::Expr& expr,
                   const Context& context,
                   const std::vector<Place>& where,
                   std::set<std::string>& implied);
};

// names.cpp: frame and types of results, before anything is read.
void read_names(Draft& draft);

// read_head.cpp, read_parties.cpp
void read_head(Draft& draft, const YamlMap& map);
void read_parties(Draft& draft, const YamlMap& map);
void read_materials(Draft& draft, const YamlMap& map);  // after the steps
void read_paths(Draft& draft, const YamlMap& map);      // subject, key, search
std::string id_of(Draft& draft, const YamlValue& at, const std::string& id);
Words words_of(const YamlMap& map);
std::string party_of(Draft& draft, const YamlMap& map, std::string_view key);  // required
std::string party_or(Draft& draft,
                     const YamlMap& map,
                     std::string_view key,
                     const std::string& fallback);

// read_times.cpp
Within read_within(Draft& draft, const YamlMap& map);
CalendarOf read_calendar(Draft& draft,
                         const YamlMap& map,
                         std::string_view key,
                         const CalendarOf& fallback);
Retry read_retry(Draft& draft, const YamlValue& value);
void read_deadline(Draft& draft, const YamlMap& map, std::size_t step, const CalendarOf& owing);
void read_case_deadline(Draft& draft, const YamlMap& map);

// read_steps.cpp, read_calls.cpp, read_joint.cpp
void read_steps(Draft& draft, const YamlMap& map);
void read_report(Draft& draft, const YamlMap& map);
Call read_call(Draft& draft, const YamlValue& value, const Context& context);
Joint read_joint(Draft& draft, const YamlValue& value, std::size_t step);
std::optional<Effect> effect_named(std::string_view name);

// read_record.cpp
enum class Sharing { own, shared };  // shared: only the fields that the type has
Request read_record(Draft& draft,
                    const YamlValue& value,
                    const std::string& type,
                    const Context& context,
                    Sharing sharing = Sharing::own);

// check_*.cpp
void check_transitions(Draft& draft);
void check_effects(Draft& draft);
void check_irrevocable(Draft& draft);  // after the branches are known
void check_ways(Draft& draft);  // reach, ends, circles, branches; fills Step::parallel and branch
void check_results(Draft& draft);
void check_times(Draft& draft);

std::optional<std::size_t> index_of(const Item& item, std::string_view step);
std::string in_ticks(std::string_view text);  // `text`

}  // namespace tongban::item
