// Any text as a mapping file over the tree's own schemas: a mapping, or a ConfigError; nothing
// else.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/xml.h"
#include "base/yaml.h"
#include "mapping/mapping_file.h"
#include "schemas/catalogue.h"
#include "schemas/native_schema.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    static const std::shared_ptr<const schemas::Catalogue> catalogue = [] {
        prepare_xml();
        return schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
    }();
    try {
        YamlFile file = YamlFile::from_text(std::string(reinterpret_cast<const char*>(data), size),
                                            "fuzz.yaml");
        (void)mapping::read_mapping(file, *catalogue);
        file.check();
    } catch (const ConfigError&) {
        // The only way out that a bad file has.
    }
    return 0;
}
