#include "hub/audit/export.h"

#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "hub/audit/internal/tiles.h"

namespace tongban::audit {
namespace {

Result<Done> write(const std::string& folder, const std::string& path, const std::string& bytes) {
    const std::filesystem::path target = std::filesystem::path(folder) / path;
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    std::ofstream file(target, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (error || !file)
        return Fault{FaultKind::unavailable, target.string(), "cannot write the file"};
    return Done{};
}

Result<std::size_t> write_tiles(store::Store& store,
                                std::uint64_t size,
                                const std::string& folder) {
    std::size_t count = 0;
    for (std::uint32_t level = 0; width_of_tile(size, level, 0) > 0; ++level)
        for (std::uint64_t index = 0; width_of_tile(size, level, index) > 0; ++index) {
            const std::size_t width = width_of_tile(size, level, index);
            const auto row = store.log_tile(level, index);
            if (!row) return row.fault();
            if (!*row || (*row)->hashes.size() < width * 32)
                return Fault{FaultKind::internal, "log_tile", "a tile is missing or too narrow"};
            const auto done = write(folder,
                                    tile_path(std::to_string(level), index, width),
                                    (*row)->hashes.substr(0, width * 32));
            if (!done) return done.fault();
            ++count;
        }
    return count;
}

Result<std::size_t> write_bundles(store::Store& store,
                                  std::uint64_t size,
                                  const std::string& folder) {
    std::size_t count = 0;
    for (std::uint64_t index = 0; width_of_tile(size, 0, index) > 0; ++index) {
        const std::size_t width = width_of_tile(size, 0, index);
        const auto rows = store.log_entries(index * tile_width, width);
        if (!rows) return rows.fault();
        if (rows->size() != width)
            return Fault{FaultKind::internal, "log_entry", "a leaf is missing"};
        std::string bundle;
        for (const store::LogEntryRow& row : *rows) {
            bundle += static_cast<char>((row.leaf.size() >> 8) & 0xFF);
            bundle += static_cast<char>(row.leaf.size() & 0xFF);
            bundle += row.leaf;
        }
        const auto done = write(folder, tile_path("entries", index, width), bundle);
        if (!done) return done.fault();
        ++count;
    }
    return count;
}

}  // namespace

std::string tile_path(const std::string& level, std::uint64_t index, std::size_t width) {
    std::string digits = std::to_string(index);
    digits.insert(0, (3 - digits.size() % 3) % 3, '0');
    std::string number;
    for (std::size_t at = 0; at < digits.size(); at += 3)
        number += (at + 3 < digits.size() ? "x" : "") + digits.substr(at, 3) +
                  (at + 3 < digits.size() ? "/" : "");
    return "tile/" + level + "/" + number +
           (width < tile_width ? ".p/" + std::to_string(width) : "");
}

Result<ExportReport> export_log(store::Store& store,
                                const std::string& log_vkey,
                                const std::string& folder) {
    const auto checkpoint = store.last_checkpoint();
    if (!checkpoint) return checkpoint.fault();
    if (!*checkpoint) return Fault{FaultKind::not_found, "log_checkpoint", "nothing is signed yet"};
    const std::uint64_t size = (*checkpoint)->size;
    const auto cosignatures = store.cosignatures(size);
    if (!cosignatures) return cosignatures.fault();
    const auto made = make_folders(folder);
    if (!made) return made.fault();
    const auto tiles = write_tiles(store, size, folder);
    if (!tiles) return tiles.fault();
    const auto bundles = write_bundles(store, size, folder);
    if (!bundles) return bundles.fault();
    const auto vkey = write(folder, "log.vkey", log_vkey + "\n");
    if (!vkey) return vkey.fault();
    std::string note = (*checkpoint)->note;
    for (const store::CosignatureRow& row : *cosignatures)
        note += row.line;
    const auto last = write_file_durably(folder + "/checkpoint", note);
    if (!last) return last.fault();
    return ExportReport{size, *tiles, *bundles};
}

}  // namespace tongban::audit
