#include "hub/api/status_door.h"

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include <httplib.h>
#include <pthread.h>
#include <sys/socket.h>

#include "base/json.h"
#include "base/log.h"

namespace tongban::api {
namespace {

// Few and short: whoever is slow here keeps nobody from an exchange.
constexpr std::size_t threads = 2;
constexpr std::time_t patience_s = 2;
constexpr std::size_t largest_body = 1024;
constexpr std::size_t most_waiting = 16;

// The library's pool takes any number of connections in. Beyond a few, who accepts answers too: the
// next wait in the system's own queue, and hold none of our descriptors.
class ShortQueue final : public httplib::TaskQueue {
public:
    void enqueue(std::function<void()> work) override {
        if (waiting_ >= most_waiting) return work();
        ++waiting_;
        pool_.enqueue([this, work = std::move(work)] {
            --waiting_;
            work();
        });
    }
    void shutdown() override { pool_.shutdown(); }

private:
    std::atomic<std::size_t> waiting_{0};
    httplib::ThreadPool pool_{threads};
};

void answer(httplib::Response& response, int status, const Json& said) {
    response.status = status;
    response.set_content(said.dump() + "\n", "application/json");
}

}  // namespace

struct StatusDoor::State {
    const StatusConfig config;
    const StatusLinks links;
    httplib::Server server;
    int port = 0;
    std::atomic<bool> ended{false};  // the listener, on whatever ground
    std::thread listener;
};

StatusDoor::StatusDoor(StatusConfig config, StatusLinks links)
    : state_(new State{std::move(config), std::move(links), {}, 0, {}, {}}) {}

StatusDoor::~StatusDoor() {
    stop();
}

int StatusDoor::port() const {
    return state_->port;
}

Result<Done> StatusDoor::start() {
    State& state = *state_;
    state.server.new_task_queue = [] { return new ShortQueue(); };
    // The library's own choice lets two programs share a port, and each get half of the questions.
    state.server.set_socket_options([](socket_t socket) {
        const int on = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    state.server.set_payload_max_length(largest_body);
    state.server.set_read_timeout(patience_s);
    state.server.set_write_timeout(patience_s);
    state.server.set_keep_alive_timeout(patience_s);
    state.server.Get("/metrics", [&state](const httplib::Request&, httplib::Response& response) {
        response.set_content(state.links.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    });
    state.server.Get("/health", [](const httplib::Request&, httplib::Response& response) {
        answer(response, 200, {{"state", "alive"}});
    });
    state.server.Get("/ready", [&state](const httplib::Request&, httplib::Response& response) {
        const auto why = state.links.why_not_ready();
        if (why.empty())
            answer(response, 200, {{"state", "ready"}});
        else
            answer(response, 503, {{"state", "not_ready"}, {"why", why}});
    });
    if (state.config.port == 0) {
        state.port = state.server.bind_to_any_port(state.config.address);
    } else if (state.server.bind_to_port(state.config.address, state.config.port)) {
        state.port = state.config.port;
    } else {
        state.port = -1;
    }
    if (state.port <= 0) {
        state.port = 0;
        return Fault{FaultKind::unavailable, "status.port", "the status door cannot be opened"};
    }
    state.listener = std::thread([&state] {
        pthread_setname_np(pthread_self(), "status");
        if (!state.server.listen_after_bind()) log::error("status.ended", {});
        state.ended = true;
    });
    return Done{};
}

void StatusDoor::stop() {
    State& state = *state_;
    if (!state.listener.joinable()) return;
    while (!state.server.is_running() && !state.ended)
        std::this_thread::yield();  // stop() before listen() would be lost
    state.server.stop();
    state.listener.join();
}

}  // namespace tongban::api
