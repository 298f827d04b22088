// Stages: START HERE. A record's way through the engine, written in types.
//
//   Document ─decode▶ NativeRecord ─validate▶ ValidRecord ─canonicalise▶ CanonicalRecord ─gather▶
//   GatheredRecord
//     ─verify▶ VerifiedRecord ─minimise▶ MinimisedRecord ─convert▶ OutboundRecord ─encode▶ Document
//
// Only the function that does a stage's work can make that stage's result, so a record that was
// never minimised cannot be converted, and one never converted cannot be delivered: it does not
// compile.
//
// Every function is pure: bytes, compiled plans and given facts in; values and all findings out. No
// clock, no I/O, no globals, no lock. That is why the middle can run in the hub or in the
// provider's connector (docs/architecture.md).
//
// Threads: pure functions of immutable arguments; safe from any thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/document.h"
#include "schemas/finding.h"
#include "schemas/grant.h"
#include "schemas/node.h"
#include "schemas/value.h"

namespace tongban::schemas {
class NativeSchema;   // schemas/native_schema.h
class CanonicalType;  // schemas/canonical_type.h
class CodeLists;      // schemas/code_list.h
}  // namespace tongban::schemas

namespace tongban::mapping {

class Plan;     // mapping/plan.h: one direction of a mapping, compiled
class RuleSet;  // mapping/rule_set.h: the rules of a resource, compiled

using schemas::Checked;
using schemas::Document;
using schemas::Finding;
using schemas::Grant;
using schemas::Group;
using schemas::Node;

class NativeRecord;
class ValidRecord;
class CanonicalRecord;
class GatheredRecord;
class VerifiedRecord;
class MinimisedRecord;
class OutboundRecord;

// What the pure middle may know of the world outside the bytes.
struct Context {
    Date as_of;              // business date: selects rules and code rows
    Instant now;             // the hub's time of this exchange, fixed once
    std::string message_no;  // our message number, for formats that carry one
    std::string exchange;    // exchange id, for outbound heads
    std::string requester;   // member ids
    std::string provider;
};

enum class PartStatus { answered, no_record, not_covered, refused, unavailable, ambiguous };
std::string_view name_of(PartStatus status);

using JudgedUnits = std::map<std::string, std::set<std::string>>;

// What the hub gathered before verify: facts that the rules may use and that are not in the
// records.
struct Evidence {
    Group request;  // the canonical request ("request.subject.name" in rules)
    std::map<std::string, PartStatus>
        parts;  // of every part of the resource, also the failing ones
    std::map<std::string, bool> signed_by_provider;     // the envelope of the part verified
    std::map<std::string, std::int64_t> source_age_ms;  // -1 unknown
    bool consent_given = false;
    bool consent_covers = false;  // purpose, scope, receiver and dates fit
    bool consent_withdrawn = false;
    // Placement provider: by part, the units of rules that its provider has judged. They do not run
    // again.
    JudgedUnits judged;
};

Checked<NativeRecord> decode(const Document& document, const schemas::NativeSchema& schema);
Checked<ValidRecord> validate(NativeRecord record);
Checked<CanonicalRecord> canonicalise(const ValidRecord& record,
                                      const Plan& plan,
                                      const Context& context);
// Placement provider: a part that its provider's connector has converted and minimised already, as
// canonical JSON.
Checked<CanonicalRecord> accept(std::string_view canonical_json,
                                const schemas::CanonicalType& type);
// What of such a part was not given, because `given` does not name it, is withheld from then on: no
// rule takes it for missing. Paths are of the whole record: "certificate.account".
CanonicalRecord withhold(CanonicalRecord record,
                         const schemas::CanonicalType& type,
                         const std::string& part,
                         const std::vector<std::string>& given);
// One record of the resource: a group per part, by part name, and "request".
GatheredRecord gather(std::string resource_type,
                      std::vector<std::pair<std::string, CanonicalRecord>> parts);
// A record that stands for itself, such as an application: judged by the rules of its own type.
GatheredRecord whole(CanonicalRecord record);
Checked<VerifiedRecord> verify(GatheredRecord record,
                               const RuleSet& rules,
                               const Evidence& evidence,
                               const Context& context);
// Placement provider: what can be judged of a part where it lies, with what was told of the
// request. The record goes on whatever was found; its findings go with it, and the hub stops the
// whole.
struct PartVerdict;
struct PartToJudge {
    std::string name;                               // "certificate"
    const schemas::CanonicalType* whole = nullptr;  // canonical type of the whole record
    Group request;                                  // what the hub told of it
    std::vector<std::string> request_fields;        // and which fields that could have been
};
PartVerdict verify_part(CanonicalRecord record,
                        const PartToJudge& part,
                        const RuleSet& rules,
                        const Context& context);
MinimisedRecord minimise(const VerifiedRecord& record, const Grant& grant);
// Placement provider: items of lists stay, though nothing in them is granted, so that the hub
// counts them right.
MinimisedRecord minimise_part(const VerifiedRecord& record, const Grant& grant);
Checked<OutboundRecord> convert(const MinimisedRecord& record,
                                const Plan& plan,
                                const Context& context);
// A question: canonical request to a provider's or requester's native form. Holds no fetched data.
Checked<OutboundRecord> convert_request(const CanonicalRecord& request,
                                        const Plan& plan,
                                        const Context& context);
// Writes the bytes and validates them against the schema again: what leaves obeys the receiver's
// schema.
Checked<Document> encode(const OutboundRecord& record, const schemas::NativeSchema& schema);

class NativeRecord {
public:
    [[nodiscard]] const Node& root() const { return root_; }
    [[nodiscard]] const std::string& schema() const { return schema_; }

private:
    friend Checked<NativeRecord> decode(const Document&, const schemas::NativeSchema&);
    friend Checked<ValidRecord> validate(NativeRecord);
    NativeRecord(std::string schema, Node root)
        : schema_(std::move(schema)), root_(std::move(root)) {}
    std::string schema_;
    Node root_;
    std::vector<Finding>
        schema_findings_;  // found in the same pass over the bytes; validate() reports them
};

class ValidRecord {
public:
    [[nodiscard]] const Node& root() const { return root_; }
    [[nodiscard]] const std::string& schema() const { return schema_; }

private:
    friend Checked<ValidRecord> validate(NativeRecord);
    ValidRecord(std::string schema, Node root)
        : schema_(std::move(schema)), root_(std::move(root)) {}
    std::string schema_;
    Node root_;
};

class CanonicalRecord {
public:
    [[nodiscard]] const Group& fields() const { return fields_; }
    [[nodiscard]] const std::string& type() const {
        return type_;
    }  // "housing-fund/contribution-certificate@1"

private:
    friend Checked<CanonicalRecord> canonicalise(const ValidRecord&, const Plan&, const Context&);
    friend Checked<CanonicalRecord> accept(std::string_view, const schemas::CanonicalType&);
    friend CanonicalRecord withhold(CanonicalRecord,
                                    const schemas::CanonicalType&,
                                    const std::string&,
                                    const std::vector<std::string>&);
    friend PartVerdict verify_part(CanonicalRecord,
                                   const PartToJudge&,
                                   const RuleSet&,
                                   const Context&);
    friend GatheredRecord gather(std::string, std::vector<std::pair<std::string, CanonicalRecord>>);
    friend GatheredRecord whole(CanonicalRecord);
    CanonicalRecord(std::string type, Group fields)
        : type_(std::move(type)), fields_(std::move(fields)) {}
    std::string type_;
    Group fields_;
};

class GatheredRecord {
public:
    [[nodiscard]] const Group& fields() const { return fields_; }
    [[nodiscard]] const std::string& type() const { return type_; }

private:
    friend GatheredRecord gather(std::string, std::vector<std::pair<std::string, CanonicalRecord>>);
    friend GatheredRecord whole(CanonicalRecord);
    friend Checked<VerifiedRecord> verify(GatheredRecord,
                                          const RuleSet&,
                                          const Evidence&,
                                          const Context&);
    GatheredRecord(std::string type, Group fields)
        : type_(std::move(type)), fields_(std::move(fields)) {}
    std::string type_;
    Group fields_;
};

class VerifiedRecord {
public:
    [[nodiscard]] const Group& fields() const { return fields_; }
    [[nodiscard]] const std::string& type() const { return type_; }

private:
    friend Checked<VerifiedRecord> verify(GatheredRecord,
                                          const RuleSet&,
                                          const Evidence&,
                                          const Context&);
    friend PartVerdict verify_part(CanonicalRecord,
                                   const PartToJudge&,
                                   const RuleSet&,
                                   const Context&);
    VerifiedRecord(std::string type, Group fields)
        : type_(std::move(type)), fields_(std::move(fields)) {}
    std::string type_;
    Group fields_;
};

struct PartVerdict {
    VerifiedRecord record;  // the one part, by its name
    std::vector<Finding> findings;
    std::vector<std::string> judged;  // units of rules: mapping/rule.h
};

class MinimisedRecord {
public:
    [[nodiscard]] const Group& fields() const { return fields_; }
    [[nodiscard]] const std::string& type() const { return type_; }

private:
    friend MinimisedRecord minimise(const VerifiedRecord&, const Grant&);
    friend MinimisedRecord minimise_part(const VerifiedRecord&, const Grant&);
    MinimisedRecord(std::string type, Group fields)
        : type_(std::move(type)), fields_(std::move(fields)) {}
    std::string type_;
    Group fields_;
};

class OutboundRecord {
public:
    [[nodiscard]] const Node& root() const { return root_; }
    [[nodiscard]] const std::string& schema() const { return schema_; }

private:
    friend Checked<OutboundRecord> convert(const MinimisedRecord&, const Plan&, const Context&);
    friend Checked<OutboundRecord> convert_request(const CanonicalRecord&,
                                                   const Plan&,
                                                   const Context&);
    OutboundRecord(std::string schema, Node root)
        : schema_(std::move(schema)), root_(std::move(root)) {}
    std::string schema_;
    Node root_;
};

}  // namespace tongban::mapping
