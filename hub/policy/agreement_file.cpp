#include <algorithm>

#include "hub/policy/internal/policy_loader.h"
#include "schemas/catalogue.h"

namespace tongban::policy {

namespace {

const std::vector<std::string_view> agreement_keys = {"agreement",
                                                      "version",
                                                      "requester",
                                                      "resource",
                                                      "purpose",
                                                      "ground",
                                                      "consent",
                                                      "valid_from",
                                                      "valid_to",
                                                      "kinds",
                                                      "request",
                                                      "delivery",
                                                      "cases",
                                                      "fields",
                                                      "verify"};

}  // namespace

void PolicyLoader::read_agreement(const YamlFile& file) {
    const YamlMap map = file.root().map(agreement_keys);
    Agreement agreement;
    agreement.id = map.text("agreement");
    agreement.version = map.integer("version");
    agreement.requester = map.text("requester");
    agreement.resource = map.text("resource");
    agreement.purpose = map.text("purpose");
    agreement.valid = read_validity(map, "valid_from", "valid_to");
    const std::vector<std::string> cases = map.texts_if("cases");
    agreement.cases = {cases.begin(), cases.end()};
    agreement.request_schema = cases.empty() ? map.text("request") : map.text_or("request", "");
    agreement.delivery_schema = map.text_or("delivery", "");
    const YamlMap ground = map.at("ground").map({"law", "article"});
    agreement.ground = {ground.text("law"), ground.text("article")};
    const std::string consent = map.text("consent");
    if (consent != "required" && consent != "not_required") {
        map.at("consent").fault("expected required or not_required");
    }
    agreement.consent_required = consent != "not_required";

    const Member* requester = policy_.member(agreement.requester);
    if (requester == nullptr) map.at("requester").fault("no such member");
    if (requester != nullptr && !requester->may(MemberRole::requester)) {
        map.at("requester").fault("this member is no requester");
    }
    const Resource* resource = policy_.resource(agreement.resource);
    if (resource == nullptr) map.at("resource").fault("no such resource");
    // A member without a system of its own speaks the hub's words: the resource's canonical types.
    const bool asks_plainly = resource != nullptr && agreement.request_schema == resource->request;
    const bool gets_plainly = resource != nullptr && agreement.delivery_schema == resource->record;
    if (map.has("request") && !asks_plainly)
        check_native(map.at("request"), agreement.request_schema, agreement.requester);
    if (map.has("delivery") && !gets_plainly)
        check_native(map.at("delivery"), agreement.delivery_schema, agreement.requester);
    for (const YamlValue& value : map.list("kinds")) {
        const std::optional<Kind> kind = kind_named(value.text());
        if (!kind || (resource != nullptr && !resource->kinds.contains(*kind))) {
            value.fault("the resource does not offer this kind");
            continue;
        }
        agreement.kinds.insert(*kind);
    }
    const bool hands_over =
        agreement.kinds.contains(Kind::fetch) || agreement.kinds.contains(Kind::submit);
    if (hands_over && !agreement.request_schema.empty() && agreement.delivery_schema.empty()) {
        map.self().fault("kinds fetch and submit need `delivery`, the native schema to hand over");
    }
    if (resource != nullptr && resource->intake && !agreement.cases.empty())
        map.at("cases").fault("no case asks by a resource that goes into cases");
    if (resource != nullptr) {
        read_fields(map.at("fields"), *resource, agreement.fields);
        read_verify(map, *resource, agreement);
        if (requester != nullptr)
            check_own_routes(map.at("resource"), *resource, *requester, agreement.valid.from);
    }
    note_version("agreement:" + agreement.name(), file);
    policy_.agreements_.push_back(std::move(agreement));
    agreement_places_.push_back({file.path(), map.at("agreement").line()});
}

// Parts that go to the requester's own division must have somebody there.
void PolicyLoader::check_own_routes(const YamlValue& value,
                                    const Resource& resource,
                                    const Member& requester,
                                    Date first_day) {
    for (const Part& part : resource.parts) {
        if (!part.division_by.empty()) continue;
        if (part.route(requester.division(), first_day) != nullptr) continue;
        value.fault("part " + part.name +
                    " has no route for the requester's own division on the agreement's first day");
    }
}

void PolicyLoader::read_fields(const YamlValue& value,
                               const Resource& resource,
                               std::vector<std::string>& fields) {
    const schemas::CanonicalType* record = catalogue_.type(resource.record);
    for (const YamlValue& item : value.list()) {
        const std::string path = item.text();
        if (record != nullptr && record->at_path(path) == nullptr)
            item.fault("the record type has no field " + path);
        if (std::find(fields.begin(), fields.end(), path) != fields.end())
            item.fault("named twice");
        fields.push_back(path);
    }
    if (fields.empty()) value.fault("expected at least one field");
    std::sort(fields.begin(), fields.end());
}

void PolicyLoader::read_verify(const YamlMap& map, const Resource& resource, Agreement& agreement) {
    if (!agreement.kinds.contains(Kind::verify)) {
        if (map.has("verify")) map.at("verify").fault("the agreement does not name kind verify");
        return;
    }
    const YamlMap verify = map.at("verify").map({"fields", "tries", "days"});
    read_fields(verify.at("fields"), resource, agreement.verify.fields);
    agreement.verify.tries = verify.integer("tries");
    agreement.verify.days = verify.integer("days");
    if (agreement.verify.tries < 1 || agreement.verify.days < 1) {
        map.at("verify").fault("expected tries and days of at least 1");
    }
}

// Two agreements for one question on one day would make the ground of a decision a matter of luck.
void PolicyLoader::check_agreements() {
    const std::vector<Agreement>& all = policy_.agreements_;
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const Agreement& a = all[j];
            const Agreement& b = all[i];
            const bool same_question = a.requester == b.requester && a.resource == b.resource &&
                                       a.purpose == b.purpose &&
                                       std::any_of(a.kinds.begin(), a.kinds.end(), [&b](Kind kind) {
                                           return b.kinds.contains(kind);
                                       });
            const bool same_name = a.name() == b.name();
            if (same_name || (same_question && a.valid.overlaps(b.valid))) {
                faults_.push_back({agreement_places_[i].file,
                                   agreement_places_[i].line,
                                   1,
                                   same_name ? "this agreement and version has another file"
                                             : "overlaps with agreement " + a.name() +
                                                   ": same requester, resource, "
                                                   "purpose and kind on the same day"});
            }
        }
    }
}

}  // namespace tongban::policy
