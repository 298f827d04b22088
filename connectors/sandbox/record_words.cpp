#include "connectors/sandbox/record_words.h"

#include <array>

#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

// One person, five lists of ID types: resident card, household book, officer, passport, residence
// permit.
std::string_view of_kind(IdKind kind, const std::array<std::string_view, 5>& codes) {
    return codes[static_cast<std::size_t>(kind)];
}

// Habits that every record of an office shows, and that mean nothing: another middle dot, a small
// x, a unit number as it is printed.
std::string with_dot(std::string name, std::string_view dot) {
    constexpr std::string_view usual = "·";
    if (const auto at = name.find(usual); at != std::string::npos)
        name.replace(at, usual.size(), dot);
    return name;
}

}  // namespace

std::string_view xian_id(IdKind kind) {
    return of_kind(kind, {"01", "99", "02", "03", "99"});
}
std::string_view social_id(IdKind kind) {
    return of_kind(kind, {"01", "01", "02", "16", "17"});
}
std::string_view registry_id(IdKind kind) {
    return of_kind(kind, {"1", "4", "5", "3", "2"});
}
std::string_view tax_id(IdKind kind) {
    return of_kind(kind, {"201", "201", "202", "227", "237"});
}
std::string_view yinchuan_id(IdKind kind) {
    return of_kind(kind, {"10", "11", "20", "50", "33"});
}

std::string number_sex(Sex sex) {
    return sex == Sex::male ? "1" : "2";
}

std::string social_name(const Person& person) {
    return with_dot(person.name, "・");  // U+30FB: once read as GB2312
}

std::string registry_name(const Person& person) {
    return with_dot(person.name, "•");
}

std::string registry_number(const Person& person) {
    std::string number = person.id_number;
    if (number.ends_with('X')) number.back() = 'x';
    return number;
}

std::string registry_unit(const std::string& unit) {
    return unit.size() == 28 ? unit.substr(0, 6) + " " + unit.substr(6, 6) + " " +
                                   unit.substr(12, 7) + " " + unit.substr(19)
                             : unit;
}

XmlText::Attributes namespaced(std::string_view name, std::string_view ns) {
    return {{name, std::string(ns)}};
}

std::vector<std::string> written_forms(const Person& person) {
    return {person.name,
            social_name(person),
            registry_name(person),
            person.id_number,
            registry_number(person)};
}

}  // namespace tongban::sandbox
