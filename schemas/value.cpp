#include "schemas/value.h"

#include <charconv>
#include <utility>

#include "base/json.h"

namespace tongban::schemas {
namespace {

std::string fixed_point(std::int64_t units, std::int32_t scale) {
    const bool negative = units < 0;
    // The magnitude as unsigned: the least int64 has no positive twin.
    std::uint64_t magnitude =
        negative ? 0U - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
    std::string digits = std::to_string(magnitude);
    if (scale > 0) {
        const auto places = static_cast<std::size_t>(scale);
        if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
        digits.insert(digits.size() - places, 1, '.');
    }
    return negative ? "-" + digits : digits;
}

Json json_of(const Value& value);

Json json_of(const Group& group) {
    Json object = Json::object();
    for (const Field& field : group.fields) {
        if (!field.value.absent()) object[field.name] = json_of(field.value);
    }
    return object;
}

Json json_of(const Value& value) {
    if (const Group* group = value.get<Group>()) return json_of(*group);
    if (const List* list = value.get<List>()) {
        Json array = Json::array();
        for (const Value& item : list->items)
            array.push_back(json_of(item));
        return array;
    }
    if (const bool* flag = value.get<bool>()) return *flag;
    if (value.absent()) return nullptr;
    return canonical_text(value);
}

struct TextOf {
    std::string operator()(const Absent& /*none*/) const { return ""; }
    std::string operator()(const Withheld& /*unknown*/) const { return ""; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Code& code) const { return code.code; }
    std::string operator()(const Money& money) const { return fixed_point(money.fen, 2); }
    std::string operator()(const Decimal& decimal) const {
        return fixed_point(decimal.units, decimal.scale);
    }
    std::string operator()(const Share& share) const {
        return std::to_string(share.numerator) + "/" + std::to_string(share.denominator);
    }
    std::string operator()(const Date& date) const { return iso(date); }
    std::string operator()(const Period& period) const { return iso(period); }
    std::string operator()(const Instant& instant) const { return iso(instant); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const Group& group) const { return canonical_json(json_of(group)); }
    std::string operator()(const List& list) const {
        Json array = Json::array();
        for (const Value& item : list.items)
            array.push_back(json_of(item));
        return canonical_json(array);
    }
};

}  // namespace

const Value* Group::find(std::string_view name) const {
    for (const Field& field : fields) {
        if (field.name == name) return &field.value;
    }
    return nullptr;
}

Value* Group::find(std::string_view name) {
    return const_cast<Value*>(
        std::as_const(*this).find(name));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

Value& Group::set(std::string_view name, Value value) {
    if (Value* existing = find(name)) {
        *existing = std::move(value);
        return *existing;
    }
    fields.push_back({std::string(name), std::move(value)});
    return fields.back().value;
}

bool Group::operator==(const Group& other) const {
    return fields == other.fields;
}
bool List::operator==(const List& other) const {
    return items == other.items;
}
bool Value::operator==(const Value& other) const {
    return data == other.data;
}
bool Field::operator==(const Field& other) const {
    return name == other.name && value == other.value;
}

// Below a withheld value all is withheld.
const Value* at_path(const Group& root, std::string_view path) {
    const Group* group = &root;
    while (group != nullptr) {
        const std::size_t dot = path.find('.');
        std::string_view stride = path.substr(0, dot);
        const std::size_t bracket = stride.find('[');
        const Value* value = group->find(stride.substr(0, bracket));
        if (value == nullptr || value->withheld()) return value;
        if (bracket != std::string_view::npos) {
            std::size_t index = 0;
            const std::string_view digits = stride.substr(bracket + 1, stride.size() - bracket - 2);
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), index);
            const List* list = value->get<List>();
            const bool read_all = error == std::errc() && end == digits.data() + digits.size() &&
                                  stride.back() == ']';
            if (list == nullptr || !read_all || index >= list->items.size()) return nullptr;
            value = &list->items[index];
        }
        if (dot == std::string_view::npos) return value;
        path.remove_prefix(dot + 1);
        group = value->get<Group>();
    }
    return nullptr;
}

std::string canonical_text(const Value& value) {
    return std::visit(TextOf{}, value.data);
}

std::string canonical_json_of(const Group& record) {
    return canonical_json(json_of(record));
}

}  // namespace tongban::schemas
