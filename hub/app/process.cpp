#include "hub/app/process.h"

#include <filesystem>
#include <thread>
#include <utility>

#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "hub/app/interrupt.h"

namespace tongban::app {

namespace {

constexpr std::chrono::milliseconds poll_pause{10};

int exit_status(int raw) {
    return WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
}

}  // namespace

Result<Process> Process::start(const std::vector<std::string>& arguments,
                               const std::string& log_path,
                               Lifetime lifetime) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const auto& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const int log = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) return Fault{FaultKind::unavailable, log_path, "the log file cannot be opened"};
    const int parent = ::getpid();
    const int pid = ::fork();
    if (pid == 0) {
        // Only async-signal-safe calls between fork and exec.
        if (lifetime == Lifetime::with_parent) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(127);
        }
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        const int null = ::open("/dev/null", O_RDONLY);
        if (null >= 0) ::dup2(null, STDIN_FILENO);
        ::setpgid(0, 0);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(log);
    if (pid < 0)
        return Fault{FaultKind::unavailable, arguments.front(), "the program cannot be started"};
    return Process(pid, log_path);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      log_path_(std::move(other.log_path_)) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        if (pid_ > 0) stop(std::chrono::seconds(2));
        pid_ = std::exchange(other.pid_, -1);
        status_ = other.status_;
        log_path_ = std::move(other.log_path_);
    }
    return *this;
}

Process::~Process() {
    if (pid_ > 0) stop(std::chrono::seconds(2));
}

bool Process::running() {
    if (pid_ <= 0) return false;
    int raw = 0;
    if (::waitpid(pid_, &raw, WNOHANG) != pid_) return true;
    status_ = exit_status(raw);
    pid_ = -1;
    return false;
}

Result<Json> Process::wait_ready(const std::string& ready_file, Deadline deadline) {
    for (;;) {
        // Written beside and renamed, so that what can be read is whole.
        if (auto text = read_file(ready_file)) return parse_json(*text);
        if (!running())
            return Fault{FaultKind::unavailable,
                         log_path_,
                         "the program ended before it was ready; its log says why"};
        if (interrupted()) return interruption();
        if (deadline.passed())
            return Fault{FaultKind::unavailable,
                         log_path_,
                         "the program was not ready in time; its log says why"};
        std::this_thread::sleep_for(poll_pause);
    }
}

int Process::wait(std::chrono::milliseconds patience) {
    const auto deadline = Deadline::after(patience);
    while (running() && !deadline.passed())
        std::this_thread::sleep_for(poll_pause);
    return stop(std::chrono::milliseconds(0));
}

int Process::stop(std::chrono::milliseconds patience) {
    if (!running()) return status_;
    ::kill(pid_, SIGTERM);
    const auto deadline = Deadline::after(patience);
    while (running() && !deadline.passed())
        std::this_thread::sleep_for(poll_pause);
    if (running()) {
        ::kill(pid_, SIGKILL);
        int raw = 0;
        ::waitpid(pid_, &raw, 0);
        status_ = exit_status(raw);
        pid_ = -1;
    }
    return status_;
}

std::string own_program() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

std::string program_beside(const std::string& name) {
    return (std::filesystem::path(own_program()).parent_path() / name).string();
}

}  // namespace tongban::app
