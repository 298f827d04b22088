// Whom a record speaks of, and whom each of its fields is about.
#include <algorithm>

#include "hub/exchange/middle.h"
#include "schemas/canonical_type.h"
#include "schemas/identifiers.h"

namespace tongban::exchange {

namespace {

using Fields = std::vector<schemas::FieldType>;
using Subjects = std::vector<std::string>;

bool is_identity(const schemas::FieldType& field) {
    return field.kind == schemas::FieldKind::identifier && field.identifier == "identity";
}

void sort_once(Subjects& subjects) {
    std::sort(subjects.begin(), subjects.end());
    subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
}

void collect(const schemas::Group& group, const Fields& fields, Subjects& subjects) {
    for (const schemas::FieldType& field : fields) {
        const schemas::Value* value = group.find(field.name);
        if (value == nullptr || value->absent()) continue;
        if (is_identity(field)) {
            const std::string number = schemas::normalise_identity(schemas::canonical_text(*value));
            if (!number.empty()) subjects.push_back(number);
        }
        if (const auto* inner = value->get<schemas::Group>())
            collect(*inner, field.fields, subjects);
        if (const auto* list = value->get<schemas::List>()) {
            for (const schemas::Value& item : list->items) {
                if (const auto* row = item.get<schemas::Group>())
                    collect(*row, field.fields, subjects);
            }
        }
    }
}

// Such as a person's group, and the rows of a list of homes; not the postings of a ledger.
bool names_persons(const Fields& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const schemas::FieldType& field) {
        return is_identity(field) || names_persons(field.fields);
    });
}

bool is_person(const schemas::FieldType& field) {
    return field.kind == schemas::FieldKind::group &&
           std::any_of(field.fields.begin(), field.fields.end(), is_identity);
}

// The person whom a group describes, or else those whom its type requires it to name.
void add_own_subjects(const schemas::Group& group, const Fields& fields, Subjects& subjects) {
    for (const schemas::FieldType& field : fields) {
        const schemas::Value* value = group.find(field.name);
        if (value == nullptr || value->absent() || !field.required) continue;
        if (is_identity(field)) {
            const std::string number = schemas::normalise_identity(schemas::canonical_text(*value));
            if (!number.empty()) subjects.push_back(number);
        }
        const auto* inner = value->get<schemas::Group>();
        if (inner != nullptr && is_person(field)) add_own_subjects(*inner, field.fields, subjects);
        if (const auto* list = value->get<schemas::List>()) {
            for (const schemas::Value& item : list->items) {
                if (const auto* row = item.get<schemas::Group>())
                    add_own_subjects(*row, field.fields, subjects);
            }
        }
    }
}

class Assigning {
public:
    void go(const schemas::Group& kept,
            const schemas::Group& whole,
            const Fields& fields,
            const std::string& above,
            const Subjects& around) {
        Subjects own;
        add_own_subjects(whole, fields, own);
        sort_once(own);
        const Subjects& subjects = own.empty() ? around : own;
        for (const schemas::Field& field : kept.fields) {
            const auto type = std::find_if(
                fields.begin(), fields.end(), [&field](const schemas::FieldType& candidate) {
                    return candidate.name == field.name;
                });
            const schemas::Value* before = whole.find(field.name);
            if (field.value.absent()) continue;
            if (type == fields.end() || before == nullptr) {  // verify lets no such field pass
                delivered_.push_back(
                    {above + field.name, schemas::canonical_text(field.value), subjects});
                continue;
            }
            assign(field.value, *before, *type, above + field.name, subjects);
        }
    }
    std::vector<Delivered> take() { return std::move(delivered_); }

private:
    void assign(const schemas::Value& kept,
                const schemas::Value& whole,
                const schemas::FieldType& type,
                const std::string& path,
                const Subjects& subjects) {
        const auto* inner = kept.get<schemas::Group>();
        const auto* inner_whole = whole.get<schemas::Group>();
        if (inner != nullptr && inner_whole != nullptr) {
            go(*inner, *inner_whole, type.fields, path + ".", subjects);
            return;
        }
        const auto* list = kept.get<schemas::List>();
        const auto* list_whole = whole.get<schemas::List>();
        if (list == nullptr || list_whole == nullptr || list->items.empty() ||
            !names_persons(type.fields)) {
            delivered_.push_back({path, schemas::canonical_text(kept), subjects});
            return;
        }
        // Minimising leaves out a row of which nothing was granted: then nobody knows which row is
        // whose.
        if (list->items.size() != list_whole->items.size()) {
            Subjects all = subjects;
            for (const schemas::Value& item : list_whole->items) {
                if (const auto* row = item.get<schemas::Group>()) collect(*row, type.fields, all);
            }
            sort_once(all);
            delivered_.push_back({path, schemas::canonical_text(kept), std::move(all)});
            return;
        }
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const auto* row = list->items[i].get<schemas::Group>();
            const auto* row_whole = list_whole->items[i].get<schemas::Group>();
            if (row == nullptr || row_whole == nullptr) continue;  // the type allows no other items
            go(*row, *row_whole, type.fields, path + "[" + std::to_string(i) + "].", subjects);
        }
    }

    std::vector<Delivered> delivered_;
};

}  // namespace

std::vector<std::string> subjects_in(const schemas::Group& record,
                                     const schemas::CanonicalType& type) {
    std::vector<std::string> subjects;
    collect(record, type.fields(), subjects);
    sort_once(subjects);
    return subjects;
}

std::vector<Delivered> delivered_fields(const schemas::Group& minimised,
                                        const schemas::Group& whole,
                                        const schemas::CanonicalType& type,
                                        const std::string& applicant) {
    Assigning assigning;
    assigning.go(
        minimised, whole, type.fields(), "", applicant.empty() ? Subjects() : Subjects{applicant});
    return assigning.take();
}

}  // namespace tongban::exchange
