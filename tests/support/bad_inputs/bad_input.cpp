#include "tests/support/bad_inputs/bad_input.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/time.h"
#include "mapping/library.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "schemas/catalogue.h"
#include "schemas/native_schema.h"
#include "tests/support/native_samples.h"

namespace tongban::support {
namespace {

using mapping::CanonicalRecord;
using schemas::Finding;

constexpr const char* resource_type = "housing-fund/loan-eligibility@1";

struct Kind {
    Enters enters;
    const char* part;
    const char* schema;
};

constexpr Kind kinds[] = {
    {Enters::request, "request", "640100.housing-fund/loan-eligibility-request@1"},
    {Enters::soap, "certificate", "610100.housing-fund/certificate@1"},
    {Enters::rows, "employment", "610100.social-security/employment@1"},
    {Enters::file, "homes", "640100.real-estate/homes@1"},
    {Enters::json, "tax", "640100.tax/deed-tax@1"},
};

std::string good_bytes(Enters enters) {
    switch (enters) {
        case Enters::request:
            return enquiry_utf8;
        case Enters::soap:
            return in_gb18030(certificate_utf8);
        case Enters::rows:
            return employment_utf8;
        case Enters::file:
            return homes_utf8;
        case Enters::json:
            return deed_tax_utf8;
        case Enters::office:
        case Enters::endpoint:
        case Enters::drop:
        case Enters::odbc:
        case Enters::network:
            break;
    }
    return "";
}

mapping::Context context() {
    const Date day = *make_date(2026, 1, 5);
    return {day,
            *parse_iso_instant("2026-01-05T09:00:05+08:00"),
            "TB-20260105-000001",
            "hub.yc-1",
            "640100.housing-fund",
            "610100.housing-fund"};
}

struct Read {
    std::string stage;
    std::optional<CanonicalRecord> record;
    std::vector<Finding> findings;
};

Read read(const Kind& kind, const std::string& bytes, const mapping::Engine& engine) {
    const schemas::NativeSchema* schema = engine.catalogue->native(kind.schema);
    const mapping::Plan* plan = engine.library->into_canonical(kind.schema, context().as_of);
    if (schema == nullptr || plan == nullptr)
        throw std::runtime_error(std::string("no schema or mapping for ") + kind.schema);
    auto decoded = mapping::decode({kind.schema, bytes}, *schema);
    if (!decoded.value) return {"decode", std::nullopt, std::move(decoded.findings)};
    auto valid = mapping::validate(std::move(*decoded.value));
    if (!valid.value) return {"validate", std::nullopt, std::move(valid.findings)};
    auto canonical = mapping::canonicalise(*valid.value, *plan, context());
    return {"canonicalise", std::move(canonical.value), std::move(canonical.findings)};
}

// What the rules say of the whole record when `spoilt` stands for its part and the other parts are
// good.
std::vector<Finding> judged(const Kind& spoilt,
                            const CanonicalRecord& record,
                            const mapping::Engine& engine) {
    std::vector<std::pair<std::string, CanonicalRecord>> parts;
    mapping::Evidence evidence;
    for (const Kind& kind : kinds) {
        Read good = read(kind, good_bytes(kind.enters), engine);
        if (!good.record)
            throw std::runtime_error(std::string("the good sample is not good: ") + kind.schema);
        const CanonicalRecord& used = kind.enters == spoilt.enters ? record : *good.record;
        if (kind.enters == Enters::request) evidence.request = used.fields();
        evidence.parts[kind.part] = mapping::PartStatus::answered;
        evidence.signed_by_provider[kind.part] = true;
        evidence.source_age_ms[kind.part] = 1000;
        parts.emplace_back(kind.part, used);
    }
    evidence.parts.erase("request");
    evidence.consent_given = true;
    evidence.consent_covers = true;
    const mapping::RuleSet rules = engine.rules->select(resource_type, context().as_of, {"640100"});
    return mapping::verify(
               mapping::gather(resource_type, std::move(parts)), rules, evidence, context())
        .findings;
}

std::string in_table(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2) {
        text.replace(at, 1, text[at] == '|' ? "\\|" : "  ");
    }
    return text;
}

template <typename T>
void append(std::vector<T>& all, std::vector<T> more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

std::string name_of(Enters enters) {
    switch (enters) {
        case Enters::soap:
            return "office answer, SOAP";
        case Enters::file:
            return "office answer, file";
        case Enters::json:
            return "office answer, JSON";
        case Enters::rows:
            return "office answer, rows";
        case Enters::request:
            return "office request";
        case Enters::office:
            return "office's protocol";
        case Enters::endpoint:
            return "connector's local endpoint";
        case Enters::drop:
            return "drop folder";
        case Enters::odbc:
            return "database view";
        case Enters::network:
            return "hub's ports";
    }
    return "";
}

bool runs_in_process(Enters enters) {
    return std::any_of(std::begin(kinds), std::end(kinds), [enters](const Kind& kind) {
        return kind.enters == enters;
    });
}

std::vector<BadInput> bad_inputs() {
    std::vector<BadInput> all = bad_xml_inputs();
    append(all, bad_json_and_rows_inputs());
    append(all, bad_record_inputs());
    append(all, bad_outside_inputs());
    return all;
}

Outcome run_in_process(const BadInput& input, const mapping::Engine& engine) {
    const Kind& kind = *std::find_if(std::begin(kinds), std::end(kinds), [&input](const Kind& k) {
        return k.enters == input.enters;
    });
    Read spoilt = read(kind, input.make(), engine);
    if (!spoilt.record) return {spoilt.stage, std::move(spoilt.findings)};
    const Read good = read(kind, good_bytes(kind.enters), engine);
    std::vector<Finding> before = good.findings;
    append(before, judged(kind, *good.record, engine));
    std::vector<Finding> after = std::move(spoilt.findings);
    const std::size_t converted = after.size();
    append(after, judged(kind, *spoilt.record, engine));
    Outcome outcome{"accepted", {}};
    for (std::size_t i = 0; i < after.size(); ++i) {
        const bool usual =
            std::any_of(before.begin(), before.end(), [&after, i](const Finding& finding) {
                return finding.code == after[i].code && finding.field == after[i].field;
            });
        if (usual) continue;
        if (outcome.findings.empty()) outcome.stage = i < converted ? "canonicalise" : "verify";
        outcome.findings.push_back(after[i]);
    }
    return outcome;
}

std::string page_of(const std::vector<std::pair<BadInput, Outcome>>& results) {
    std::string page =
        "# Bad and hostile input\n\n"
        "What arrives broken, and what answers it. This page is written by "
        "`tests/unit/mapping/bad_inputs_test.cpp` from what\n"
        "really happened (`TONGBAN_UPDATE_DOCS=1` rewrites it), and the test fails when the two "
        "differ. What enters through a\n"
        "socket, a folder or a driver is sent to a running city by "
        "`tests/system/bad_input_test.py`, which takes its list from\n"
        "the second table. After each of them the hub and the connectors still serve.\n\n"
        "A finding never repeats a value. `block` refuses the record, `return` sends it back for "
        "correction with every fault\n"
        "named at once, `review` asks an officer.\n\n"
        "## Records\n\n"
        "| input | enters at | stops in | answer | text for the clerk |\n|---|---|---|---|---|\n";
    std::string outside =
        "\n## Sockets, folders, drivers\n\n"
        "| input | enters at | answer | what happens, and the text |\n|---|---|---|---|\n";
    for (const auto& [input, outcome] : results) {
        const std::string head = "| `" + input.name + "`: " + in_table(input.what) + " | " +
                                 name_of(input.enters) + " | ";
        if (!runs_in_process(input.enters)) {
            outside += head + "`" + input.codes.front() + "` " + input.severity + " | " +
                       in_table(input.zh) + "<br>" + in_table(input.en) + " |\n";
            continue;
        }
        std::string codes;
        std::string texts;
        std::map<std::string, bool> told;
        for (const Finding& finding : outcome.findings) {
            if (!told.emplace(finding.code, true).second) continue;
            if (!codes.empty()) {
                codes += "<br>";
                texts += "<br>";
            }
            codes.append("`")
                .append(finding.code)
                .append("` ")
                .append(schemas::name_of(finding.severity));
            texts += in_table(finding.zh) + "<br>" + in_table(finding.en);
        }
        page += head + outcome.stage + " | " + codes + " | " + texts + " |\n";
    }
    return page + outside;
}

}  // namespace tongban::support
