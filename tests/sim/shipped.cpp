#include "tests/sim/shipped.h"

#include <stdexcept>

#include "base/files.h"
#include "base/yaml.h"
#include "hub/cases/item/item_book.h"

namespace tongban::sim {
namespace {

constexpr int usual = 90;  // percent: the answer that lets the case go on

schemas::Value of(auto data) {
    schemas::Value value;
    value.data = std::move(data);
    return value;
}

// Of the lists that decide where a case goes: the code with which it goes on.
std::string usual_code(const std::string& list) {
    static const std::map<std::string, std::string> usuals{{"declaration-state", "5"},
                                                           {"loan-outcome", "APPROVED"},
                                                           {"registry-decision", "APPROVED"},
                                                           {"tax-state", "PAID"}};
    const auto found = usuals.find(list);
    return found == usuals.end() ? "" : found->second;
}

}  // namespace

const Shipped& Shipped::get() {
    static const Shipped shipped;
    return shipped;
}

Shipped::Shipped()
    : catalogue_(schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"))) {
    const item::KnownNames names = read_resources();
    items_ = item::ItemBook::load(std::string(TONGBAN_SOURCE_DIR "/configs/items"),
                                  {*catalogue_, &names})
                 ->items();
}

// What the items' expressions are typed by: without it none of them could be decided.
item::KnownNames Shipped::read_resources() {
    const std::string configs = std::string(TONGBAN_SOURCE_DIR "/configs");
    item::KnownNames names;
    for (const std::string& path : files_below(configs + "/members", ".yaml"))
        names.members.insert(YamlFile(path).root().open_map().text("member"));
    for (const std::string& type : catalogue_->type_ids())
        names.checked.insert(type);  // gates come through: their rules are tested elsewhere
    for (const std::string& path : files_below(configs + "/resources", ".yaml")) {
        const YamlFile file(path);
        const YamlMap map = file.root().open_map();
        if (map.has("intake")) {
            const YamlMap intake = map.at("intake").open_map();
            if (intake.has("event")) names.events[intake.text("event")] = map.text("request");
            if (intake.has("open")) names.openings[intake.text("open")] = map.text("request");
            continue;
        }
        item::KnownResource known;
        for (const YamlValue& kind : map.list("kinds"))
            known.kinds.insert(kind.text());
        known.request = map.text("request");
        known.record = map.text("record");
        known.effect = map.text_or("effect", "");
        for (const auto& [name, part] : map.at("parts").open_map().entries())
            for (const YamlValue& provider : part.open_map().list("providers"))
                known.offices.insert(item::kind_of_member(provider.open_map().text("member")));
        resources_[map.text("resource")] = {known.request, known.record, known.effect};
        names.resources[map.text("resource")] = std::move(known);
    }
    events_ = names.events;
    return names;
}

const ShippedResource* Shipped::resource(const std::string& id) const {
    const auto found = resources_.find(id);
    return found == resources_.end() ? nullptr : &found->second;
}

std::string Shipped::type_of_event(const std::string& event) const {
    const auto found = events_.find(event);
    return found == events_.end() ? "" : found->second;
}

schemas::Group Shipped::record(const std::string& type, Random& random, Instant now) const {
    const schemas::CanonicalType* found = catalogue_->type(type);
    if (found == nullptr) throw std::runtime_error("no such type: " + type);
    return group(found->fields(), random, now);
}

schemas::Group Shipped::group(const std::vector<schemas::FieldType>& fields,
                              Random& random,
                              Instant now) const {
    schemas::Group made;
    for (const schemas::FieldType& field : fields)
        if (field.required || random.chance(usual)) made.set(field.name, value(field, random, now));
    return made;
}

schemas::Value Shipped::value(const schemas::FieldType& field, Random& random, Instant now) const {
    using schemas::FieldKind;
    switch (field.kind) {
        case FieldKind::text:
        case FieldKind::identifier:
            return of(std::string("X"));
        case FieldKind::code: {
            const std::string code = usual_code(field.list);
            if (!code.empty() && random.chance(usual)) return of(schemas::Code{code});
            const schemas::CodeList* list = catalogue_->codes().list(field.list);
            const auto last = static_cast<std::int64_t>(list->entries().size()) - 1;
            return of(schemas::Code{
                list->entries().at(static_cast<std::size_t>(random.between(0, last))).code});
        }
        case FieldKind::money:
            return of(schemas::Money{random.between(1, 100'000'000)});
        case FieldKind::decimal:
            return of(schemas::Decimal{60, field.scale});
        case FieldKind::share:
            return of(schemas::Share{1, 2});
        case FieldKind::date:
            return of(shanghai_date(now));
        case FieldKind::period:
            return of(Period{202603});
        case FieldKind::timestamp:
            return of(now);
        case FieldKind::boolean:
            return of(random.chance(usual));
        case FieldKind::group:
            return of(group(field.fields, random, now));
        case FieldKind::list: {
            schemas::List list;
            list.items.push_back(of(group(field.fields, random, now)));
            return of(std::move(list));
        }
    }
    return {};
}

schemas::Value* field_named(schemas::Group& record, const std::string& name) {
    if (schemas::Value* own = record.find(name)) return own;
    for (schemas::Field& field : record.fields)
        if (auto* inner = field.value.get<schemas::Group>())
            if (schemas::Value* found = field_named(*inner, name)) return found;
    return nullptr;
}

}  // namespace tongban::sim
