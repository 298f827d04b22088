// EngineSamples: the tree's own catalogue and mappings, loaded once a program, the examples they
// carry as records, and the one maker of grants that tests have.
#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/xml.h"
#include "mapping/examples.h"
#include "mapping/library.h"
#include "mapping/mapping_file.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "schemas/native_schema.h"

namespace tongban::policy {
class GrantMaker {  // the product's is hub/policy's, which tests of the engine do not link
public:
    static schemas::Grant grant(std::vector<std::string> fields) {
        schemas::Grant made;
        std::sort(fields.begin(), fields.end());
        made.fields_ = std::move(fields);
        made.agreement_ = "A-TEST@1";
        return made;
    }
};
}  // namespace tongban::policy

namespace tongban::support {

inline std::shared_ptr<const mapping::Library> the_library() {
    static const std::shared_ptr<const mapping::Library> library = [] {
        prepare_xml();
        const std::string root = TONGBAN_SOURCE_DIR;
        return mapping::Library::load(root + "/mapping",
                                      schemas::Catalogue::load(root + "/schemas"));
    }();
    return library;
}

inline mapping::Context a_context() {
    mapping::Context context;
    context.as_of = Date{2026, 3, 16};
    context.now = {1'773'622'800'000};  // 2026-03-16 09:00 in Shanghai
    context.message_no = "TB-0001";
    context.exchange = "0198-exchange";
    context.requester = "640100.housing-fund";
    context.provider = "610100.housing-fund";
    return context;
}

// The UTF-8 text of a mapping's first example.
inline std::string example_of(const std::string& schema_id) {
    for (const auto& mapping : the_library()->mappings()) {
        if (mapping->native == schema_id) return mapping->examples.front().native;
    }
    throw std::runtime_error("no mapping of " + schema_id);
}

inline schemas::Checked<mapping::ValidRecord> valid_record(const std::string& schema_id,
                                                           const std::string& utf8) {
    const schemas::NativeSchema& schema = *the_library()->catalogue().native(schema_id);
    mapping::Example example;
    example.native = utf8;
    auto native = mapping::decode({schema_id, mapping::example_bytes(example, schema)}, schema);
    if (!native.value) throw std::runtime_error("does not decode: " + native.findings.front().code);
    return mapping::validate(*std::move(native.value));
}

inline schemas::Checked<mapping::CanonicalRecord> canonical_record(const std::string& schema_id,
                                                                   const std::string& utf8) {
    auto valid = valid_record(schema_id, utf8);
    if (!valid.value) throw std::runtime_error("not valid: " + valid.findings.front().code);
    const mapping::Context context = a_context();
    return mapping::canonicalise(
        *valid.value, *the_library()->into_canonical(schema_id, context.as_of), context);
}

// The gathered record of the four parts' examples, passed by an empty rule set.
inline mapping::VerifiedRecord verified_record() {
    std::vector<std::pair<std::string, mapping::CanonicalRecord>> parts;
    const auto add = [&parts](const std::string& part, const std::string& schema) {
        parts.emplace_back(part, *canonical_record(schema, example_of(schema)).value);
    };
    add("request", "640100.housing-fund/loan-eligibility-request@1");
    add("certificate", "610100.housing-fund/certificate@1");
    add("employment", "610100.social-security/employment@1");
    add("homes", "640100.real-estate/homes@1");
    add("tax", "640100.tax/deed-tax@1");
    mapping::Evidence evidence;
    evidence.request = parts.front().second.fields();
    for (const char* part : {"certificate", "employment", "homes", "tax"}) {
        evidence.parts[part] = mapping::PartStatus::answered;
    }
    auto checked =
        mapping::verify(mapping::gather("housing-fund/loan-eligibility@1", std::move(parts)),
                        mapping::RuleSet(),
                        evidence,
                        a_context());
    if (!checked.value) throw std::runtime_error("not verified");
    return *std::move(checked.value);
}

}  // namespace tongban::support
