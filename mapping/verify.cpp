// verify: every rule of the set runs, every finding is kept; the record goes on unless one of them
// stops it. A rule that lacks data says nothing or says that it is undecided, as its file wants: it
// never says that all is well or ill. A rule whose data is withheld always says so.
#include <algorithm>
#include <string>
#include <utility>

#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "mapping/withhold.h"
#include "schemas/canonical_type.h"

namespace tongban::mapping {
namespace {

using schemas::Value;

schemas::FieldType field(std::string name, schemas::FieldKind kind) {
    schemas::FieldType type;
    type.name = std::move(name);
    type.kind = kind;
    return type;
}

template <typename T>
Value value_of(T held) {
    Value value;
    value.data = std::move(held);
    return value;
}

// At a provider: its own part is answered, and of the others nothing is known.
schemas::List own_answer(const std::string& part) {
    schemas::Group own;
    own.set("part", value_of(part));
    own.set("status", value_of(std::string(name_of(PartStatus::answered))));
    schemas::List list;
    list.items.push_back(value_of(std::move(own)));
    list.items.push_back(value_of(schemas::Withheld{}));
    return list;
}

// The hub takes no answer without a good envelope, so where the answer counts it is signed.
schemas::Group own_evidence(const std::string& part) {
    schemas::List parts = own_answer(part);
    auto* own = parts.items.front().get<schemas::Group>();
    own->set("signed", value_of(true));
    own->set("age_ms", value_of(schemas::Withheld{}));
    schemas::Group evidence;
    for (const schemas::FieldType& field : evidence_fields())
        evidence.set(field.name, value_of(schemas::Withheld{}));
    evidence.set("parts", value_of(std::move(parts)));
    return evidence;
}

}  // namespace

std::string_view name_of(PartStatus status) {
    switch (status) {
        case PartStatus::answered:
            return "answered";
        case PartStatus::no_record:
            return "no_record";
        case PartStatus::not_covered:
            return "not_covered";
        case PartStatus::refused:
            return "refused";
        case PartStatus::unavailable:
            return "unavailable";
        case PartStatus::ambiguous:
            return "ambiguous";
    }
    return "";
}

const std::vector<schemas::FieldType>& evidence_fields() {
    using schemas::FieldKind;
    static const std::vector<schemas::FieldType> fields = [] {
        schemas::FieldType parts = field("parts", FieldKind::list);
        parts.fields = {field("part", FieldKind::text),
                        field("status", FieldKind::text),
                        field("signed", FieldKind::boolean),
                        field("age_ms", FieldKind::decimal)};
        return std::vector<schemas::FieldType>{field("consent_given", FieldKind::boolean),
                                               field("consent_covers", FieldKind::boolean),
                                               field("consent_withdrawn", FieldKind::boolean),
                                               parts};
    }();
    return fields;
}

schemas::Group evidence_group(const Evidence& evidence) {
    schemas::Group group;
    group.set("consent_given", value_of(evidence.consent_given));
    group.set("consent_covers", value_of(evidence.consent_covers));
    group.set("consent_withdrawn", value_of(evidence.consent_withdrawn));
    schemas::List parts;
    for (const auto& [part, status] : evidence.parts) {
        schemas::Group one;
        one.set("part", value_of(part));
        one.set("status", value_of(std::string(name_of(status))));
        const auto sealed = evidence.signed_by_provider.find(part);
        if (sealed != evidence.signed_by_provider.end())
            one.set("signed", value_of(sealed->second));
        const auto age = evidence.source_age_ms.find(part);
        if (age != evidence.source_age_ms.end() && age->second >= 0)
            one.set("age_ms", value_of(schemas::Decimal{age->second, 0}));
        parts.items.push_back(value_of(std::move(one)));
    }
    group.set("parts", value_of(std::move(parts)));
    return group;
}

schemas::List parts_list(const Evidence& evidence) {
    schemas::List list;
    for (const auto& [part, status] : evidence.parts) {
        schemas::Group one;
        one.set("part", value_of(part));
        one.set("status", value_of(std::string(name_of(status))));
        list.items.push_back(value_of(std::move(one)));
    }
    return list;
}

Checked<VerifiedRecord> verify(GatheredRecord record,
                               const RuleSet& rules,
                               const Evidence& evidence,
                               const Context& context) {
    schemas::Group root;
    root.set("request", value_of(evidence.request));
    for (schemas::Field& part : record.fields_.fields) {
        if (part.name != "request" && part.name != "parts") root.fields.push_back(std::move(part));
    }
    root.set("parts", value_of(parts_list(evidence)));
    root.set("evidence", value_of(evidence_group(evidence)));

    RuleView view;
    if (!evidence.judged.empty()) view.judged = &evidence.judged;
    Checked<VerifiedRecord> result;
    for (const RuleSet::Candidate& candidate : rules.candidates()) {
        const Rule* rule = version_for(candidate, root);
        if (rule == nullptr) continue;
        RuleVerdict found = judge_rule(*rule, root, context.as_of, view);
        std::move(
            found.findings.begin(), found.findings.end(), std::back_inserter(result.findings));
    }
    if (schemas::any_stops(result.findings)) return result;
    root.fields.pop_back();  // the evidence is not part of the record
    result.value = VerifiedRecord(std::move(record.type_), std::move(root));
    return result;
}

PartVerdict verify_part(CanonicalRecord record,
                        const PartToJudge& part,
                        const RuleSet& rules,
                        const Context& context) {
    schemas::Group root;
    root.set(part.name, value_of(std::move(record.fields_)));
    schemas::Group record_alone = root;
    for (const schemas::FieldType& field : part.whole->fields()) {
        if (field.name == "request") {
            schemas::Group request = part.request;
            withhold(request, field.fields, "request.", part.request_fields);
            root.set(field.name, value_of(std::move(request)));
        } else if (field.name != part.name) {  // with other offices, or the hub's to know
            root.set(field.name, value_of(schemas::Withheld{}));
        }
    }
    root.set("parts", value_of(own_answer(part.name)));
    root.set("evidence", value_of(own_evidence(part.name)));

    PartVerdict verdict{VerifiedRecord(part.whole->id(), std::move(record_alone)), {}, {}};
    const RuleView view{part.name, nullptr};
    for (const RuleSet::Candidate& candidate : rules.candidates()) {
        // Which version holds is the hub's to know when the day that says so is withheld here.
        const Value* day = schemas::at_path(root, candidate.versions.back()->selected_by);
        if (day != nullptr && day->withheld()) continue;
        const Rule* rule = version_for(candidate, root);
        if (rule == nullptr) continue;
        RuleVerdict found = judge_rule(*rule, root, context.as_of, view);
        std::move(
            found.findings.begin(), found.findings.end(), std::back_inserter(verdict.findings));
        std::move(found.judged.begin(), found.judged.end(), std::back_inserter(verdict.judged));
    }
    return verdict;
}

}  // namespace tongban::mapping
