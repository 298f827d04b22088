#include "hub/cases/internal/entered.h"

#include <algorithm>
#include <vector>

#include "mapping/stages.h"
#include "schemas/canonical_type.h"

namespace tongban::cases::internal {
namespace {

using schemas::FieldKind;
using schemas::FieldType;

constexpr std::size_t told_at_once = 5;

struct Form {
    std::string_view zh;
    std::string_view en;
};

Form form_of(FieldKind kind) {
    switch (kind) {
        case FieldKind::text:
        case FieldKind::identifier:
            return {"应为文字", "expected a text"};
        case FieldKind::code:
            return {"应为代码", "expected a code"};
        case FieldKind::money:
            return {"应为金额，如 \"1234.56\"", "expected yuan such as \"1234.56\""};
        case FieldKind::decimal:
            return {"应为规定位数的小数", "expected a decimal with the type's places"};
        case FieldKind::share:
            return {"应为份额，如 \"1/2\"", "expected a share such as \"1/2\""};
        case FieldKind::date:
            return {"应为日期，如 \"2026-03-02\"", "expected a day such as \"2026-03-02\""};
        case FieldKind::period:
            return {"应为月份，如 \"2026-03\"", "expected a month such as \"2026-03\""};
        case FieldKind::timestamp:
            return {"应为时间，如 \"2026-03-02T09:00:00Z\"",
                    "expected a time such as \"2026-03-02T09:00:00Z\""};
        case FieldKind::boolean:
            return {"应为 true 或 false", "expected true or false"};
        case FieldKind::group:
            return {"应为对象", "expected an object"};
        case FieldKind::list:
            return {"应为对象的列表", "expected a list of objects"};
    }
    return {"", ""};
}

// "1.5" for 1.5: the type says what a number is; JSON's own kind of number does not matter.
Json with_numbers_as_text(const Json& json) {
    if (json.is_number()) return json.dump();
    if (!json.is_structured()) return json;
    Json made = json;
    for (Json& inner : made)
        inner = with_numbers_as_text(inner);
    return made;
}

struct Trouble {
    std::string path;
    std::string zh;
    std::string en;
};

exchange::Refusal refused(std::string_view type, const std::vector<Trouble>& all) {
    exchange::Refusal refusal = exchange::refusal("case.order", "order.form");
    refusal.where += ":" + all.front().path;
    refusal.zh = "所填内容与 " + std::string(type) + " 的定义不符：";
    refusal.en = "What was entered does not obey " + std::string(type) + ": ";
    for (std::size_t i = 0; i < std::min(all.size(), told_at_once); ++i) {
        refusal.zh += (i == 0 ? "" : "；") + all[i].path + " " + all[i].zh;
        refusal.en += (i == 0 ? "" : "; ") + all[i].path + " " + all[i].en;
    }
    refusal.zh += "。请更正后重新提交。";
    refusal.en += ". Correct it and send it again.";
    return refusal;
}

Trouble trouble_of(const schemas::Finding& finding, const schemas::CanonicalType& type) {
    Trouble one{finding.field.empty() ? "/" : finding.field, "", ""};
    if (finding.code == "accept.field.unknown") {
        one.zh = "含有定义以外的字段";
        one.en = "has a field that the type has not";
    } else if (finding.code == "accept.kind") {
        const FieldType* field = type.at_path(finding.field);
        const Form form = form_of(field == nullptr ? FieldKind::group : field->kind);
        one.zh = form.zh;
        one.en = form.en;
    } else if (finding.code == "type.required.missing") {
        one.zh = "必填";
        one.en = "is required";
    } else if (finding.code == "type.text.long") {
        one.zh = "过长";
        one.en = "is too long";
    } else {
        one.zh = "不符合类型";
        one.en = "is of another kind";
    }
    return one;
}

// Codes stand in their list: nobody else would look before a rule or another office meets them.
void check_codes(const schemas::Group& record,
                 const std::vector<FieldType>& fields,
                 const std::string& above,
                 const schemas::Catalogue& types,
                 std::vector<Trouble>& all) {
    for (const FieldType& field : fields) {
        const schemas::Value* value = record.find(field.name);
        if (value == nullptr) continue;
        const std::string path = above + field.name;
        if (const auto* code = value->get<schemas::Code>()) {
            const schemas::CodeList* list = types.codes().list(field.list);
            const bool known = list == nullptr ||
                               std::any_of(list->entries().begin(),
                                           list->entries().end(),
                                           [&](const auto& one) { return one.code == code->code; });
            if (!known)
                all.push_back({path,
                               "不在代码表 " + field.list + " 中",
                               "is not in the code list " + field.list});
        }
        if (const auto* group = value->get<schemas::Group>())
            check_codes(*group, field.fields, path + ".", types, all);
        if (const auto* list = value->get<schemas::List>())
            for (std::size_t i = 0; i < list->items.size(); ++i)
                if (const auto* item = list->items[i].get<schemas::Group>())
                    check_codes(
                        *item, field.fields, path + "[" + std::to_string(i) + "].", types, all);
    }
}

schemas::Value untyped_value(const Json& json) {
    schemas::Value value;
    if (json.is_string()) value.data = json.get<std::string>();
    if (json.is_boolean()) value.data = json.get<bool>();
    if (json.is_number_integer()) value.data = schemas::Decimal{json.get<std::int64_t>(), 0};
    if (json.is_number_float()) value.data = json.dump();
    if (json.is_object()) value.data = untyped(json);
    if (json.is_array()) {
        schemas::List list;
        for (const Json& item : json)
            list.items.push_back(untyped_value(item));
        value.data = std::move(list);
    }
    return value;
}

}  // namespace

exchange::Reply<schemas::Group> entered(const Json& json,
                                        std::string_view type,
                                        const schemas::Catalogue* types,
                                        Whole whole) {
    if (json.empty() && (type.empty() || whole == Whole::may_lack)) return schemas::Group{};
    const schemas::CanonicalType* known = types == nullptr ? nullptr : types->type(type);
    if (known == nullptr) {
        exchange::Refusal refusal = exchange::refusal("case.order", "order.form");
        refusal.zh = "此处没有要填写的内容，请不带表单或记录重新提交。";
        refusal.en = "Nothing is entered here: send it again without a form or record.";
        return refusal;
    }
    const schemas::Checked<mapping::CanonicalRecord> record =
        mapping::accept(with_numbers_as_text(json).dump(), *known);
    std::vector<Trouble> all;
    all.reserve(record.findings.size());
    for (const schemas::Finding& finding : record.findings)
        all.push_back(trouble_of(finding, *known));
    if (!record.value) return refused(type, all);
    const schemas::Group& fields = record.value->fields();
    for (const schemas::Finding& finding : known->check(fields))
        if (whole == Whole::required || finding.code != "type.required.missing")
            all.push_back(trouble_of(finding, *known));
    check_codes(fields, known->fields(), "", *types, all);
    if (!all.empty()) return refused(type, all);
    return fields;
}

schemas::Group untyped(const Json& json) {
    schemas::Group record;
    if (!json.is_object()) return record;
    for (const auto& [name, value] : json.items()) {
        schemas::Value field = untyped_value(value);
        if (!field.absent()) record.set(name, std::move(field));
    }
    return record;
}

}  // namespace tongban::cases::internal
