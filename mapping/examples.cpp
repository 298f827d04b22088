#include "mapping/examples.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "mapping/stages.h"
#include "schemas/native_schema.h"

namespace tongban::mapping {
namespace {

using schemas::NativeSchema;
using schemas::Value;

// Fixed, so that an example gives the same on every machine and day.
Context context_of(const Example& example, const std::string& member) {
    Context context;
    context.as_of = example.as_of;
    context.now = {(days_since_1970(example.as_of) * 24 + 1) * 3'600'000};  // 09:00 in Shanghai
    context.message_no = "TB-EXAMPLE-0001";
    context.exchange = "00000000-0000-7000-8000-000000000001";
    context.requester = "640100.housing-fund";
    context.provider = member;
    return context;
}

std::string described(const Finding& finding) {
    return finding.code + " " + finding.field + " line " + std::to_string(finding.place.line) +
           " (" + finding.en + ")";
}

std::string is_not(const std::string& found, const std::string& expected) {
    return " is \"" + found + "\", expected \"" + expected + "\"";
}

bool expects(const Example::Expected& expected, const Finding& finding) {
    if (expected.code != finding.code) return false;
    if (!expected.field.empty() && expected.field != finding.field) return false;
    return expected.line == 0 || static_cast<std::uint32_t>(expected.line) == finding.place.line;
}

class Runner {
public:
    Runner(const Mapping& mapping, const Example& example, const Library& library)
        : mapping_(mapping),
          example_(example),
          library_(library),
          schema_(*library.catalogue().native(mapping.native)),
          context_(context_of(example, schema_.member())) {}

    std::vector<std::string> run() {
        if (!example_.from_schema.empty()) {
            outward();
        } else {
            inward();
        }
        return std::move(differences_);
    }

private:
    void differ(std::string text) { differences_.push_back(std::move(text)); }

    void differ_all(const std::vector<Finding>& findings) {
        for (const Finding& finding : findings)
            differ("unexpected finding " + described(finding));
    }

    Checked<ValidRecord> valid(const Example& example,
                               const NativeSchema& schema,
                               std::vector<Finding>& findings) {
        Checked<NativeRecord> native =
            decode({schema.id(), example_bytes(example, schema)}, schema);
        findings = std::move(native.findings);
        if (!native.value) return {};
        Checked<ValidRecord> valid = validate(*std::move(native.value));
        findings.insert(findings.end(), valid.findings.begin(), valid.findings.end());
        return valid;
    }

    void inward() {
        std::vector<Finding> findings;
        const Checked<ValidRecord> record = valid(example_, schema_, findings);
        if (!record.value || !mapping_.in) {
            compare(findings);
            if (!mapping_.in) differ("the mapping has no inward plan for this example");
            return;
        }
        const Checked<CanonicalRecord> canonical =
            canonicalise(*record.value, *mapping_.in, context_);
        findings.insert(findings.end(), canonical.findings.begin(), canonical.findings.end());
        compare(findings);
        if (!canonical.value) {
            if (!example_.canonical.empty() || example_.round_trip)
                differ("there is no canonical record");
            return;
        }
        for (const auto& [path, text] : example_.canonical) {
            const Value* value = at_path(canonical.value->fields(), path);
            const std::string found = value == nullptr ? "" : canonical_text(*value);
            if (found != text) differ(path + is_not(found, text));
        }
        if (example_.round_trip) back(*canonical.value, record.value->root());
    }

    // A question: the canonical record comes from another mapping's example; this example's text is
    // what must come out.
    void outward() {
        std::vector<Finding> findings;
        const NativeSchema* schema = library_.catalogue().native(example_.from_schema);
        const Example* source = nullptr;
        for (const auto& mapping : library_.mappings()) {
            if (mapping->native != example_.from_schema) continue;
            for (const Example& example : mapping->examples) {
                if (example.name == example_.from_example) source = &example;
            }
        }
        const Plan* plan = library_.into_canonical(example_.from_schema, example_.as_of);
        if (schema == nullptr || source == nullptr || plan == nullptr) {
            differ("there is no such example of " + example_.from_schema);
            return;
        }
        const Checked<ValidRecord> record = valid(*source, *schema, findings);
        if (!record.value) {
            differ_all(findings);
            return;
        }
        const Checked<CanonicalRecord> canonical = canonicalise(*record.value, *plan, context_);
        if (!canonical.value) {
            differ_all(canonical.findings);
            return;
        }
        const Checked<ValidRecord> expected = valid(example_, schema_, findings);
        if (!expected.value) {
            differ_all(findings);
            return;
        }
        back(*canonical.value, expected.value->root());
    }

    // Out through the mapping, through the bytes, and in again: the tree must be `expected`.
    void back(const CanonicalRecord& record, const Node& expected) {
        if (!mapping_.out) {
            differ("the mapping has no outward plan");
            return;
        }
        const Checked<OutboundRecord> outbound = convert_request(record, *mapping_.out, context_);
        if (!outbound.value) {
            differ_all(outbound.findings);
            return;
        }
        const Checked<Document> document = encode(*outbound.value, schema_);
        if (!document.value) {
            differ_all(document.findings);
            return;
        }
        const Checked<NativeRecord> again = decode(*document.value, schema_);
        if (!again.value) {
            differ_all(again.findings);
            return;
        }
        same(again.value->root(), expected, "/" + expected.name);
    }

    void same(const Node& got, const Node& expected, const std::string& path) {
        if (got.name != expected.name || got.ns != expected.ns || got.kind != expected.kind) {
            differ(path + " is another element, {" + got.ns + "}" + got.name);
            return;
        }
        // Blanks between child elements are layout.
        const bool leaf = expected.children.empty() && got.children.empty();
        if (leaf && trim(got.text) != trim(expected.text)) {
            differ(path + " is \"" + got.text + "\", expected \"" + expected.text + "\"");
        }
        for (const schemas::NodeAttribute& attribute : expected.attributes) {
            const schemas::NodeAttribute* found = got.attribute(attribute.name);
            if (found == nullptr || found->value != attribute.value)
                differ(path + "/@" + attribute.name + " differs");
        }
        if (got.attributes.size() != expected.attributes.size())
            differ(path + " has other attributes");
        const std::size_t common = std::min(got.children.size(), expected.children.size());
        for (std::size_t i = 0; i < common; ++i) {
            same(got.children[i], expected.children[i], path + "/" + expected.children[i].name);
        }
        if (got.children.size() != expected.children.size()) {
            differ(path + " has " + std::to_string(got.children.size()) + " children, expected " +
                   std::to_string(expected.children.size()));
        }
    }

    void compare(const std::vector<Finding>& findings) {
        std::vector<const Finding*> left;
        left.reserve(findings.size());
        for (const Finding& finding : findings)
            left.push_back(&finding);
        for (const Example::Expected& expected : example_.findings) {
            const auto found = std::find_if(left.begin(), left.end(), [&](const Finding* finding) {
                return expects(expected, *finding);
            });
            if (found == left.end()) {
                differ("finding " + expected.code + " " + expected.field + " did not come");
            } else {
                left.erase(found);
            }
        }
        for (const Finding* finding : left)
            differ("unexpected finding " + described(*finding));
    }

    const Mapping& mapping_;
    const Example& example_;
    const Library& library_;
    const NativeSchema& schema_;
    Context context_;
    std::vector<std::string> differences_;
};

}  // namespace

std::string example_bytes(const Example& example, const NativeSchema& schema) {
    std::string text = example.native;
    if (schema.format() == schemas::Format::xml) {
        text = "<?xml version=\"1.0\" encoding=\"" + std::string(name_of(schema.encoding())) +
               "\"?>\n" + text;
    }
    const Result<std::string> bytes = from_utf8(text, schema.encoding());
    return bytes.ok() ? *bytes : text;
}

std::vector<ExampleOutcome> run_examples(const Mapping& mapping, const Library& library) {
    std::vector<ExampleOutcome> outcomes;
    outcomes.reserve(mapping.examples.size());
    for (const Example& example : mapping.examples) {
        outcomes.push_back({mapping.version,
                            mapping.path,
                            example.line,
                            example.name,
                            Runner(mapping, example, library).run()});
    }
    return outcomes;
}

}  // namespace tongban::mapping
