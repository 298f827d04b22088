// CanonicalType: the one typed form in the middle, as
// schemas/canonical/<area>/<name>.v<version>.yaml states it.
//
// Money is int64 fen, dates are ISO, codes are from the national list, a share is a reduced
// fraction. A group or a list's item may `include` another type at a version; the fields are copied
// in when the types are loaded, so that a reader of CanonicalType never follows a reference.
// Grammar: docs/formats/canonical-type.md.
//
// Threads: immutable after load; safe from any thread.
// Faults:  ConfigError when a file is wrong (every fault, with its line); findings for a record
// that breaks its type.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/finding.h"
#include "schemas/value.h"

namespace tongban::schemas {

enum class FieldKind {
    text,
    code,
    identifier,
    money,
    decimal,
    share,
    date,
    period,
    timestamp,
    boolean,
    group,
    list
};
enum class Sensitivity { public_, personal, sensitive };

std::string_view name_of(FieldKind kind);
std::string_view name_of(Sensitivity sensitivity);  // "public" "personal" "sensitive"

struct FieldType {
    std::string name;
    FieldKind kind = FieldKind::text;
    std::string list;        // code: the code list's name, "id-type"
    std::string identifier;  // identifier: its kind, "identity" "uscc" "real-estate-unit"
                             // "fund-account" "bank-card"
    std::int32_t scale = 0;  // decimal: digits after the point
    std::size_t max = 0;     // text, identifier: code points; 0: no limit
    bool required = false;
    Sensitivity sensitivity = Sensitivity::public_;
    std::string zh;
    std::string en;
    std::vector<FieldType> fields;  // group: its fields; list: the fields of one item

    [[nodiscard]] const FieldType* find(std::string_view field) const;
};

class CanonicalType {
public:
    [[nodiscard]] const std::string& id() const {
        return id_;
    }  // "housing-fund/contribution-certificate@1"
    [[nodiscard]] const std::string& source() const { return source_; }
    [[nodiscard]] const std::string& zh() const { return zh_; }
    [[nodiscard]] const std::string& en() const { return en_; }
    [[nodiscard]] const std::vector<FieldType>& fields() const { return fields_; }

    // "account.number", "ledger.amount", "ledger[3].amount": null when the type has no such field.
    [[nodiscard]] const FieldType* at_path(std::string_view path) const;
    // Every scalar's path, lists without index: "ledger.amount", in the type's order.
    [[nodiscard]] std::vector<std::string> leaf_paths() const;

    // All that is wrong with a record: a field of another kind, missing, too long, unknown.
    // Codes "type.required.missing", "type.kind", "type.text.long", "type.field.unknown".
    [[nodiscard]] std::vector<Finding> check(const Group& record) const;
    // The record's fields in the type's order, at every depth.
    void order(Group& record) const;

private:
    friend class CanonicalTypes;
    CanonicalType() = default;
    std::string id_;
    std::string source_;
    std::string zh_;
    std::string en_;
    std::vector<FieldType> fields_;
};

// All types below a folder, includes expanded.
class CanonicalTypes {
public:
    static CanonicalTypes load(const std::string& folder);
    [[nodiscard]] const CanonicalType* find(std::string_view id) const;
    [[nodiscard]] std::vector<std::string> ids() const;
    // "type:<id>" -> hex SHA-256 of its file.
    [[nodiscard]] const std::map<std::string, std::string>& versions() const { return versions_; }

private:
    std::map<std::string, std::shared_ptr<const CanonicalType>, std::less<>> types_;
    std::map<std::string, std::string> versions_;
};

}  // namespace tongban::schemas
