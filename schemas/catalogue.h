// Catalogue: everything that says what records look like (native schemas, canonical types, code
// lists), loaded and checked as one immutable snapshot, with the digest of every file so that a
// leaf can say what a record was read by.
//
// Threads: immutable; safe from any thread.
// Faults:  ConfigError from load, with every fault of every file.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/canonical_type.h"
#include "schemas/code_list.h"

namespace tongban::schemas {

class NativeSchema;

class Catalogue {
public:
    // schemas_root holds canonical/, codes/ and native/<member>/<name>/v<version>/.
    static std::shared_ptr<const Catalogue> load(const std::string& schemas_root);

    [[nodiscard]] const NativeSchema* native(std::string_view id) const;  // null: none
    [[nodiscard]] std::vector<std::string> native_ids() const;
    // A name stands somewhere in the native schema's files: an element, attribute, member or
    // column. For mappings, whose misspelt paths would otherwise only be absent.
    [[nodiscard]] bool native_knows(std::string_view id, std::string_view name) const;
    [[nodiscard]] const CanonicalType* type(std::string_view id) const;  // null: none
    [[nodiscard]] std::vector<std::string> type_ids() const { return types_.ids(); }
    [[nodiscard]] const CodeLists& codes() const { return codes_; }
    // Artefact id ("type:...", "codes:...", "crosswalk:...", "native:...") -> hex SHA-256 of its
    // file or folder.
    [[nodiscard]] const std::map<std::string, std::string>& versions() const { return versions_; }

private:
    Catalogue() = default;
    CanonicalTypes types_;
    CodeLists codes_;
    std::map<std::string, std::shared_ptr<const NativeSchema>, std::less<>> natives_;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> native_names_;
    std::map<std::string, std::string> versions_;
};

}  // namespace tongban::schemas
