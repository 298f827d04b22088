// Export: the log as a C2SP tlog-tiles directory: tiles, entry bundles, checkpoint, log.vkey.
//
// What tessera fsck, torchwood and tests/tools/verify_log.py read. It holds the newest checkpoint
// that the store has, with its cosignatures, and exactly the tiles that this checkpoint implies.
// The checkpoint is written last.
//
// Threads: one thread; the store may be in use.
// Faults:  not_found (no checkpoint), unavailable (files, store), internal (the store lacks a tile
// or leaf).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "hub/store/store.h"

namespace tongban::audit {

struct ExportReport {
    std::uint64_t size = 0;
    std::size_t tiles = 0;
    std::size_t bundles = 0;
};

Result<ExportReport> export_log(store::Store& store,
                                const std::string& log_vkey,
                                const std::string& folder);

// "tile/<L>/<N>[.p/<W>]", L "entries" or a level; a width of 256 is a full tile.
std::string tile_path(const std::string& level, std::uint64_t index, std::size_t width);

}  // namespace tongban::audit
