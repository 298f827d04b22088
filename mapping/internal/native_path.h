// NativePath, read from a mapping file and followed through a native tree.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mapping/plan.h"
#include "schemas/node.h"

namespace tongban::mapping {

using Namespaces =
    std::map<std::string, std::string, std::less<>>;  // prefix ("default": none) -> URI

// "soap:Body/hf:Row[@QSZT=1]/@QLBL"; "." is the node itself. Fault.reason says what is wrong.
Result<NativePath> parse_native_path(std::string_view text, const Namespaces& namespaces);

// A node of a tree with the path that leads to it.
struct Located {
    const schemas::Node* node = nullptr;
    std::string path;
};

// The first node that every stride but the attribute leads to.
Located follow(const Located& from, const std::vector<NativeStep>& steps, schemas::Format format);
// All nodes that the last stride leads to, below the first that the others lead to; none when the
// way ends before.
struct Siblings {
    bool parent_found = false;
    std::vector<Located> nodes;
};
Siblings follow_all(const Located& from,
                    const std::vector<NativeStep>& steps,
                    schemas::Format format);

// The text that a path leads to: of an attribute, or of an element; null JSON and SQL values are
// absent.
struct NativeText {
    bool found = false;
    std::string text;
    schemas::Place place;
};
NativeText text_at(const Located& from, const NativePath& path, schemas::Format format);

// The node that `steps` lead to below `target`, created stride by stride where it is not there yet.
schemas::Node& ensure(schemas::Node& target,
                      std::span<const NativeStep> steps,
                      schemas::Format format);
schemas::Node* find_existing(schemas::Node& target, std::span<const NativeStep> steps);

}  // namespace tongban::mapping
