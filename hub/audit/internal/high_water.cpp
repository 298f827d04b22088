#include "hub/audit/internal/high_water.h"

#include <filesystem>
#include <string_view>
#include <system_error>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failpoint.h"

namespace tongban::audit {
namespace {

// Slot: magic(8) generation(8) size(8) root(32) origin hash(32) checksum(32), numbers big-endian.
constexpr std::string_view magic = "tbmark/1";
constexpr std::size_t slot_bytes = 120;
constexpr off_t slot_distance = 4096;

std::string number(std::uint64_t value) {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>((value >> (56 - 8 * i)) & 0xFF);
    return bytes;
}

std::uint64_t number_of(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

Fault io_fault(const std::string& path, std::string_view doing) {
    return Fault{FaultKind::unavailable,
                 path,
                 std::string(doing) + ": " + std::generic_category().message(errno)};
}

}  // namespace

HighWater::HighWater(int descriptor, std::string path, Digest origin)
    : descriptor_(descriptor), path_(std::move(path)), origin_(origin) {}

HighWater::~HighWater() {
    ::close(descriptor_);
}

Result<std::unique_ptr<HighWater>> HighWater::open(const std::string& path,
                                                   const std::string& origin) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return io_fault(path, "cannot open the high-water mark");
    std::unique_ptr<HighWater> mark(new HighWater(descriptor, path, sha256(origin)));
    const auto read = mark->read();
    if (!read) return read.fault();
    return mark;
}

Result<Done> HighWater::read() {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0)
        return io_fault(path_, "cannot read the high-water mark");
    if (status.st_size == 0) {
        // The folder's entry must survive, or a crash could lose the mark and with it the guard.
        const std::string parent = std::filesystem::path(path_).parent_path().string();
        const int folder =
            ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const bool synced = folder >= 0 && ::fsync(folder) == 0;
        if (folder >= 0) ::close(folder);
        if (!synced) return io_fault(path_, "cannot sync the high-water mark's folder");
        return Done{};
    }
    for (int slot = 0; slot < 2; ++slot) {
        std::string bytes(slot_bytes, '\0');
        if (::pread(descriptor_, bytes.data(), slot_bytes, slot * slot_distance) !=
            static_cast<ssize_t>(slot_bytes))
            continue;
        const std::string_view view = bytes;
        if (view.substr(0, 8) != magic || bytes_of(sha256(view.substr(0, 88))) != view.substr(88))
            continue;
        if (view.substr(56, 32) != bytes_of(origin_))
            return Fault{FaultKind::malformed, path_, "the high-water mark is of another log"};
        const std::uint64_t generation = number_of(view.substr(8, 8));
        if (mark_ && generation < generation_) continue;
        generation_ = generation;
        mark_ = TreeHead{number_of(view.substr(16, 8)), *digest_from(view.substr(24, 32))};
    }
    if (!mark_) return Fault{FaultKind::malformed, path_, "the high-water mark cannot be read"};
    return Done{};
}

Result<Done> HighWater::raise(const TreeHead& head) {
    if (mark_ &&
        (head.size < mark_->size || (head.size == mark_->size && head.root != mark_->root)))
        return Fault{FaultKind::conflict, path_, "the high-water mark does not go back"};
    std::string bytes(magic);
    bytes += number(generation_ + 1) + number(head.size);
    bytes += bytes_of(head.root);
    bytes += bytes_of(origin_);
    bytes += bytes_of(sha256(bytes));
    const off_t at = static_cast<off_t>((generation_ + 1) % 2) * slot_distance;
    const bool written =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), at) == static_cast<ssize_t>(bytes.size());
    failpoint("log.mark_written");
    if (!written || ::fdatasync(descriptor_) != 0)
        return io_fault(path_, "cannot write the high-water mark");
    ++generation_;
    mark_ = head;
    return Done{};
}

}  // namespace tongban::audit
