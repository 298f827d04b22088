// Engine: one immutable snapshot of all that converts and judges records; the hub and the
// connectors hold the same.
//
// A request takes one snapshot at its start and keeps it to its end; a reload builds a new one,
// checks it whole, and only then is it swapped in.
//
// Threads: immutable; safe from any thread.
// Faults:  ConfigError from load_engine.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "mapping/library.h"
#include "schemas/catalogue.h"

namespace tongban::mapping {

class RuleLibrary;  // mapping/rule_set.h

// Changes whenever the same bytes and files could give other bytes or findings (invariant I7).
inline constexpr int engine_semantics = 1;

struct Engine {
    std::shared_ptr<const schemas::Catalogue> catalogue;
    std::shared_ptr<const Library> library;
    std::shared_ptr<const RuleLibrary> rules;

    // Artefact id -> hex SHA-256 of its file: types, codes, crosswalks, native schemas, mappings,
    // rules; and "engine" -> engine_semantics.
    [[nodiscard]] std::map<std::string, std::string> versions() const;
};

// `root` holds schemas/ and mapping/.
std::shared_ptr<const Engine> load_engine(const std::string& root);

}  // namespace tongban::mapping
