#include "base/failpoint.h"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>

#include <csignal>
#include <unistd.h>

namespace tongban {
namespace {

constexpr int exit_code = 77;

struct Plan {
    bool list = false;
    std::string name;
    long hit = 1;
    bool kill = true;
};

std::optional<Plan> parse(std::string_view text) {
    Plan plan;
    if (text == "list") {
        plan.list = true;
        return plan;
    }
    const std::size_t first = text.find(":hit=");
    const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    plan.name = std::string(text.substr(0, first));
    plan.hit =
        std::strtol(std::string(text.substr(first + 5, second - first - 5)).c_str(), nullptr, 10);
    const std::string_view action = text.substr(second + 1);
    plan.kill = action == "kill";
    if (plan.hit < 1 || (!plan.kill && action != "exit")) return std::nullopt;
    return plan;
}

struct State {
    std::mutex mutex;
    std::optional<Plan> plan;
    bool broken = false;
    long hits = 0;
    std::function<void(std::string_view)> handler;
};

State& state() {
    static State one;
    return one;
}

bool read_environment() {
    const char* text = std::getenv("TONGBAN_FAILPOINT");  // NOLINT(concurrency-mt-unsafe): at start
    if (text == nullptr || *text == '\0') return false;
    state().plan = parse(text);
    state().broken = !state().plan;
    return true;
}

[[noreturn]] void end(bool kill) {
    if (kill) static_cast<void>(std::raise(SIGKILL));
    ::_exit(exit_code);
}

}  // namespace

namespace failpoint_internal {

std::atomic<bool> armed{read_environment()};

void passed(std::string_view name) {
    State& all = state();
    if (all.handler) return all.handler(name);
    const std::lock_guard lock(all.mutex);
    if (all.broken) {
        static_cast<void>(std::fprintf(stderr, "TONGBAN_FAILPOINT: expected name:hit=k:kill\n"));
        end(false);
    }
    if (!all.plan) return;
    if (all.plan->list) {
        static_cast<void>(
            std::fprintf(stderr, "failpoint %.*s\n", static_cast<int>(name.size()), name.data()));
        return;
    }
    if (name == all.plan->name && ++all.hits == all.plan->hit) end(all.plan->kill);
}

}  // namespace failpoint_internal

void set_failpoint_handler(std::function<void(std::string_view)> handler) {
    state().handler = std::move(handler);
    failpoint_internal::armed.store(
        state().handler != nullptr || state().plan.has_value() || state().broken,
        std::memory_order_relaxed);
}

}  // namespace tongban
