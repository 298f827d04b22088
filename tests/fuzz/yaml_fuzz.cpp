// Any text is a tree or a ConfigError; no crash, no endless recursion, and every read notes its
// faults.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/json.h"
#include "base/yaml.h"

namespace {

void walk(const tongban::YamlValue& value) {
    if (value.is_map())
        for (const auto& [key, inner] : value.open_map().entries())
            walk(inner);
    else if (value.is_list())
        for (const auto& inner : value.list())
            walk(inner);
    else
        (void)value.text();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        const YamlFile file = YamlFile::from_text(text, "fuzz.yaml");
        walk(file.root());
        const YamlMap map = file.root().open_map();
        (void)map.integer("id");
        (void)map.date("from");
        (void)map.texts_if("list");
        TONGBAN_CHECK(parse_json(file.root().dump_json()).ok(), "fuzz.yaml_json");
        file.check();
    } catch (const ConfigError& error) {
        TONGBAN_CHECK(!error.faults().empty(), "fuzz.yaml_faults");
    }
    return 0;
}
