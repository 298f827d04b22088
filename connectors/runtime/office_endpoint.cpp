#include "connectors/runtime/office_endpoint.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>
#include <pthread.h>

#include "base/files.h"
#include "base/log.h"
#include "connectors/runtime/pause.h"

namespace tongban::connectors {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t http_threads = 8;
constexpr std::chrono::milliseconds drop_poll{300};
constexpr std::chrono::milliseconds drop_retry{3000};
constexpr const char* json_type = "application/json; charset=utf-8";

void answer(httplib::Response& response, const OfficeReply& reply) {
    response.status = reply.status;
    response.set_content(reply.body, json_type);
}

}  // namespace

struct OfficeEndpoint::State {
    const RequestsConfig& config;
    OwnRequests& requests;
    httplib::Server server;
    int port = 0;
    std::atomic<bool> listening_ended{false};
    std::thread listener;
    std::jthread drops;

    State(const RequestsConfig& requests_config, OwnRequests& own_requests)
        : config(requests_config), requests(own_requests) {}

    void watch_folder(const std::stop_token& stop);
    void handle_drop(const std::string& name);
    std::map<std::string, std::uintmax_t> sizes;  // touched only by the drop thread
    std::map<std::string, std::chrono::steady_clock::time_point>
        not_before;  // touched only by the drop thread
};

OfficeEndpoint::OfficeEndpoint(const RequestsConfig& config, OwnRequests& requests)
    : state_(std::make_unique<State>(config, requests)) {}

OfficeEndpoint::~OfficeEndpoint() {
    stop();
}

int OfficeEndpoint::port() const {
    return state_->port;
}

Result<Done> OfficeEndpoint::start() {
    State& state = *state_;
    state.server.new_task_queue = [] { return new httplib::ThreadPool(http_threads); };
    state.server.set_payload_max_length(state.config.max_body + 1);
    state.server.set_read_timeout(10);
    state.server.set_write_timeout(10);
    state.server.set_keep_alive_timeout(5);
    // Any path: which ones there are is asked of the forms in force.
    state.server.Post("/.*",
                      [&state](const httplib::Request& request, httplib::Response& response) {
                          if (state.requests.takes(request.path))
                              answer(response, state.requests.receive(request.body, request.path));
                          else
                              response.status = 404;
                      });
    state.server.Get(R"(/requests/([A-Za-z0-9._-]{1,64}))",
                     [&state](const httplib::Request& request, httplib::Response& response) {
                         answer(response, state.requests.state_of(request.matches[1].str()));
                     });
    state.server.Get("/health", [](const httplib::Request&, httplib::Response& response) {
        response.set_content(R"({"state":"ready"})", json_type);
    });
    if (state.config.port == 0) {
        state.port = state.server.bind_to_any_port("127.0.0.1");
    } else if (state.server.bind_to_port("127.0.0.1", state.config.port)) {
        state.port = state.config.port;
    } else {
        state.port = -1;
    }
    if (state.port <= 0) {
        return Fault{
            FaultKind::unavailable, "requests.port", "the local endpoint cannot be opened"};
    }
    if (!state.config.port_file.empty()) {
        if (auto written =
                write_file_durably(state.config.port_file, std::to_string(state.port) + "\n");
            !written) {
            return written;
        }
    }
    state.listener = std::thread([&state] {
        pthread_setname_np(pthread_self(), "requests");
        if (!state.server.listen_after_bind()) log::error("requests.ended", {});
        state.listening_ended = true;
    });
    if (!state.config.drop_in.empty()) {
        state.drops = std::jthread([&state](const std::stop_token& stop) {
            pthread_setname_np(pthread_self(), "drops");
            state.watch_folder(stop);
        });
    }
    return Done{};
}

void OfficeEndpoint::stop() {
    State& state = *state_;
    if (state.drops.joinable()) {
        state.drops.request_stop();
        state.drops.join();
    }
    if (state.listener.joinable()) {
        while (!state.server.is_running() && !state.listening_ended)
            std::this_thread::yield();  // stop() before listen() would be lost
        state.server.stop();
        state.listener.join();
    }
}

void OfficeEndpoint::State::watch_folder(const std::stop_token& stop) {
    static_cast<void>(make_folders(config.drop_in + "/taken"));
    static_cast<void>(make_folders(config.drop_out));
    do {
        std::error_code error;
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(config.drop_in, error)) {
            const std::string name = entry.path().filename().string();
            if (entry.is_regular_file(error) && !name.starts_with(".")) names.push_back(name);
        }
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            const auto size = fs::file_size(config.drop_in + "/" + name, error);
            if (error) continue;
            const auto last = sizes.find(name);
            const bool stable = last != sizes.end() && last->second == size && size > 0;
            sizes[name] = size;
            if (stable && std::chrono::steady_clock::now() >= not_before[name]) handle_drop(name);
        }
        std::erase_if(sizes, [&](const auto& entry) {
            return !std::binary_search(names.begin(), names.end(), entry.first);
        });
        std::erase_if(not_before, [&](const auto& entry) { return !sizes.contains(entry.first); });
    } while (Pause::sleep(drop_poll, stop));
}

void OfficeEndpoint::State::handle_drop(const std::string& name) {
    auto bytes = read_file(config.drop_in + "/" + name, config.max_body + 1);
    const OfficeReply reply =
        requests.receive(bytes ? *bytes : std::string(config.max_body + 1, ' '));
    auto written = write_file_durably(config.drop_out + "/" + name + ".json", reply.body);
    if (!written) {
        log::warn("requests.drop_out", {{"reason", written.fault().reason}});
        return;
    }
    if (!reply.settled) {  // the hub has not answered: ask again, the request's id keeps it one
                           // request
        not_before[name] = std::chrono::steady_clock::now() + drop_retry;
        return;
    }
    std::error_code error;
    fs::rename(config.drop_in + "/" + name, config.drop_in + "/taken/" + name, error);
    sizes.erase(name);
}

}  // namespace tongban::connectors
