#include "hub/cases/engine/value_json.h"

#include <type_traits>
#include <utility>

namespace tongban::cases {
namespace {

using schemas::Group;
using schemas::Value;

Fault not_ours() {
    return {FaultKind::malformed, "case.value", "stored JSON is not a value that a case wrote"};
}

struct Writer {
    JsonText& json;

    void operator()(const schemas::Absent& /*none*/) const { json.null(); }
    void operator()(const schemas::Withheld& /*unknown*/) const { json.null(); }
    void operator()(const std::string& text) const { json.value(text); }
    void operator()(bool yes) const { json.value(yes); }
    void operator()(const schemas::Code& code) const { named("c", code.code); }
    void operator()(const schemas::Money& money) const { named("m", money.fen); }
    void operator()(const schemas::Decimal& one) const { pair("n", one.units, one.scale); }
    void operator()(const schemas::Share& one) const { pair("h", one.numerator, one.denominator); }
    void operator()(const Date& date) const { named("d", iso(date)); }
    void operator()(const Period& period) const { named("p", period.yyyymm); }
    void operator()(const Instant& instant) const { named("t", instant.ms); }
    void operator()(const Group& group) const { put(json, group); }
    void operator()(const schemas::List& list) const {
        json.begin_object().name("l").begin_array();
        for (const Value& item : list.items)
            put(json, item);
        json.end_array().end_object();
    }

private:
    void named(std::string_view kind, const auto& held) const {
        json.begin_object().name(kind).value(held).end_object();
    }
    void pair(std::string_view kind, std::int64_t first, std::int64_t second) const {
        json.begin_object().name(kind).begin_array();
        json.value(first).value(second).end_array().end_object();
    }
};

bool two_integers(const Json& json) {
    return json.is_array() && json.size() == 2 && json[0].is_number_integer() &&
           json[1].is_number_integer();
}

Value made(auto data) {
    Value value;
    value.data = std::move(data);
    return value;
}

Result<Value> number_from(std::string_view kind, const Json& held) {
    if (kind == "m" && held.is_number_integer())
        return made(schemas::Money{held.get<std::int64_t>()});
    if (kind == "p" && held.is_number_integer()) return made(Period{held.get<std::int32_t>()});
    if (kind == "t" && held.is_number_integer()) return made(Instant{held.get<std::int64_t>()});
    if (kind == "n" && two_integers(held))
        return made(schemas::Decimal{held[0].get<std::int64_t>(), held[1].get<std::int32_t>()});
    if (kind == "h" && two_integers(held))
        return made(schemas::Share{held[0].get<std::int64_t>(), held[1].get<std::int64_t>()});
    return not_ours();
}

Result<Value> list_from(const Json& held) {
    schemas::List list;
    for (const Json& item : held) {
        Result<Value> value = value_from(item);
        if (!value) return value;
        list.items.push_back(*std::move(value));
    }
    return made(std::move(list));
}

}  // namespace

void put(JsonText& json, const Value& value) {
    std::visit(Writer{json}, value.data);
}

void put(JsonText& json, const Group& group) {
    json.begin_object().name("g").begin_array();
    for (const schemas::Field& field : group.fields) {
        json.begin_array().value(field.name);
        put(json, field.value);
        json.end_array();
    }
    json.end_array().end_object();
}

Result<Value> value_from(const Json& json) {
    if (json.is_null()) return Value{};
    if (json.is_string()) return made(json.get<std::string>());
    if (json.is_boolean()) return made(json.get<bool>());
    if (!json.is_object() || json.size() != 1) return not_ours();
    const std::string& kind = json.begin().key();
    const Json& held = json.begin().value();
    if (kind == "c" && held.is_string()) return made(schemas::Code{held.get<std::string>()});
    if (kind == "d" && held.is_string()) {
        const Result<Date> date = parse_iso_date(held.get<std::string>());
        if (!date) return date.fault();
        return made(*date);
    }
    if (kind == "g") {
        Result<Group> group = group_from(json);
        if (!group) return group.fault();
        return made(*std::move(group));
    }
    if (kind == "l" && held.is_array()) return list_from(held);
    return number_from(kind, held);
}

Result<Group> group_from(const Json& json) {
    if (!json.is_object() || json.size() != 1 || !json.contains("g") || !json["g"].is_array())
        return not_ours();
    Group group;
    for (const Json& pair : json["g"]) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) return not_ours();
        Result<Value> value = value_from(pair[1]);
        if (!value) return value.fault();
        group.fields.push_back({pair[0].get<std::string>(), *std::move(value)});
    }
    return group;
}

}  // namespace tongban::cases
