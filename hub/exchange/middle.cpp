#include "hub/exchange/middle.h"

#include <algorithm>
#include <set>

#include "hub/exchange/part_reasons.h"
#include "hub/exchange/provider_answer.h"
#include "hub/exchange/verdicts.h"
#include "mapping/rule_set.h"
#include "schemas/identifiers.h"
#include "schemas/native_schema.h"

namespace tongban::exchange {

namespace {

using mapping::CanonicalRecord;
using mapping::Checked;
using mapping::PartStatus;
using schemas::Finding;
using schemas::Severity;

void append(std::vector<Finding>& all, std::vector<Finding> more, const std::string& part) {
    for (Finding& finding : more) {
        if (finding.part.empty()) finding.part = part;
        all.push_back(std::move(finding));
    }
}

struct Why {
    std::string_view zh;
    std::string_view en;
    std::string_view then_zh;
    std::string_view then_en;
};

Why why(PartStatus status) {
    switch (status) {
        case PartStatus::answered:
            return {"应答不合格",
                    "answered with a record that cannot be used",
                    "请该单位更正数据后重新发起",
                    "ask again once it has corrected its data"};
        case PartStatus::no_record:
            return {"查无记录",
                    "has no record",
                    "请核对姓名、证件号码和缴存地后重新发起",
                    "check name, document number and place, then ask again"};
        case PartStatus::not_covered:
            return {"不掌握该项数据",
                    "does not keep this",
                    "请核对办理地是否正确",
                    "check whether this is the right place to ask"};
        case PartStatus::refused:
            return {"依法不予提供", "lawfully refuses", "请与该单位联系", "contact that office"};
        case PartStatus::unavailable:
            return {"未能应答",
                    "did not answer",
                    "请稍后重新发起；如持续，请与该单位联系",
                    "ask again later; if it lasts, contact that office"};
        case PartStatus::ambiguous:
            return {"有多条记录与请求相符",
                    "has more than one record that fits",
                    "请补充证件信息后重新发起",
                    "give more of the person's document and ask again"};
    }
    return {};
}

struct Because {
    std::string zh;
    std::string en;
};

// The finer reason in words, with its code for whoever is asked to mend it. What must be mended
// first is not asked for again before.
Because because_of(const PartAnswer& answer, Why& then) {
    const PartReason* known =
        answer.status == PartStatus::unavailable ? part_reason(answer.reason) : nullptr;
    if (known == nullptr) return {};
    if (known->lasting) {
        then.then_zh = "请与该单位联系，待其处理后重新发起";
        then.then_en = "contact that office, and ask again once it has mended this";
    }
    return {"原因：" + std::string(known->zh) + "（" + answer.reason + "）。",
            " because " + std::string(known->en) + " (" + answer.reason + ")"};
}

// Which office, what is the matter, what to do. Never a value.
Finding missing_part(const PartAnswer& answer) {
    Why reason = why(answer.status);
    const Because because = because_of(answer, reason);
    Finding finding;
    finding.code = "part." + std::string(mapping::name_of(answer.status));
    finding.severity = answer.part->required ? Severity::return_ : Severity::warn;
    finding.mender = schemas::Mender::sender;
    finding.part = answer.part->name;
    finding.shape = answer.reason;
    if (answer.in_doubt) {
        finding.code = "part.in_doubt";
        finding.severity = Severity::block;
        finding.zh = answer.provider_zh + "是否已办理无法确认：" + answer.part->zh +
                     "。请勿重复提交，请与该单位核对后再处理。";
        finding.en = "It is not known whether " + answer.provider_en +
                     " has done this: " + answer.part->en +
                     "; do not send it again, and ask that office what it did.";
        return finding;
    }
    finding.zh = answer.provider_zh + std::string(reason.zh) + "：" + answer.part->zh + "。" +
                 because.zh + std::string(reason.then_zh) + "。";
    finding.en = answer.provider_en + " " + std::string(reason.en) + ": " + answer.part->en +
                 because.en + "; " + std::string(reason.then_en) + ".";
    return finding;
}

class Run {
public:
    explicit Run(const MiddleInput& input) : input_(input), day_(shanghai_date(input.now)) {}

    MiddleResult go() {
        if (input_.covering->resource->intake) {
            if (input_.case_reply == nullptr) check_submission();
            if (input_.case_reply != nullptr) acknowledge();
            return std::move(result_);
        }
        for (const PartAnswer& answer : input_.parts)
            take_in(answer);
        note_statuses();
        switch (input_.kind) {
            case policy::Kind::verify:
                judge_claims();
                break;
            case policy::Kind::fetch:
            case policy::Kind::submit:
                make_document();
                break;
            case policy::Kind::publish:
                result_.state = State::refused;
                break;  // no resource offers them yet
        }
        return std::move(result_);
    }

private:
    mapping::Context context(const std::string& provider, const std::string& message_no) const {
        return {
            day_, input_.now, message_no, input_.exchange_id, input_.grant->requester(), provider};
    }

    // One office's bytes into the hub's words. An optional part that cannot be used counts as not
    // there.
    void take_in(const PartAnswer& answer) {
        PartStatus& status = result_.statuses[answer.part->name];
        status = answer.status;
        if (answer.status != PartStatus::answered) return;
        const mapping::Plan* plan = input_.engine->library->into_canonical(answer.schema, day_);
        if (plan != nullptr) result_.mappings[answer.part->name] = plan->version();
        const schemas::CanonicalType& type = *input_.engine->catalogue->type(answer.part->type);
        Checked<CanonicalRecord> record;
        if (input_.covering->resource->placement == policy::Placement::hub) {
            record = read_native({answer.schema, answer.native},
                                 *input_.engine,
                                 context(answer.route->member, answer.message_no));
        } else if (answer.canonical) {  // none: the provider's own middle stopped, and its findings
                                        // say why
            record = mapping::accept(*answer.canonical, type);
            // With a record come its rules' findings; a stop among them stops the whole.
            stopped_there_ = stopped_there_ || schemas::any_stops(answer.findings);
            if (record.ok() && input_.kind != policy::Kind::verify) {
                record.value = mapping::withhold(
                    *std::move(record.value), type, answer.part->name, input_.grant->fields());
            }
        }
        record.findings.insert(
            record.findings.begin(), answer.findings.begin(), answer.findings.end());
        if (!record.ok() && !answer.part->required) {
            for (Finding& finding : record.findings) {
                if (schemas::stops(finding)) finding.severity = Severity::review;
            }
        }
        append(result_.findings, std::move(record.findings), answer.part->name);
        if (record.ok()) {
            if (!answer.judged.empty())
                judged_[answer.part->name] = {answer.judged.begin(), answer.judged.end()};
        } else {
            status = PartStatus::unavailable;
            unusable_ = unusable_ || answer.part->required;
            return;
        }
        result_.subjects[answer.part->name] = subjects_in(record.value->fields(), type);
        records_.emplace_back(answer.part->name, *std::move(record.value));
    }

    void note_statuses() {
        for (const policy::Part& part : input_.covering->resource->parts) {
            result_.statuses.try_emplace(part.name, PartStatus::not_covered);
        }
    }

    [[nodiscard]] mapping::GatheredRecord gathered() const {
        std::vector<std::pair<std::string, CanonicalRecord>> all = records_;
        all.emplace(all.begin(), "request", *input_.question);
        return mapping::gather(input_.covering->resource->record, std::move(all));
    }

    [[nodiscard]] mapping::Evidence evidence() const {
        mapping::Evidence evidence;
        evidence.request = input_.question->fields();
        evidence.parts = result_.statuses;
        for (const PartAnswer& answer : input_.parts) {
            const std::string& name = answer.part->name;
            evidence.signed_by_provider[name] = answer.status == PartStatus::answered;
            evidence.source_age_ms[name] =
                answer.source_time_ms > 0
                    ? std::max<std::int64_t>(0, input_.now.ms - answer.source_time_ms)
                    : -1;
        }
        evidence.judged = judged_;
        evidence.consent_given = input_.consent.given;
        evidence.consent_covers = input_.consent.covers;
        evidence.consent_withdrawn = input_.consent.withdrawn;
        return evidence;
    }

    [[nodiscard]] std::vector<std::string> divisions() const {
        std::vector<const policy::Route*> routes;
        routes.reserve(input_.parts.size());
        for (const PartAnswer& answer : input_.parts)
            routes.push_back(answer.route);
        return jurisdictions(*input_.covering, routes);
    }

    // Without its required parts there is no record. False: the exchange ends here.
    bool parts_suffice() {
        bool suffice = true;
        bool lawful = false;
        for (const PartAnswer& answer : input_.parts) {
            if (answer.status == PartStatus::answered) continue;
            if (answer.status == PartStatus::no_record && !answer.part->required)
                continue;  // an honest "none"
            result_.findings.push_back(missing_part(answer));
            if (!answer.part->required) continue;
            suffice = false;
            lawful = lawful || answer.status != PartStatus::unavailable;
        }
        if (!suffice) result_.state = lawful ? State::refused : State::failed;
        if (suffice && unusable_) {
            result_.state = State::refused;
            suffice = false;
        }
        return suffice;
    }

    void make_document() {
        if (!parts_suffice() || !find_way_out()) return;
        std::optional<mapping::VerifiedRecord> verified =
            verified_by_rules(gathered(), input_.covering->resource->record);
        if (verified) hand_over(*verified);
    }

    // An application or a report: is it sound, and could its acknowledgement be written?
    void check_submission() {
        if (!find_way_out()) return;
        if (verified_by_rules(mapping::whole(*input_.question), input_.question->type()))
            result_.state = State::pending;
    }

    void acknowledge() {
        if (!find_way_out()) return;
        std::optional<mapping::VerifiedRecord> reply =
            verified_by_rules(mapping::whole(*input_.case_reply), input_.case_reply->type());
        if (reply) hand_over(*reply);
    }

    // For a case, and for who has no system of its own.
    [[nodiscard]] bool stays_canonical() const {
        const policy::Covering& covering = *input_.covering;
        return input_.for_case || covering.agreement->delivery_schema == covering.resource->record;
    }

    // Into whose words the document is converted. False: into none, and the exchange ends here.
    bool find_way_out() {
        if (stays_canonical()) return true;
        const std::string& delivery = input_.covering->agreement->delivery_schema;
        plan_ = input_.engine->library->out_of_canonical(delivery, day_);
        schema_ = input_.engine->catalogue->native(delivery);
        if (plan_ != nullptr && schema_ != nullptr) {
            result_.mapping_out = plan_->version();
            return true;
        }
        result_.state = State::failed;
        Finding finding;
        finding.code = "route.no_plan";
        finding.mender = schemas::Mender::mapping_owner;
        finding.version = delivery;
        finding.zh = "没有转换为请求单位格式的有效映射，请联系映射维护方。";
        finding.en =
            "No mapping into the requester's format is valid today; ask the owner of the mapping.";
        result_.findings.push_back(std::move(finding));
        return false;
    }

    std::optional<mapping::VerifiedRecord> verified_by_rules(mapping::GatheredRecord record,
                                                             const std::string& type) {
        const mapping::RuleSet rules = input_.engine->rules->select(type, day_, divisions());
        result_.rules = rules.versions();
        result_.state = State::refused;
        Checked<mapping::VerifiedRecord> verified =
            mapping::verify(std::move(record), rules, evidence(), context("", input_.message_no));
        append(result_.findings, std::move(verified.findings), "");
        if (!judged_.empty()) tell_undecided_once(result_.findings, rules);
        if (stopped_there_) return std::nullopt;
        return std::move(verified.value);
    }

    void hand_over(const mapping::VerifiedRecord& verified) {
        // Beyond this point only the granted fields exist.
        const mapping::MinimisedRecord minimised = mapping::minimise(verified, *input_.grant);
        if (stays_canonical()) {
            result_.document = {minimised.type(), schemas::canonical_json_of(minimised.fields())};
        } else {
            Checked<mapping::OutboundRecord> outbound =
                mapping::convert(minimised, *plan_, context("", input_.message_no));
            append(result_.findings, std::move(outbound.findings), "");
            if (!outbound.ok()) return;
            Checked<schemas::Document> document = mapping::encode(*outbound.value, *schema_);
            append(result_.findings, std::move(document.findings), "");
            if (!document.ok()) return;
            result_.document = *std::move(document.value);
        }
        result_.fields = delivered_fields(minimised.fields(),
                                          verified.fields(),
                                          *input_.engine->catalogue->type(minimised.type()),
                                          applicant());
        result_.state = State::delivered;
    }

    [[nodiscard]] std::string applicant() const {
        const schemas::Value* subject =
            schemas::at_path(input_.question->fields(), input_.covering->resource->subject);
        return subject == nullptr ? ""
                                  : schemas::normalise_identity(schemas::canonical_text(*subject));
    }

    // Verdicts need no rules and let nothing out: whether the record as a whole would pass is
    // another question.
    void judge_claims() {
        const mapping::GatheredRecord record = gathered();
        for (const Claim& claim : claims_of(input_.question->fields())) {
            const auto answer = std::find_if(
                input_.parts.begin(), input_.parts.end(), [&claim](const PartAnswer& part) {
                    return part.part->name == part_of(claim.field);
                });
            if (answer == input_.parts.end()) continue;
            PartAnswer judged = *answer;
            judged.status = result_.statuses[answer->part->name];
            result_.verdicts.push_back(judge(claim, record.fields(), judged, input_.now));
        }
        result_.state = State::verified;
    }

    const MiddleInput& input_;
    const Date day_;
    MiddleResult result_;
    std::vector<std::pair<std::string, CanonicalRecord>> records_;
    mapping::JudgedUnits judged_;  // placement provider: by part
    bool stopped_there_ = false;   // by a rule that ran at a provider
    bool unusable_ = false;        // a required part came and cannot be used
    const mapping::Plan* plan_ = nullptr;
    const schemas::NativeSchema* schema_ = nullptr;
};

}  // namespace

MiddleResult run_middle(const MiddleInput& input) {
    return Run(input).go();
}

std::vector<std::string> jurisdictions(const policy::Covering& covering,
                                       const std::vector<const policy::Route*>& routes) {
    std::vector<std::string> divisions = {covering.requester->division()};
    for (const policy::Route* route : routes) {
        if (route == nullptr) continue;
        if (std::find(divisions.begin(), divisions.end(), route->division) == divisions.end())
            divisions.push_back(route->division);
    }
    return divisions;
}

schemas::Group record_in(std::string_view canonical_json,
                         const std::string& type,
                         const mapping::Engine& engine) {
    const schemas::CanonicalType* known = engine.catalogue->type(type);
    if (known == nullptr) return {};
    const Checked<CanonicalRecord> record = mapping::accept(canonical_json, *known);
    return record.ok() ? record.value->fields() : schemas::Group();
}

Checked<CanonicalRecord> canonical_of(const schemas::Group& fields,
                                      const schemas::CanonicalType& type) {
    Checked<CanonicalRecord> record = mapping::accept(schemas::canonical_json_of(fields), type);
    if (!record.ok()) return record;
    std::vector<Finding> wrong = type.check(record.value->fields());
    if (schemas::any_stops(wrong)) record.value.reset();
    append(record.findings, std::move(wrong), "");
    return record;
}

Checked<CanonicalRecord> read_native(const schemas::Document& document,
                                     const mapping::Engine& engine,
                                     const mapping::Context& context) {
    Checked<CanonicalRecord> result;
    const schemas::NativeSchema* schema = engine.catalogue->native(document.schema);
    const mapping::Plan* plan = engine.library->into_canonical(document.schema, context.as_of);
    if (schema == nullptr || plan == nullptr) {
        Finding finding;
        finding.code = "route.no_plan";
        finding.mender = schemas::Mender::mapping_owner;
        finding.version = document.schema;
        finding.zh = "该格式没有当日有效的映射，请联系映射维护方。";
        finding.en =
            "No mapping from this native schema is valid today; ask the owner of the mapping.";
        result.findings.push_back(std::move(finding));
        return result;
    }
    Checked<mapping::NativeRecord> native = mapping::decode(document, *schema);
    append(result.findings, std::move(native.findings), "");
    if (!native.ok()) return result;
    Checked<mapping::ValidRecord> valid = mapping::validate(*std::move(native.value));
    append(result.findings, std::move(valid.findings), "");
    if (!valid.ok()) return result;
    Checked<CanonicalRecord> canonical = mapping::canonicalise(*valid.value, *plan, context);
    append(result.findings, std::move(canonical.findings), "");
    result.value = std::move(canonical.value);
    return result;
}

}  // namespace tongban::exchange
