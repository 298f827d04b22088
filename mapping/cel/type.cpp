#include "mapping/cel/type.h"

#include <utility>

namespace tongban::mapping::cel {
namespace {

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::any:
            return "any";
        case Kind::null:
            return "null";
        case Kind::boolean:
            return "bool";
        case Kind::integer:
            return "int";
        case Kind::text:
            return "string";
        case Kind::decimal:
            return "decimal";
        case Kind::money:
            return "money";
        case Kind::date:
            return "date";
        case Kind::period:
            return "period";
        case Kind::timestamp:
            return "timestamp";
        case Kind::share:
            return "share";
        case Kind::list:
            return "list";
        case Kind::map:
            return "map";
        case Kind::group:
            return "group";
    }
    return "";
}

}  // namespace

Type list_of(Type item) {
    return {Kind::list, std::make_shared<const Type>(std::move(item)), nullptr, ""};
}
Type map_of(Type item) {
    return {Kind::map, std::make_shared<const Type>(std::move(item)), nullptr, ""};
}

Type type_of(const schemas::FieldType& field) {
    using schemas::FieldKind;
    switch (field.kind) {
        case FieldKind::text:
        case FieldKind::identifier:
            return of(Kind::text);
        case FieldKind::code:
            return {Kind::text, nullptr, nullptr, field.list};
        case FieldKind::money:
            return of(Kind::money);
        case FieldKind::decimal:
            return of(Kind::decimal);
        case FieldKind::share:
            return of(Kind::share);
        case FieldKind::date:
            return of(Kind::date);
        case FieldKind::period:
            return of(Kind::period);
        case FieldKind::timestamp:
            return of(Kind::timestamp);
        case FieldKind::boolean:
            return of(Kind::boolean);
        case FieldKind::group:
            return {Kind::group, nullptr, &field.fields, ""};
        case FieldKind::list:
            return list_of({Kind::group, nullptr, &field.fields, ""});
    }
    return {};
}

std::string name_of(const Type& type) {
    if (!type.codes.empty()) return "code of " + type.codes;
    std::string name(name_of(type.kind));
    if (type.item) name += "<" + name_of(*type.item) + ">";
    return name;
}

bool unify(const Type& a, const Type& b, Type& both) {
    if (a.kind == Kind::any || b.kind == Kind::any) {
        both = a.kind == Kind::any ? b : a;
        return true;
    }
    const bool numbers = (a.kind == Kind::integer && b.kind == Kind::decimal) ||
                         (a.kind == Kind::decimal && b.kind == Kind::integer);
    if (numbers) {
        both = of(Kind::decimal);
        return true;
    }
    if (a.kind != b.kind) return false;
    both = a;
    if (a.codes != b.codes) both.codes.clear();
    if (a.kind == Kind::group) return a.fields == b.fields || same_fields(*a.fields, *b.fields);
    if (a.item) {
        Type item;
        if (!unify(*a.item, *b.item, item)) return false;
        both.item = std::make_shared<const Type>(std::move(item));
    }
    return true;
}

bool same_fields(const std::vector<schemas::FieldType>& a,
                 const std::vector<schemas::FieldType>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].name != b[i].name || a[i].kind != b[i].kind || a[i].list != b[i].list)
            return false;
        if (!same_fields(a[i].fields, b[i].fields)) return false;
    }
    return true;
}

}  // namespace tongban::mapping::cel
