// WholeExchange: a generated world's loan-eligibility record through every stage of the middle, as
// the hub runs it, without a process: the request in, the questions out, the answers of four
// offices in, rules, minimising, and the document that Yinchuan's fund receives.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "connectors/sandbox/records.h"
#include "connectors/sandbox/world.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "tests/support/engine_samples.h"

namespace tongban::support {

inline constexpr Date exchange_day{2026, 3, 16};

inline const mapping::RuleSet& loan_eligibility_rules() {
    static const mapping::RuleSet rules =
        mapping::RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR "/mapping"),
                                   the_library()->catalogue())
            ->select("housing-fund/loan-eligibility@1", exchange_day, {"640100", "610100"});
    return rules;
}

class WholeExchange {
public:
    explicit WholeExchange(const sandbox::World& world) {
        read("request",
             "640100.housing-fund/loan-eligibility-request@1",
             sandbox::enquiry_message(world, false));
        if (parts_.empty()) return;
        evidence_.request = parts_.front().second.fields();
        evidence_.consent_given = evidence_.consent_covers = true;
        ask();
        answer("certificate",
               "610100.housing-fund/certificate@1",
               *sandbox::certificate_answer(world, "DK-1"));
        answer("employment", "610100.social-security/employment@1", sandbox::spell_lines(world));
        evidence_.parts["homes"] = mapping::PartStatus::no_record;
        if (!world.registry.silent) {
            answer("homes",
                   "640100.real-estate/homes@1",
                   sandbox::homes_answer(world, "M-1", "2026-03-16T10:00:00"));
        }
        answer("tax", "640100.tax/deed-tax@1", sandbox::tax_answer(world, "DK-1"));
        finish();
    }

    std::vector<std::string> codes;  // of all findings, in their order
    std::string delivered;           // bytes; empty: refused

private:
    static constexpr const char* delivery_schema = "640100.housing-fund/loan-eligibility@1";

    void note(const std::vector<mapping::Finding>& findings) {
        for (const mapping::Finding& finding : findings)
            codes.push_back(finding.code);
    }

    void read(const std::string& part, const std::string& schema_id, const std::string& bytes) {
        const schemas::NativeSchema& schema = *the_library()->catalogue().native(schema_id);
        auto native = mapping::decode({schema_id, bytes}, schema);
        note(native.findings);
        if (!native.value) return;
        auto valid = mapping::validate(*std::move(native.value));
        note(valid.findings);
        if (!valid.value) return;
        auto canonical = mapping::canonicalise(
            *valid.value, *the_library()->into_canonical(schema_id, exchange_day), context_);
        note(canonical.findings);
        if (canonical.value) parts_.emplace_back(part, *std::move(canonical.value));
    }

    void answer(const std::string& part, const std::string& schema_id, const std::string& bytes) {
        evidence_.parts[part] = mapping::PartStatus::answered;
        evidence_.signed_by_provider[part] = true;
        evidence_.source_age_ms[part] = 1000;
        read(part, schema_id, bytes);
    }

    // The question reaches every office in its own form.
    void ask() {
        for (const char* query : {"610100.housing-fund/certificate-query@1",
                                  "610100.social-security/employment-query@1",
                                  "640100.real-estate/homes-query@1",
                                  "640100.tax/deed-tax-query@1"}) {
            const auto question =
                mapping::convert_request(parts_.front().second,
                                         *the_library()->out_of_canonical(query, exchange_day),
                                         context_);
            note(question.findings);
            if (question.value)
                note(mapping::encode(*question.value, *the_library()->catalogue().native(query))
                         .findings);
        }
    }

    void finish() {
        const auto verified =
            mapping::verify(mapping::gather("housing-fund/loan-eligibility@1", std::move(parts_)),
                            loan_eligibility_rules(),
                            evidence_,
                            context_);
        note(verified.findings);
        if (!verified.value) return;
        const schemas::Grant grant = policy::GrantMaker::grant(
            {"request", "certificate", "employment", "homes", "tax", "parts"});
        const auto outbound =
            mapping::convert(mapping::minimise(*verified.value, grant),
                             *the_library()->out_of_canonical(delivery_schema, exchange_day),
                             context_);
        note(outbound.findings);
        if (!outbound.value) return;
        const auto document =
            mapping::encode(*outbound.value, *the_library()->catalogue().native(delivery_schema));
        note(document.findings);
        if (document.value) delivered = document.value->bytes;
    }

    mapping::Context context_ = a_context();
    mapping::Evidence evidence_;
    std::vector<std::pair<std::string, mapping::CanonicalRecord>> parts_;
};

}  // namespace tongban::support
