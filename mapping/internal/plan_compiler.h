// PlanCompiler: the steps of a mapping file, one direction at a time, resolved against both
// schemas.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "mapping/internal/native_path.h"
#include "mapping/plan.h"
#include "schemas/catalogue.h"

namespace tongban::mapping {

struct PlanHead {  // what both plans of a file share
    std::string mapping;
    std::string version;
    std::string native;
    const schemas::NativeSchema* schema = nullptr;
    const schemas::CanonicalType* type = nullptr;
    Date valid_from;
    std::optional<Date> valid_to;
    bool lossless = false;
    Namespaces namespaces;
    std::vector<Normaliser> clean;  // of every text field without its own
    std::map<std::string, std::vector<YamlValue>, std::less<>>
        blocks;  // steps that groups share by `use`
};

class PlanCompiler {
public:
    PlanCompiler(const schemas::Catalogue& catalogue, const PlanHead& head, Direction direction);
    // Steps of `both:` and of `in:` or `out:`, in that order. Faults are noted in the values.
    Plan compile(const std::vector<YamlValue>& steps);
    [[nodiscard]] bool any_step() const { return any_; }

private:
    struct Scope {  // a canonical group: of the record, of a field, or of a list's items
        const std::vector<schemas::FieldType>* fields = nullptr;
        std::string path;  // "" or "ledger."
    };

    std::vector<Step> compile_list(const std::vector<YamlValue>& values, const Scope& scope);
    std::optional<Step> compile_step(const YamlValue& value, const Scope& scope);
    void compile_field(const YamlMap& map, const Scope& scope, Step& step);
    void compile_nested(const YamlMap& map, const Scope& scope, Step& step, std::string_view key);
    void read_value(const YamlMap& map, Step& step);
    void read_codec(const YamlMap& map, Step& step);
    void read_options(const YamlMap& map, Step& step);
    Condition read_condition(const YamlMap& map, const Scope& scope);
    NativePath read_native(const YamlValue& value, std::string_view text);
    const schemas::FieldType* resolve(const YamlValue& value,
                                      std::string_view text,
                                      const Scope& scope,
                                      Step& step);
    void check_written(const YamlValue& at,
                       const std::vector<schemas::FieldType>& fields,
                       const std::string& path);

    const schemas::Catalogue& catalogue_;
    const PlanHead& head_;
    Direction direction_;
    bool any_ = false;
    int depth_ = 0;                  // a block may use a block, but not itself
    std::set<std::string> written_;  // canonical paths, groups and lists among them
};

}  // namespace tongban::mapping
