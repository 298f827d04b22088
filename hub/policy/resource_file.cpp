#include <array>

#include "hub/policy/internal/policy_loader.h"
#include "schemas/catalogue.h"
#include "schemas/native_schema.h"

namespace tongban::policy {

namespace {

constexpr std::array<Kind, 4> kinds = {Kind::fetch, Kind::verify, Kind::submit, Kind::publish};
constexpr std::array<Effect, 4> effects = {
    Effect::read, Effect::idempotent, Effect::queryable, Effect::at_most_once};

std::chrono::milliseconds positive_ms(const YamlMap& map, std::string_view key) {
    const std::int64_t ms = map.integer(key);
    if (ms < 1) map.at(key).fault("expected milliseconds, at least 1");
    return std::chrono::milliseconds(ms);
}

}  // namespace

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::fetch:
            return "fetch";
        case Kind::verify:
            return "verify";
        case Kind::submit:
            return "submit";
        case Kind::publish:
            return "publish";
    }
    return "";
}

std::optional<Kind> kind_named(std::string_view name) {
    for (const Kind kind : kinds) {
        if (name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string_view name_of(Effect effect) {
    switch (effect) {
        case Effect::read:
            return "read";
        case Effect::idempotent:
            return "idempotent";
        case Effect::queryable:
            return "queryable";
        case Effect::at_most_once:
            return "at_most_once";
    }
    return "";
}

std::optional<Effect> effect_named(std::string_view name) {
    for (const Effect effect : effects) {
        if (name_of(effect) == name) return effect;
    }
    return std::nullopt;
}

const Route* Part::route(std::string_view division, Date day) const {
    for (const Route& candidate : routes) {
        if (candidate.division == division && candidate.valid.covers(day)) return &candidate;
    }
    return nullptr;
}

const Part* Resource::part(std::string_view wanted) const {
    for (const Part& candidate : parts) {
        if (candidate.name == wanted) return &candidate;
    }
    return nullptr;
}

namespace {

const std::vector<std::string_view> resource_keys = {"resource",
                                                     "version",
                                                     "zh",
                                                     "en",
                                                     "record",
                                                     "request",
                                                     "subject",
                                                     "kinds",
                                                     "placement",
                                                     "wait_ms",
                                                     "deadline_ms",
                                                     "deliver_within_ms",
                                                     "effect",
                                                     "intake",
                                                     "parts"};

}  // namespace

void PolicyLoader::read_resource(const YamlFile& file) {
    const YamlMap map = file.root().map(resource_keys);
    Resource resource;
    resource.id = map.text("resource");
    resource.version = map.integer("version");
    resource.zh = map.text("zh");
    resource.en = map.text("en");
    resource.record = map.text("record");
    resource.request = map.text("request");
    resource.subject = map.text("subject");
    resource.wait = positive_ms(map, "wait_ms");
    resource.deadline = positive_ms(map, "deadline_ms");
    resource.deliver_within = positive_ms(map, "deliver_within_ms");
    if (catalogue_.type(resource.record) == nullptr)
        map.at("record").fault("no such canonical type");
    const schemas::CanonicalType* request = catalogue_.type(resource.request);
    if (request == nullptr) map.at("request").fault("no such canonical type");
    if (request != nullptr) {
        const schemas::FieldType* subject = request->at_path(resource.subject);
        if (subject == nullptr || subject->kind != schemas::FieldKind::identifier) {
            map.at("subject").fault("expected the path of an identifier in the request type");
        }
    }
    for (const YamlValue& value : map.list("kinds")) {
        const std::optional<Kind> kind = kind_named(value.text());
        if (kind) resource.kinds.insert(*kind);
        if (!kind) value.fault("expected fetch, verify, submit or publish");
    }
    const std::string placement = map.text_or("placement", "hub");
    if (placement == "provider") resource.placement = Placement::provider;
    if (placement != "provider" && placement != "hub")
        map.at("placement").fault("expected hub or provider");
    read_submission(map, resource);
    if (!resource.intake) {
        for (const auto& [name, value] : map.at("parts").open_map().entries()) {
            resource.parts.push_back(read_part(name, value, resource));
        }
        if (resource.parts.empty()) map.at("parts").fault("expected at least one part");
        const bool submits = resource.kinds.contains(Kind::submit);
        if (submits && (resource.parts.size() != 1 || !resource.parts[0].required))
            map.at("parts").fault("a submission goes to one office: expected one required part");
    }
    if (policy_.resources_.contains(resource.id))
        map.at("resource").fault("this resource has another file");
    note_version("resource:" + resource.id + "@" + std::to_string(resource.version), file);
    const std::string id = resource.id;
    policy_.resources_.insert_or_assign(id, std::move(resource));
}

// What a submission does: at an office, or in a case of this hub.
void PolicyLoader::read_submission(const YamlMap& map, Resource& resource) {
    const bool submits = resource.kinds.contains(Kind::submit);
    if (map.has("intake")) {
        resource.intake = read_intake(map.at("intake"), resource);
        if (resource.kinds != std::set<Kind>{Kind::submit})
            map.at("kinds").fault("a resource with intake offers submit alone");
        for (const char* key : {"parts", "effect"}) {
            if (map.has(key)) map.at(key).fault("a resource with intake has none");
        }
        if (resource.record != "case/acknowledgement@1")
            map.at("record").fault("a resource with intake answers with case/acknowledgement@1");
        if (resource.placement != Placement::hub)
            map.at("placement").fault("a resource with intake is converted in the hub");
        return;
    }
    if (!submits) {
        if (map.has("effect")) map.at("effect").fault("the resource does not offer submit");
        return;
    }
    const std::optional<Effect> effect = effect_named(map.text("effect"));
    if (effect) resource.effect = *effect;
    if (!effect) map.at("effect").fault("expected read, idempotent, queryable or at_most_once");
    if (resource.placement != Placement::hub)
        map.at("placement").fault("submit is converted in the hub");
}

Intake PolicyLoader::read_intake(const YamlValue& value, const Resource& resource) {
    const YamlMap map = value.map({"open", "event", "item", "correlate", "by"});
    Intake intake;
    if (map.has("open") == map.has("event")) value.fault("expected either `open` or `event`");
    if (map.has("open")) {
        intake.open = map.text("open");
        for (const char* key : {"item", "correlate", "by"}) {
            if (map.has(key)) map.at(key).fault("belongs to `event`");
        }
        return intake;
    }
    intake.event = map.text("event");
    intake.item = map.text_or("item", "");
    intake.correlate = map.text("correlate");
    intake.by = map.text_or("by", "");
    if (!intake.by.empty() && intake.item.empty())
        map.at("by").fault("needs `item`: search attributes are an item's");
    const schemas::CanonicalType* request = catalogue_.type(resource.request);
    const schemas::FieldType* field =
        request == nullptr ? nullptr : request->at_path(intake.correlate);
    const bool scalar = field != nullptr && field->kind != schemas::FieldKind::group &&
                        field->kind != schemas::FieldKind::list;
    if (request != nullptr && !scalar)
        map.at("correlate").fault("expected the path of one value in the request type");
    return intake;
}

Part PolicyLoader::read_part(const std::string& name,
                             const YamlValue& value,
                             const Resource& resource) {
    const YamlMap map =
        value.map({"zh", "en", "type", "required", "division_by", "stale_after_days", "providers"});
    Part part;
    part.name = name;
    part.zh = map.text("zh");
    part.en = map.text("en");
    part.type = map.text("type");
    part.required = map.boolean_or("required", false);
    if (catalogue_.type(part.type) == nullptr) map.at("type").fault("no such canonical type");
    const schemas::CanonicalType* record = catalogue_.type(resource.record);
    if (record != nullptr) {
        const schemas::FieldType* group = record->at_path(name);
        if (group == nullptr || group->kind != schemas::FieldKind::group) {
            value.fault("the record type has no group of this name");
        }
    }
    const std::string by = map.text("division_by");
    const schemas::CanonicalType* request = catalogue_.type(resource.request);
    if (by != "$requester") {
        part.division_by = by;
        if (request != nullptr && request->at_path(by) == nullptr) {
            map.at("division_by").fault("expected $requester or a path of the request type");
        }
    }
    if (map.has("stale_after_days")) {
        part.stale_after = std::chrono::hours(24 * map.integer("stale_after_days"));
    }
    const std::vector<YamlValue> providers = map.list("providers");
    for (const YamlValue& row : providers) {
        part.routes.push_back(read_route(row, resource));
        check_routes(row, part);
    }
    if (providers.empty()) value.fault("no route: expected at least one provider");
    return part;
}

Route PolicyLoader::read_route(const YamlValue& value, const Resource& resource) {
    const YamlMap map =
        value.map({"division", "member", "operation", "query", "record", "from", "to", "status"});
    Route route;
    route.division = map.text("division");
    route.member = map.text("member");
    route.operation = map.text("operation");
    route.query = map.text("query");
    route.record = map.text("record");
    route.valid = read_validity(map, "from", "to");
    const schemas::CodeList* divisions = catalogue_.codes().list("division");
    if (divisions != nullptr && divisions->find(route.division) == nullptr) {
        map.at("division").fault("not in the code list `division`");
    }
    const auto member = policy_.members_.find(route.member);
    if (member == policy_.members_.end()) {
        map.at("member").fault("no such member");
    } else if (!member->second.may(MemberRole::provider)) {
        map.at("member").fault("this member is no provider");
    }
    check_native(map.at("query"), route.query, route.member);
    check_native(map.at("record"), route.record, route.member);
    const bool queried = resource.effect == Effect::queryable;
    if (queried != map.has("status")) {
        value.fault(queried ? "effect queryable needs `status`, which says what was done"
                            : "`status` belongs to effect queryable");
    } else if (queried) {
        const YamlMap status = map.at("status").map({"operation", "query", "record", "settle_ms"});
        route.status = StatusQuestion{status.text("operation"),
                                      status.text("query"),
                                      status.text("record"),
                                      std::chrono::milliseconds(status.integer_or("settle_ms", 0))};
        check_native(status.at("query"), route.status->query, route.member);
        check_native(status.at("record"), route.status->record, route.member);
    }
    return route;
}

// Two routes of one division on one day would make the answer depend on the order of lines.
void PolicyLoader::check_routes(const YamlValue& value, const Part& part) {
    const Route& added = part.routes.back();
    for (std::size_t i = 0; i + 1 < part.routes.size(); ++i) {
        const Route& earlier = part.routes[i];
        if (earlier.division == added.division && earlier.valid.overlaps(added.valid)) {
            value.fault("overlaps with the route to " + earlier.member + " of the same division");
        }
    }
}

void PolicyLoader::check_native(const YamlValue& value,
                                const std::string& schema,
                                const std::string& member) {
    const schemas::NativeSchema* native = catalogue_.native(schema);
    if (native == nullptr) {
        value.fault("no such native schema");
    } else if (native->member() != member) {
        value.fault("this native schema belongs to " + native->member());
    }
}

}  // namespace tongban::policy
