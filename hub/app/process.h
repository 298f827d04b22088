// Process: a child program of ours, started with a ready file and stopped in order.
//
// Threads: one thread, the owner's.
// Faults:  unavailable, when it cannot be started, ends early, is not ready in time, or we are told
// to stop (hub/app/interrupt.h).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace tongban::app {

enum class Lifetime {
    with_parent,  // dies when we die, however we die
    own,          // may be left running
};

class Process {
public:
    // Output goes to `log_path` (appended).
    static Result<Process> start(const std::vector<std::string>& arguments,
                                 const std::string& log_path,
                                 Lifetime lifetime = Lifetime::with_parent);
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();  // terminates, then kills

    // Waits for the JSON that the program writes when it serves.
    Result<Json> wait_ready(const std::string& ready_file, Deadline deadline);
    // Until it ends by itself, or it is stopped after `patience`; the exit status.
    int wait(std::chrono::milliseconds patience);
    // SIGTERM, then SIGKILL after `patience`; the exit status, or 128 + signal.
    int stop(std::chrono::milliseconds patience);
    void leave_running() { pid_ = -1; }
    [[nodiscard]] int pid() const { return pid_; }
    [[nodiscard]] bool running();

private:
    explicit Process(int pid, std::string log_path) : pid_(pid), log_path_(std::move(log_path)) {}
    int pid_ = -1;
    int status_ = 0;
    std::string log_path_;
};

// Path of this very program, and of one beside it.
std::string own_program();
std::string program_beside(const std::string& name);

}  // namespace tongban::app
