#include "hub/audit/commitment.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/merkle.h"

namespace tongban::audit {

Digest commitment(std::string_view path, std::string_view salt32, std::string_view value) {
    TONGBAN_CHECK(path.size() <= 0xFFFF && salt32.size() == 32 && value.size() <= 0xFFFFFFFF,
                  "audit.commitment_size");
    std::string bytes = "hub/commit/v1";
    bytes += '\0';
    for (const int shift : {8, 0})
        bytes += static_cast<char>((path.size() >> shift) & 0xFF);
    bytes += path;
    bytes += salt32;
    for (const int shift : {24, 16, 8, 0})
        bytes += static_cast<char>((value.size() >> shift) & 0xFF);
    return Sha256().add(bytes).add(value).finish();
}

Digest commitment_root(std::vector<Digest> commitments) {
    std::sort(commitments.begin(), commitments.end());
    MerkleFrontier tree;
    for (const Digest& one : commitments)
        tree.append(merkle_leaf(bytes_of(one)));
    return tree.root();
}

}  // namespace tongban::audit
