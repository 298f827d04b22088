#include "tests/fault/power_cut_vfs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <stdexcept>
#include <vector>

#include <sqlite3.h>

namespace tongban::fault {
namespace {

constexpr std::size_t sector = 512;

struct Change {
    enum class Kind { write, truncate };
    Kind kind;
    std::size_t at;     // of truncate: the size
    std::string bytes;  // of write: within one sector
};

struct File {
    std::string durable;
    bool durably_there = false;
    std::vector<Change> pending;
    bool removed = false;  // without a sync of the folder: `before` may come back
    std::string before;
};

std::string bytes_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void apply(std::string& image, const Change& change) {
    if (change.kind == Change::Kind::truncate) {
        image.resize(std::min(image.size(), change.at));
        return;
    }
    if (image.size() < change.at + change.bytes.size())
        image.resize(change.at + change.bytes.size(), '\0');
    image.replace(change.at, change.bytes.size(), change.bytes);
}

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    bool roll(double probability) { return draw_(engine_) < probability; }
    template <typename List>
    void shuffle(List& list) {
        std::shuffle(list.begin(), list.end(), engine_);
    }
    double one_of(const std::vector<double>& choices) {
        return choices[engine_() % choices.size()];
    }

private:
    std::mt19937_64 engine_;
    std::uniform_real_distribution<double> draw_{0.0, 1.0};
};

// All, none, or some of what was not synced; some of it in another order.
std::string survivor(const File& file, Dice& dice) {
    std::string image = file.durable;
    const double kept = dice.one_of({0.0, 0.1, 0.5, 0.9, 1.0});
    const double late = dice.one_of({0.0, 0.0, 0.3});
    std::vector<const Change*> reordered;
    for (const Change& change : file.pending) {
        if (!dice.roll(kept)) continue;
        if (change.kind == Change::Kind::write && dice.roll(late))
            reordered.push_back(&change);
        else
            apply(image, change);
    }
    dice.shuffle(reordered);
    for (const Change* change : reordered)
        apply(image, *change);
    return image;
}

}  // namespace

struct PowerCutDisk::State {
    sqlite3_vfs* real = nullptr;
    sqlite3_vfs own{};
    std::mutex mutex;
    std::map<std::string, File> files;  // nodes stay where they are
    std::uint64_t seed = 0;
    std::uint64_t cut_at = 0;  // 0: not listening
    std::uint64_t operations = 0;
    bool cut = false;

    // True when the disk still has power for this operation.
    bool tick() {
        if (cut_at == 0 || cut) return false;
        ++operations;
        if (operations >= cut_at) cut = true;
        return !cut;
    }
    File& opened(const std::string& path) {
        const auto [place, is_new] = files.try_emplace(path);
        if (is_new && std::filesystem::exists(path)) {
            place->second.durable = bytes_of_file(path);
            place->second.durably_there = true;
        }
        return place->second;
    }
    void write(File& file, std::size_t at, const char* bytes, std::size_t size) {
        const std::lock_guard lock(mutex);
        if (!tick()) return;
        while (size > 0) {
            const std::size_t part = std::min(size, sector - at % sector);
            file.pending.push_back({Change::Kind::write, at, std::string(bytes, part)});
            at += part;
            bytes += part;
            size -= part;
        }
    }
    void truncate(File& file, std::size_t size) {
        const std::lock_guard lock(mutex);
        if (tick()) file.pending.push_back({Change::Kind::truncate, size, {}});
    }
    void sync(File& file) {
        const std::lock_guard lock(mutex);
        if (!tick()) return;
        for (const Change& change : file.pending)
            apply(file.durable, change);
        file.pending.clear();
        if (!file.durably_there) sync_folder();
        file.durably_there = true;
    }
    // A new file's first sync makes its name durable, and with it every removal beside it.
    void sync_folder() {
        for (auto& [path, file] : files) {
            file.removed = false;
            file.before.clear();
        }
    }
    void remove(const std::string& path, bool sync_too) {
        const std::lock_guard lock(mutex);
        if (!tick()) return;
        File& file = opened(path);
        if (file.durably_there) file.before = file.durable;
        file.removed = file.durably_there;
        file.durable.clear();
        file.pending.clear();
        file.durably_there = false;
        if (sync_too) sync_folder();
    }
};

namespace {

PowerCutDisk::State* disk = nullptr;  // of install()

struct Handle {
    sqlite3_file base;
    File* file;  // null: a temporary file, of no interest
};

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(Handle));
}
Handle& handle_of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file);
}
const sqlite3_io_methods& methods_of(sqlite3_file* file) {
    return *real_of(file)->pMethods;
}

int on_close(sqlite3_file* file) {
    return methods_of(file).xClose(real_of(file));
}
int on_read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
    return methods_of(file).xRead(real_of(file), into, size, at);
}
int on_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    if (handle_of(file).file != nullptr)
        disk->write(*handle_of(file).file,
                    static_cast<std::size_t>(at),
                    static_cast<const char*>(bytes),
                    static_cast<std::size_t>(size));
    return methods_of(file).xWrite(real_of(file), bytes, size, at);
}
int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (handle_of(file).file != nullptr)
        disk->truncate(*handle_of(file).file, static_cast<std::size_t>(size));
    return methods_of(file).xTruncate(real_of(file), size);
}
// The real disk need not be bothered: its power stays on.
int on_sync(sqlite3_file* file, int /*flags*/) {
    if (handle_of(file).file != nullptr) disk->sync(*handle_of(file).file);
    return SQLITE_OK;
}
int on_file_size(sqlite3_file* file, sqlite3_int64* size) {
    return methods_of(file).xFileSize(real_of(file), size);
}
int on_lock(sqlite3_file* file, int level) {
    return methods_of(file).xLock(real_of(file), level);
}
int on_unlock(sqlite3_file* file, int level) {
    return methods_of(file).xUnlock(real_of(file), level);
}
int on_check_reserved(sqlite3_file* file, int* reserved) {
    return methods_of(file).xCheckReservedLock(real_of(file), reserved);
}
// Size hints and chunks would change files behind the disk's back.
int on_control(sqlite3_file* file, int operation, void* argument) {
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK;
    return methods_of(file).xFileControl(real_of(file), operation, argument);
}
int on_sector_size(sqlite3_file* /*file*/) {
    return static_cast<int>(sector);
}
int on_characteristics(sqlite3_file* /*file*/) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}
int on_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return methods_of(file).xShmMap(real_of(file), page, size, extend, memory);
}
int on_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return methods_of(file).xShmLock(real_of(file), offset, count, flags);
}
void on_shm_barrier(sqlite3_file* file) {
    methods_of(file).xShmBarrier(real_of(file));
}
int on_shm_unmap(sqlite3_file* file, int remove) {
    return methods_of(file).xShmUnmap(real_of(file), remove);
}

// Version 2: shared memory, no memory-mapped pages.
const sqlite3_io_methods methods{2,
                                 on_close,
                                 on_read,
                                 on_write,
                                 on_truncate,
                                 on_sync,
                                 on_file_size,
                                 on_lock,
                                 on_unlock,
                                 on_check_reserved,
                                 on_control,
                                 on_sector_size,
                                 on_characteristics,
                                 on_shm_map,
                                 on_shm_lock,
                                 on_shm_barrier,
                                 on_shm_unmap,
                                 nullptr,
                                 nullptr};

int on_open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* given) {
    auto* const handle = new (file) Handle{};
    if (name != nullptr) {
        const std::lock_guard lock(disk->mutex);
        handle->file = &disk->opened(name);
    }
    const int code = disk->real->xOpen(disk->real, name, real_of(file), flags, given);
    handle->base.pMethods = real_of(file)->pMethods != nullptr ? &methods : nullptr;
    return code;
}

int on_delete(sqlite3_vfs* /*vfs*/, const char* name, int sync_folder) {
    const int code = disk->real->xDelete(disk->real, name, 0);
    if (code == SQLITE_OK) disk->remove(name, sync_folder != 0);
    return code;
}

}  // namespace

PowerCutDisk::PowerCutDisk() : state_(std::make_unique<State>()) {
    disk = state_.get();
    state_->real = sqlite3_vfs_find(nullptr);
    state_->own = *state_->real;  // all that names no file, as it is there
    state_->own.zName = "power-cut";
    state_->own.szOsFile = static_cast<int>(sizeof(Handle)) + state_->real->szOsFile;
    state_->own.pNext = nullptr;
    state_->own.xOpen = on_open;
    state_->own.xDelete = on_delete;
    if (sqlite3_vfs_register(&state_->own, 1) != SQLITE_OK)
        throw std::runtime_error("SQLite does not take the file system");
}

PowerCutDisk& PowerCutDisk::install() {
    static PowerCutDisk only;
    return only;
}

void PowerCutDisk::begin(std::uint64_t seed, std::uint64_t cut_at) {
    const std::lock_guard lock(state_->mutex);
    state_->files.clear();
    state_->seed = seed;
    state_->cut_at = cut_at;
    state_->operations = 0;
    state_->cut = false;
}

void PowerCutDisk::cut() {
    const std::lock_guard lock(state_->mutex);
    state_->cut = true;
}

bool PowerCutDisk::is_cut() const {
    const std::lock_guard lock(state_->mutex);
    return state_->cut;
}

std::uint64_t PowerCutDisk::operations() const {
    const std::lock_guard lock(state_->mutex);
    return state_->operations;
}

void PowerCutDisk::leave(const std::string& from, const std::string& to) {
    const std::lock_guard lock(state_->mutex);
    Dice dice(state_->seed);
    for (const auto& [path, file] : state_->files) {
        const std::filesystem::path name(path);
        if (name.parent_path() != from) continue;
        std::string image;
        if (file.removed && dice.roll(0.5))
            image = file.before;
        else if (file.durably_there || (!file.pending.empty() && dice.roll(0.5)))
            image = survivor(file, dice);
        else
            continue;
        std::ofstream out(std::filesystem::path(to) / name.filename(), std::ios::binary);
        out.write(image.data(), static_cast<std::streamsize>(image.size()));
        if (!out.flush()) throw std::runtime_error("cannot write what survived");
    }
}

}  // namespace tongban::fault
