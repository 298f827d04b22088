#include "connectors/file_drop/drop_box.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/failpoint.h"
#include "base/files.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/text.h"
#include "connectors/native_fields.h"

namespace tongban::connectors {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view mark = "{message_no}";

// A file name with one place for the message number.
struct NamePattern {
    std::string before;
    std::string after;

    [[nodiscard]] std::string name(const std::string& message_no) const {
        return before + message_no + after;
    }
    [[nodiscard]] std::optional<std::string> message_no(const std::string& name) const {
        if (name.size() <= before.size() + after.size() || !name.starts_with(before) ||
            !name.ends_with(after)) {
            return std::nullopt;
        }
        return name.substr(before.size(), name.size() - before.size() - after.size());
    }
};

NamePattern read_pattern(const YamlMap& settings, std::string_view key, std::string_view fallback) {
    const std::string text = settings.text_or(key, fallback);
    const auto at = text.find(mark);
    if (at == std::string::npos || text.find('/') != std::string::npos) {
        settings.at(key).fault("expected a file name that holds {message_no}");
        return {};
    }
    return {text.substr(0, at), text.substr(at + mark.size())};
}

bool is_plain_number(const std::string& message_no) {
    return !message_no.empty() && message_no.size() <= 64 &&
           std::all_of(message_no.begin(), message_no.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_';
           });
}

bool exists(const std::string& path) {
    std::error_code error;
    return fs::exists(path, error);
}

struct Seen {  // a file's looks at one poll
    std::uintmax_t size = 0;
    fs::file_time_type written;
    bool operator==(const Seen&) const = default;
};

std::optional<Seen> look(const std::string& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return std::nullopt;
    const auto written = fs::last_write_time(path, error);
    if (error) return std::nullopt;
    return Seen{size, written};
}

enum class Claim { ours, foreign, replayed };

// Several boxes, and several threads of each, share one pair of folders: whoever looks at what lies
// there and moves it does so alone.
class FolderLock {
public:
    explicit FolderLock(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~FolderLock() {
        if (descriptor_ >= 0) ::close(descriptor_);  // and the lock goes with it
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    const int descriptor_;
};

}  // namespace

struct DropBox::State {
    // Fixed after construction
    std::string in, out, taken, quarantine, asked;
    NamePattern request, answer;
    bool done_files = false;
    std::string done = ".done";
    std::string ends_with;
    std::string message_no_path;
    std::chrono::milliseconds poll{200};
    std::uintmax_t max_answer = 8U << 20;

    Guarded<std::map<std::string, Seen>> seen;  // taken before the folder's lock
    std::atomic<bool> stopped{false};

    Result<Done> make_ready() const;
    Result<Done> put(const std::string& message_no, const std::string& native) const;
    [[nodiscard]] bool whole(const std::string& name,
                             const Seen& now,
                             std::map<std::string, Seen>& before) const;
    [[nodiscard]] Claim claim(const std::string& name, const std::string& path) const;
    void sweep();
    Result<Done> forget(const std::string& message_no) const;
    void give_up(const std::string& message_no) const;
    [[nodiscard]] std::string lock_path() const { return asked + "/.lock"; }
    void set_aside(const std::string& name, std::string_view reason) const;
};

DropBox::DropBox(std::unique_ptr<State> state) : state_(std::move(state)) {}
DropBox::~DropBox() = default;
void DropBox::stop() {
    state_->stopped = true;
}

std::vector<std::string_view> DropBox::setting_keys() {
    return {"in",
            "out",
            "taken",
            "quarantine",
            "asked",
            "request",
            "answer",
            "complete",
            "ends_with",
            "done",
            "message_no",
            "poll_ms",
            "max_answer"};
}

std::unique_ptr<DropBox> DropBox::read(const YamlMap& settings) {
    auto state = std::make_unique<State>();
    state->in = settings.text("in");
    state->out = settings.text("out");
    state->taken = settings.text_or("taken", state->out + "/../taken");
    state->quarantine = settings.text_or("quarantine", state->out + "/../quarantine");
    state->asked = settings.text("asked");
    state->request = read_pattern(settings, "request", "{message_no}.xml");
    state->answer = read_pattern(settings, "answer", "{message_no}.xml");
    const std::string complete = settings.text_or("complete", "end");
    if (complete != "end" && complete != "done") {
        settings.at("complete").fault("expected end or done");
    }
    state->done_files = complete == "done";
    state->done = settings.text_or("done", state->done);
    state->ends_with = settings.text_or("ends_with", "");
    state->message_no_path = settings.text_or("message_no", "");
    state->poll = std::chrono::milliseconds(
        std::clamp<std::int64_t>(settings.integer_or("poll_ms", 200), 1, 60'000));
    state->max_answer = static_cast<std::uintmax_t>(
        std::max<std::int64_t>(settings.integer_or("max_answer", 8 << 20), 1));
    return std::unique_ptr<DropBox>(new DropBox(std::move(state)));
}

Result<Done> DropBox::State::make_ready() const {
    for (const std::string& folder : {in, out, taken, quarantine}) {
        if (auto made = make_folders(folder); !made) return made;
    }
    return make_folders(asked, Access::owner_only);
}

// Two steps, so that a crash between them writes the question again, under the same name, and never
// loses it: the empty marker says that we mean to ask; `<marker>.sent` that the office can see it.
Result<Done> DropBox::State::put(const std::string& message_no, const std::string& native) const {
    const std::string marker = asked + "/" + message_no;
    if (exists(marker + ".sent")) return Done{};
    if (auto meant = write_file_durably(marker, "", Access::owner_only); !meant) return meant;
    failpoint("file_drop.meant");
    const std::string path = in + "/" + request.name(message_no);
    if (auto put = write_file_durably(path, native); !put) return put;
    failpoint("file_drop.written");
    return write_file_durably(marker + ".sent", "", Access::owner_only);
}

bool DropBox::State::whole(const std::string& name,
                           const Seen& now,
                           std::map<std::string, Seen>& before) const {
    if (done_files) return exists(out + "/" + name + done);
    const auto last = before.find(name);
    const bool stable = last != before.end() && last->second == now;
    before[name] = now;
    if (!stable || ends_with.empty() || now.size > max_answer) return stable;
    const auto bytes = read_file(out + "/" + name, max_answer);
    return bytes && trim(*bytes).ends_with(ends_with);
}

Claim DropBox::State::claim(const std::string& name, const std::string& path) const {
    const auto message_no = answer.message_no(name);
    if (!message_no || !is_plain_number(*message_no)) return Claim::foreign;
    if (!exists(asked + "/" + *message_no)) return Claim::foreign;
    if (exists(taken + "/" + name)) return Claim::replayed;
    if (message_no_path.empty()) return Claim::ours;
    const auto bytes = read_file(path, max_answer);
    if (!bytes) return Claim::ours;
    const auto fields = read_native_fields(*bytes, NativeFormat::xml, {message_no_path});
    // Unreadable is not foreign: it goes to the hub, which says what is wrong with it.
    if (!fields || !fields->values.contains(message_no_path)) return Claim::ours;
    return fields->value(message_no_path) == *message_no ? Claim::ours : Claim::foreign;
}

void DropBox::State::set_aside(const std::string& name, std::string_view reason) const {
    std::string target = quarantine + "/" + name;
    for (int n = 1; exists(target); ++n)
        target = quarantine + "/" + name + "." + std::to_string(n);
    static_cast<void>(write_file_durably(target + ".reason", std::string(reason) + "\n"));
    std::error_code error;
    fs::rename(out + "/" + name, target, error);
    log::warn("file_drop.set_aside", {{"reason", reason}, {"moved", error ? "no" : "yes"}});
}

// Moves every whole file of `out` to where it belongs: answers to `taken`, the rest to
// `quarantine`.
void DropBox::State::sweep() {
    auto before = seen.lock();
    const FolderLock alone(lock_path());
    std::error_code error;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(out, error)) {
        const std::string name = entry.path().filename().string();
        const bool marker = done_files && name.ends_with(done);
        if (!marker && !name.starts_with(".") && entry.is_regular_file(error))
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
        const std::string path = out + "/" + name;
        const auto now = look(path);
        if (!now || !whole(name, *now, *before)) continue;
        before->erase(name);
        const Claim belongs = claim(name, path);
        if (belongs == Claim::ours) {
            fs::rename(path, taken + "/" + name, error);
            failpoint("file_drop.taken");
        } else {
            set_aside(name, belongs == Claim::replayed ? "replayed" : "foreign");
        }
        if (done_files) fs::remove(path + done, error);
    }
    std::erase_if(*before, [&](const auto& entry) {
        return !std::binary_search(names.begin(), names.end(), entry.first);
    });
}

// The mark goes before the answer: a crash between the two finds the same answer once more, and
// forgets it then. The other way round it would wait for ever for what was thrown away.
Result<Done> DropBox::State::forget(const std::string& message_no) const {
    const FolderLock alone(lock_path());
    if (auto gone = remove_durably(asked + "/" + message_no + ".sent"); !gone) return gone;
    failpoint("file_drop.forgetting");
    return remove_durably(taken + "/" + answer.name(message_no));
}

// Taken, and not answered in time: lost at the office, for all we know. What still lies there for
// it to take is not lost.
void DropBox::State::give_up(const std::string& message_no) const {
    const FolderLock alone(lock_path());
    if (exists(in + "/" + request.name(message_no))) return;
    if (exists(taken + "/" + answer.name(message_no))) return;
    if (auto gone = remove_durably(asked + "/" + message_no + ".sent"); !gone)
        log::warn("file_drop.give_up", {{"reason", gone.fault().reason}});
}

Result<Done> DropBox::forget(const std::string& message_no) {
    if (!is_plain_number(message_no))
        return Fault{FaultKind::malformed, "message_no", "not a plain message number"};
    return state_->forget(message_no);
}

Result<std::string> DropBox::ask(const std::string& message_no,
                                 const std::string& native,
                                 Deadline deadline) {
    if (!is_plain_number(message_no)) {
        return Fault{FaultKind::malformed, "message_no", "not a plain message number"};
    }
    if (auto ready = state_->make_ready(); !ready) {
        return Fault{FaultKind::unavailable, "folder", ready.fault().reason};
    }
    const std::string taken = state_->taken + "/" + state_->answer.name(message_no);
    if (!exists(taken)) {
        if (auto put = state_->put(message_no, native); !put) {
            return Fault{FaultKind::unavailable, "write", put.fault().reason};
        }
    }
    for (;;) {
        state_->sweep();
        if (exists(taken)) break;
        if (state_->stopped) return Fault{FaultKind::unavailable, "stopped", "the connector ends"};
        if (deadline.passed()) {
            const bool half = exists(state_->out + "/" + state_->answer.name(message_no));
            state_->give_up(message_no);
            return Fault{FaultKind::expired,
                         half ? "incomplete" : "timeout",
                         "no whole answer within the deadline"};
        }
        std::this_thread::sleep_for(std::min(state_->poll, deadline.left()));
    }
    const auto size = look(taken);
    if (size && size->size > state_->max_answer) {
        return Fault{FaultKind::refused, "answer.too_large", "the answer exceeds its limit"};
    }
    auto bytes = read_file(taken, state_->max_answer);
    if (!bytes) return Fault{FaultKind::unavailable, "read", bytes.fault().reason};
    return bytes;
}

}  // namespace tongban::connectors
