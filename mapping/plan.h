// Plan: one direction of a mapping, compiled: immutable, resolved against both schemas, free of
// text to parse.
//
// An inward plan turns a native record into a canonical one, an outward plan the reverse. Its steps
// stand in the order of the mapping file; for an outward plan that is the order of the written
// elements. Grammar: docs/formats/mapping.md.
//
// Threads: immutable; safe from any thread. It points into the catalogue it was compiled against,
// which the library
//          keeps alive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mapping/codec.h"
#include "schemas/canonical_type.h"
#include "schemas/code_list.h"
#include "schemas/finding.h"
#include "schemas/native_schema.h"

namespace tongban::mapping {

using schemas::Direction;

// One stride of a native path: "hf:Row", "@QLBL", "Row[@QSZT=1]".
struct NativeStep {
    std::string name;
    std::string ns;
    bool attribute = false;
    std::string test_name;  // of the condition; "" = none
    bool test_attribute = false;
    std::string test_value;
};

struct NativePath {
    std::vector<NativeStep> steps;  // empty: the node itself
    std::string text;               // as written in the mapping
};

// What an outbound head may say: our message number, the exchange, who asks and who answers, the
// business date, the day and the time of the hub.
enum class Variable { none, message_no, exchange, requester, provider, as_of, today, now };
enum class StepKind { field, group, each };

struct Condition {  // "path", "path=value", "path!=value" over the source of the plan
    enum class Kind { none, exists, equal, not_equal };
    Kind kind = Kind::none;
    NativePath native;                   // inward
    std::vector<std::string> canonical;  // outward: within the current group
    std::string value;
};

struct Step {
    StepKind kind = StepKind::field;
    NativePath native;  // source (inward) or target (outward), relative to the enclosing step
    std::vector<std::string>
        canonical;  // the other end, within the enclosing group; empty: that group itself, or none
    std::string full_path;  // canonical path from the record, lists without index: "ledger.amount"
    const schemas::FieldType* type =
        nullptr;  // of the canonical end; null for constants of an outward plan

    Codec codec;
    std::vector<Normaliser> clean;
    bool required = false;
    std::optional<std::string> default_text;  // native text taken when the source has none
    std::optional<std::string> constant;      // `value:`: native text
    Variable variable = Variable::none;       // `value: $today`
    bool keep_empty = false;                  // outward: write the element though there is no value
    schemas::NodeKind node_kind =
        schemas::NodeKind::element;  // outward: what the field becomes in JSON and rows
    std::vector<std::string>
        as_of;  // date within the current group that selects code rows; empty: the context's
    std::optional<schemas::Severity>
        malformed;  // instead of `return`, for a field that the record can do without
    Condition when;
    int line = 0;  // in the mapping file

    std::vector<Step> fields;  // of a group or each
};

class Plan {
public:
    [[nodiscard]] const std::string& mapping() const {
        return mapping_;
    }  // "610100.housing-fund/certificate"
    [[nodiscard]] const std::string& version() const {
        return version_;
    }  // "610100.housing-fund/certificate@1"
    [[nodiscard]] Direction direction() const { return direction_; }
    [[nodiscard]] const std::string& native_schema() const {
        return native_;
    }  // "610100.housing-fund/certificate@1"
    [[nodiscard]] const std::string& canonical_type() const { return type_->id(); }
    [[nodiscard]] const schemas::CanonicalType& type() const { return *type_; }
    [[nodiscard]] Date valid_from() const { return valid_from_; }
    [[nodiscard]] std::optional<Date> valid_to() const { return valid_to_; }
    [[nodiscard]] bool lossless() const { return lossless_; }
    [[nodiscard]] schemas::Format format() const { return format_; }
    [[nodiscard]] const NativeStep& root() const {
        return root_;
    }  // of what an outward plan writes
    [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

private:
    friend class PlanCompiler;  // mapping/internal/plan_compiler.h
    std::string mapping_;
    std::string version_;
    Direction direction_ = Direction::in;
    std::string native_;
    const schemas::CanonicalType* type_ = nullptr;
    Date valid_from_;
    std::optional<Date> valid_to_;
    bool lossless_ = false;
    schemas::Format format_ = schemas::Format::xml;
    NativeStep root_;
    std::vector<Step> steps_;
};

}  // namespace tongban::mapping
