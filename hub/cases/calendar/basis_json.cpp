#include <set>
#include <utility>

#include "base/json.h"
#include "base/json_text.h"
#include "hub/cases/calendar/basis.h"

namespace tongban::calendar {
namespace {

constexpr int format_version = 1;

// Reads a JSON object of exactly the known members; the first mistake is kept, and everything after
// it reads as nothing.
class Members {
public:
    Members(const Json& value, std::string where, Fault& fault)
        : value_(value), where_(std::move(where)), fault_(fault) {
        if (!value_.is_object()) note("", "expected an object");
    }

    const Json* member(const std::string& name) {
        seen_.insert(name);
        if (!value_.is_object()) return nullptr;
        const auto found = value_.find(name);
        return found == value_.end() ? nullptr : &*found;
    }

    std::int64_t integer(const std::string& name) {
        const Json* found = member(name);
        if (found != nullptr && found->is_number_integer()) return found->get<std::int64_t>();
        note(name, "expected an integer");
        return 0;
    }

    std::string text(const std::string& name) {
        const Json* found = member(name);
        if (found != nullptr && found->is_string()) return found->get<std::string>();
        note(name, "expected a text");
        return {};
    }

    template <typename Named>
    auto named(const std::string& name, Named&& parse) {
        const auto found = parse(text(name));
        if (!found) note(name, "a word that is not known here");
        return found ? *found : typename std::remove_cvref_t<decltype(found)>::value_type{};
    }

    void nothing_else() {
        if (!value_.is_object()) return;
        for (const auto& [name, unused] : value_.items())
            if (!seen_.contains(name)) note("", "has a member that is not known here");
    }

    void note(const std::string& name, std::string reason) {
        if (!fault_.reason.empty()) return;
        fault_ = Fault{
            FaultKind::malformed, name.empty() ? where_ : where_ + '.' + name, std::move(reason)};
    }

private:
    const Json& value_;
    std::string where_;
    Fault& fault_;
    std::set<std::string> seen_;
};

// Members in the order of their names, as RFC 8785 has them.
void put(JsonText& json, const Stop& stop) {
    json.begin_object().name("from").value(stop.from.ms);
    if (!stop.ground.empty()) json.name("ground").value(stop.ground);
    json.name("reason").value(name_of(stop.reason));
    if (stop.to) json.name("to").value(stop.to->ms);
    json.end_object();
}

void put(JsonText& json, const Extension& extension) {
    json.begin_object().name("decided").value(extension.decided.ms);
    if (!extension.ground.empty()) json.name("ground").value(extension.ground);
    json.name("n").value(extension.n).end_object();
}

void put(JsonText& json, const Editions& editions) {
    json.begin_object();
    for (const auto& [key, version] : editions)
        json.name(key).value(version);
    json.end_object();
}

Stop read_stop(const Json& json, Fault& fault) {
    Members members(json, "basis.stops", fault);
    Stop stop;
    stop.reason = members.named("reason", stop_reason_named);
    stop.from.ms = members.integer("from");
    if (members.member("to") != nullptr) stop.to = Instant{members.integer("to")};
    if (members.member("ground") != nullptr) stop.ground = members.text("ground");
    members.nothing_else();
    return stop;
}

Extension read_extension(const Json& json, Fault& fault) {
    Members members(json, "basis.extension", fault);
    Extension extension;
    extension.n = members.integer("n");
    extension.decided.ms = members.integer("decided");
    if (members.member("ground") != nullptr) extension.ground = members.text("ground");
    members.nothing_else();
    return extension;
}

OfficeHours read_hours(const Json& json, Fault& fault) {
    Members members(json, "basis.hours", fault);
    OfficeHours hours;
    const std::int64_t opens = members.integer("opens");
    const std::int64_t closes = members.integer("closes");
    members.nothing_else();
    if (opens < 0 || closes > 1440 || opens >= closes) members.note("", "expected opens < closes");
    if (fault.reason.empty()) {
        hours.opens = static_cast<int>(opens);
        hours.closes = static_cast<int>(closes);
    }
    return hours;
}

Editions read_editions(const Json* json, Fault& fault) {
    Editions editions;
    if (json == nullptr || !json->is_object()) {
        if (fault.reason.empty())
            fault = Fault{FaultKind::malformed, "basis.editions", "expected an object"};
        return editions;
    }
    Members members(*json, "basis.editions", fault);
    for (const auto& [key, unused] : json->items()) {
        const std::int64_t version = members.integer(key);
        if (version < 0 || version > 1000) members.note(key, "expected 0 to 1000");
        editions[key] = static_cast<int>(version);
    }
    return editions;
}

std::optional<Counting> counting_named(std::string_view name) {
    if (name == "at_once") return Counting::at_once;
    if (name == "office_hours") return Counting::office_hours;
    return std::nullopt;
}

}  // namespace

std::string to_json(const Basis& basis) {
    JsonText json;
    json.begin_object().name("calendar").value(basis.calendar);
    json.name("counting").value(basis.counting == Counting::at_once ? "at_once" : "office_hours");
    put(json.name("editions"), basis.editions);
    if (basis.extension) put(json.name("extension"), *basis.extension);
    if (basis.hours != OfficeHours{}) {
        json.name("hours").begin_object().name("closes").value(basis.hours.closes);
        json.name("opens").value(basis.hours.opens).end_object();
    }
    json.name("n").value(basis.n).name("start").value(basis.start.ms);
    if (!basis.stops.empty()) {
        json.name("stops").begin_array();
        for (const Stop& stop : basis.stops)
            put(json, stop);
        json.end_array();
    }
    json.name("unit").value(name_of(basis.unit)).name("v").value(format_version);
    return json.end_object().take();
}

Result<Basis> parse_basis(std::string_view text) {
    auto json = parse_json(text, 8);
    if (!json) return std::move(json).fault();
    Fault fault{FaultKind::malformed, "", ""};
    Members members(*json, "basis", fault);
    Basis basis;
    if (members.integer("v") != format_version) members.note("v", "expected 1");
    basis.start.ms = members.integer("start");
    basis.n = members.integer("n");
    basis.unit = members.named("unit", unit_named);
    basis.calendar = members.text("calendar");
    basis.counting = members.named("counting", counting_named);
    basis.editions = read_editions(members.member("editions"), fault);
    if (const Json* hours = members.member("hours")) basis.hours = read_hours(*hours, fault);
    if (const Json* stops = members.member("stops")) {
        if (!stops->is_array())
            members.note("stops", "expected a list");
        else
            for (const Json& stop : *stops)
                basis.stops.push_back(read_stop(stop, fault));
    }
    if (const Json* extension = members.member("extension"))
        basis.extension = read_extension(*extension, fault);
    members.nothing_else();
    if (!fault.reason.empty()) return fault;
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    return basis;
}

}  // namespace tongban::calendar
