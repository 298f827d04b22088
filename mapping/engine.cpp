#include "mapping/engine.h"

#include "mapping/rule_set.h"

namespace tongban::mapping {

std::map<std::string, std::string> Engine::versions() const {
    std::map<std::string, std::string> all = catalogue->versions();
    all.insert(library->versions().begin(), library->versions().end());
    for (const auto& [id, digest] : rules->versions())
        all["rule:" + id] = digest;
    all["engine"] = std::to_string(engine_semantics);
    return all;
}

std::shared_ptr<const Engine> load_engine(const std::string& root) {
    auto engine = std::make_shared<Engine>();
    engine->catalogue = schemas::Catalogue::load(root + "/schemas");
    engine->library = Library::load(root + "/mapping", engine->catalogue);
    engine->rules = RuleLibrary::load(root + "/mapping", *engine->catalogue);
    return engine;
}

}  // namespace tongban::mapping
