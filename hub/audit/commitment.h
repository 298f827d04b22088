// Commitment: a salted hash that binds the hub to a value without telling it.
//
//   c = SHA-256("hub/commit/v1" ‖ 0x00 ‖ u16 length ‖ path ‖ salt[32] ‖ u32 length ‖ value),
//   lengths big-endian
//
// The commitments of a record, sorted by their bytes, are the leaves of a small RFC 6962 tree; its
// root goes into the leaf of the log, so that one value can be opened with log2(n) hashes and
// without the others.
//
// Threads: pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace tongban::audit {

Digest commitment(std::string_view path, std::string_view salt32, std::string_view value);
Digest commitment_root(std::vector<Digest> commitments);  // any order; none: the empty tree's root

}  // namespace tongban::audit
