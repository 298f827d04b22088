#include "schemas/catalogue.h"

#include <utility>

#include "base/crypto.h"
#include "base/files.h"
#include "base/yaml.h"
#include "schemas/native_schema.h"

namespace tongban::schemas {
namespace {

using Names = std::set<std::string, std::less<>>;

// Between the quotes that follow `before`, wherever it stands; reads XSD declarations and JSON
// Schema members alike.
void add_quoted(std::string_view text, std::string_view before, Names& names) {
    for (std::size_t at = text.find(before); at != std::string_view::npos;
         at = text.find(before, at)) {
        at += before.size();
        const std::size_t end = text.find('"', at);
        if (end == std::string_view::npos) return;
        names.emplace(text.substr(at, end - at));
        at = end + 1;
    }
}

Names names_in_folder(const std::string& folder, const NativeSchema& schema) {
    Names names(schema.columns().begin(), schema.columns().end());
    if (schema.format() == Format::xml) names.insert(schema.root().name);
    if (schema.format() == Format::rows) names.insert("row");
    for (const std::string& path : files_below(folder, "")) {
        const Result<std::string> bytes = read_file(path);
        if (!bytes.ok()) continue;
        if (path.ends_with(".xsd")) add_quoted(*bytes, "name=\"", names);
        if (path.ends_with(".json")) add_quoted(*bytes, "\"", names);
    }
    return names;
}

// A native schema is a folder: the digest is over its files' names and digests, so that a change to
// an included XSD shows.
std::string digest_of_folder(const std::string& folder) {
    std::string lines;
    for (const std::string& path : files_below(folder, "")) {
        const Result<std::string> bytes = read_file(path);
        if (!bytes.ok()) throw ConfigError({{path, 0, 0, bytes.fault().reason}});
        lines += path.substr(folder.size()) + " " + hex(sha256(*bytes)) + "\n";
    }
    return hex(sha256(lines));
}

}  // namespace

std::shared_ptr<const Catalogue> Catalogue::load(const std::string& schemas_root) {
    auto catalogue = std::shared_ptr<Catalogue>(new Catalogue());
    std::vector<ConfigFault> faults;
    const auto collect = [&faults](const auto& work) {
        try {
            work();
        } catch (const ConfigError& error) {
            faults.insert(faults.end(), error.faults().begin(), error.faults().end());
        }
    };
    collect([&] { catalogue->types_ = CanonicalTypes::load(schemas_root + "/canonical"); });
    collect([&] { catalogue->codes_ = CodeLists::load(schemas_root + "/codes"); });
    for (const std::string& path : files_below(schemas_root + "/native", "schema.yaml")) {
        collect([&] {
            const std::string folder = path.substr(0, path.rfind('/'));
            std::shared_ptr<const NativeSchema> native = NativeSchema::load(folder);
            const std::string id = native->id();
            catalogue->versions_["native:" + id] = digest_of_folder(folder);
            catalogue->native_names_[id] = names_in_folder(folder, *native);
            if (!catalogue->natives_.emplace(id, std::move(native)).second) {
                throw ConfigError({{path, 1, 1, "a second folder states native schema " + id}});
            }
        });
    }
    if (!faults.empty()) throw ConfigError(std::move(faults));
    catalogue->versions_.insert(catalogue->types_.versions().begin(),
                                catalogue->types_.versions().end());
    catalogue->versions_.insert(catalogue->codes_.versions().begin(),
                                catalogue->codes_.versions().end());
    return catalogue;
}

const NativeSchema* Catalogue::native(std::string_view id) const {
    const auto found = natives_.find(id);
    return found == natives_.end() ? nullptr : found->second.get();
}

const CanonicalType* Catalogue::type(std::string_view id) const {
    return types_.find(id);
}

bool Catalogue::native_knows(std::string_view id, std::string_view name) const {
    const auto found = native_names_.find(id);
    return found != native_names_.end() && found->second.contains(name);
}

std::vector<std::string> Catalogue::native_ids() const {
    std::vector<std::string> ids;
    ids.reserve(natives_.size());
    for (const auto& [id, schema] : natives_)
        ids.push_back(id);
    return ids;
}

}  // namespace tongban::schemas
