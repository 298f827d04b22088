// A record put together from expressions, held against its canonical type: every field known, of
// its type, and none missing that the type requires.
#include <algorithm>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

using schemas::FieldKind;
using schemas::FieldType;

bool fits(const cel::Type& type, const FieldType& field) {
    if (type.kind == cel::Kind::any) return true;
    const cel::Type wanted = cel::type_of(field);
    if (wanted.kind == cel::Kind::decimal && type.kind == cel::Kind::integer) return true;
    if (wanted.kind != type.kind) return false;
    if (wanted.kind == cel::Kind::text)
        return wanted.codes.empty() || type.codes.empty() || wanted.codes == type.codes;
    if (wanted.kind == cel::Kind::group)
        return type.fields == nullptr || cel::same_fields(*type.fields, field.fields);
    if (wanted.kind == cel::Kind::list) {
        return !type.item || type.item->kind == cel::Kind::any ||
               (type.item->kind == cel::Kind::group && type.item->fields != nullptr &&
                cel::same_fields(*type.item->fields, field.fields));
    }
    return true;
}

// A literal written for a code must be in its list.
bool in_list(const Draft& draft, const YamlValue& value, const FieldType& field) {
    if (field.kind != FieldKind::code || !value.is_text()) return true;
    const cel::Parsed parsed = cel::parse(value.text());
    if (!parsed.expr || parsed.expr->kind != cel::ExprKind::text) return true;
    const schemas::CodeList* codes = draft.around.catalogue.codes().list(field.list);
    return codes == nullptr || codes->find(parsed.expr->text) != nullptr;
}

void find_missing(const std::vector<FieldType>& fields,
                  const std::string& prefix,
                  const std::vector<RecordField>& given,
                  std::string& missing) {
    for (const FieldType& field : fields) {
        const std::string path = prefix + field.name;
        bool whole = false;
        bool part = false;
        for (const RecordField& each : given) {
            whole = whole || each.path == path;
            part = part || each.path.starts_with(path + ".");
        }
        if (whole) continue;
        if (part) {
            find_missing(field.fields, path + ".", given, missing);
        } else if (field.required) {
            missing += (missing.empty() ? "" : ", ") + in_ticks(path);
        }
    }
}

}  // namespace

Request read_record(Draft& draft,
                    const YamlValue& value,
                    const std::string& type_id,
                    const Context& context,
                    Sharing sharing) {
    Request record;
    record.type = type_id;
    const schemas::CanonicalType* type = draft.type(type_id);
    const bool there = value.exists();
    if (there) {
        for (const auto& [path, text] : value.open_map().entries()) {
            const FieldType* field = nullptr;
            if (type != nullptr && path.find('[') == std::string::npos) field = type->at_path(path);
            if (type != nullptr && field == nullptr && sharing == Sharing::shared) continue;
            Draft::Compiled made = draft.compile(text, cel::Kind::any, context);
            if (type != nullptr && field == nullptr) {
                draft.note("field.unknown",
                           draft.key_place(path, text),
                           in_ticks(path) + " is no field of " + in_ticks(type_id));
                continue;
            }
            if (!made.program) continue;
            if (field != nullptr && !fits(made.type, *field)) {
                draft.note("field.type",
                           text,
                           in_ticks(path) + " is " + std::string(schemas::name_of(field->kind)) +
                               ", the expression " + cel::name_of(made.type));
            } else if (field != nullptr && !in_list(draft, text, *field)) {
                draft.note("field.type",
                           text,
                           in_ticks(path) + " takes a code of the list " + in_ticks(field->list));
            }
            record.fields.push_back(
                {path, field == nullptr ? FieldType{} : *field, std::move(*made.program)});
        }
    }
    if (type == nullptr) return record;
    // Only what was read without a complaint counts, unless its complaint was told already.
    std::vector<RecordField> given;
    if (there) {
        for (const auto& [path, text] : value.open_map().entries())
            given.push_back({path, {}, {}});
    }
    std::string missing;
    find_missing(type->fields(), "", given, missing);
    if (!missing.empty()) {
        draft.note("field.missing", value, in_ticks(type_id) + " requires " + missing);
    }
    return record;
}

}  // namespace tongban::item
