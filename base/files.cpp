#include "base/files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tongban {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }
    bool close() {
        if (number_ < 0) return true;
        const int result = ::close(number_);
        number_ = -1;
        return result == 0;
    }

private:
    int number_;
};

Fault system_fault(const std::string& path, std::string_view doing, int error) {
    const FaultKind kind = error == ENOENT || error == ENOTDIR ? FaultKind::not_found
                           : error == EACCES || error == EPERM ? FaultKind::refused
                                                               : FaultKind::unavailable;
    return Fault{kind, path, std::string(doing) + ": " + std::generic_category().message(error)};
}

std::string folder_of(const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

Result<Done> sync_folder(const std::string& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.number() < 0 || ::fsync(descriptor.number()) != 0)
        return system_fault(folder, "cannot sync the folder", errno);
    return Done{};
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) return system_fault(path, "cannot open the file", errno);
    struct stat facts{};
    if (::fstat(file.number(), &facts) != 0)
        return system_fault(path, "cannot read the file", errno);
    if (S_ISDIR(facts.st_mode)) return Fault{FaultKind::malformed, path, "is a folder, not a file"};
    const Fault too_large{
        FaultKind::refused, path, "the file is larger than " + std::to_string(limit) + " bytes"};
    if (S_ISREG(facts.st_mode) && static_cast<std::uint64_t>(facts.st_size) > limit)
        return too_large;
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(facts.st_size));
    std::string block(std::size_t{64} << 10, '\0');
    while (true) {
        const ssize_t count = ::read(file.number(), block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_fault(path, "cannot read the file", errno);
        if (count == 0) return bytes;
        bytes.append(block.data(), static_cast<std::size_t>(count));
        if (bytes.size() > limit) return too_large;  // it grew while being read, or it is a pipe
    }
}

Result<Done> write_file_durably(const std::string& path, std::string_view bytes, Access access) {
    const std::filesystem::path target(path);
    // The leading dot and the random end keep half-written files out of every listing by suffix.
    std::string temporary = folder_of(path) + "/." + target.filename().string() + ".XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.number() < 0)
        return system_fault(path, "cannot create a temporary file beside it", errno);
    const mode_t mode = access == Access::owner_only ? 0600 : 0644;
    const bool written = ::fchmod(file.number(), mode) == 0 && write_all(file.number(), bytes) &&
                         ::fsync(file.number()) == 0 && file.close() &&
                         ::rename(temporary.c_str(), path.c_str()) == 0;
    if (!written) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return system_fault(path, "cannot write the file", error);
    }
    return sync_folder(folder_of(path));
}

Result<Done> remove_durably(const std::string& path) {
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return Done{};
        return system_fault(path, "cannot remove the file", errno);
    }
    return sync_folder(folder_of(path));
}

Result<Done> make_folders(const std::string& path, Access access) {
    const mode_t mode = access == Access::owner_only ? 0700 : 0755;
    std::filesystem::path so_far;
    for (const auto& part : std::filesystem::path(path)) {
        so_far /= part;
        if (part.empty()) continue;
        const std::string folder = so_far.string();
        if (::mkdir(folder.c_str(), mode) == 0) {
            const auto synced = sync_folder(folder_of(folder));
            if (!synced) return synced.fault();
        } else if (const int error = errno; !std::filesystem::is_directory(so_far)) {
            return system_fault(folder, "cannot make the folder", error);
        }
    }
    return Done{};
}

std::vector<std::string> files_below(const std::string& folder, std::string_view suffix) {
    std::vector<std::string> found;
    std::error_code error;
    auto entry = std::filesystem::recursive_directory_iterator(
        folder, std::filesystem::directory_options::skip_permission_denied, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator();
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_regular_file(ignored) && entry->path().filename().string().ends_with(suffix))
            found.push_back(entry->path().string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace tongban
