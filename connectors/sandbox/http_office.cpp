// Serving HTTP: a server that can be "down" for a while and come back on its port, and answers that
// break half-way.
#include <chrono>
#include <cstdlib>
#include <thread>

#include <httplib.h>
#include <unistd.h>

#include "base/files.h"
#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/office.h"

namespace tongban::sandbox {

namespace {

constexpr const char* loopback = "127.0.0.1";
constexpr std::size_t serving_threads = 64;  // a kept-alive connection holds one

// The port of the last run, so that a restarted office is found where it was.
int remembered_port(const OfficePlan& plan) {
    if (plan.port != 0) return plan.port;
    const Result<std::string> text = read_file(plan.data + "/port", 64);
    return text ? std::atoi(text->c_str()) : 0;
}

int bind(httplib::Server& server, int wanted) {
    if (wanted != 0 && server.bind_to_port(loopback, wanted)) return wanted;
    return server.bind_to_any_port(loopback);
}

}  // namespace

void reply(httplib::Response& response,
           const Conduct& conduct,
           int status,
           std::string bytes,
           const std::string& type) {
    response.status = status;
    bytes = misbehaved(conduct, std::move(bytes));
    const bool lost = conduct.is("lost");
    if (!lost && !conduct.is("half")) {
        response.set_content(bytes, type);
        return;
    }
    const std::size_t whole = bytes.size();
    const std::size_t sent = lost ? 0 : whole / 2;
    response.set_content_provider(
        whole,
        type,
        [bytes = std::move(bytes), sent](
            std::size_t offset, std::size_t /*length*/, httplib::DataSink& sink) {
            if (offset == 0 && sent > 0) return sink.write(bytes.data(), sent);
            return false;
        });
}

Result<Done> announce(const OfficePlan& plan, int port, const Json& extra) {
    if (port != 0) {
        if (auto kept = write_file_durably(plan.data + "/port", std::to_string(port) + "\n"); !kept)
            return kept;
    }
    if (plan.ready_file.empty()) return Done{};
    Json ready = {{"member", plan.member},
                  {"pid", static_cast<std::int64_t>(::getpid())},
                  {"port", port},
                  {"data", plan.data}};
    ready.update(extra);
    return write_file_durably(plan.ready_file, ready.dump() + "\n");
}

Result<Done> serve_http(OfficeSetting& setting,
                        const std::function<std::unique_ptr<httplib::Server>()>& make,
                        const Json& extra) {
    int port = remembered_port(setting.plan);
    bool announced = false;
    while (!setting.stop) {
        if (announced && setting.misconduct.now().is("down")) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            continue;
        }
        const std::unique_ptr<httplib::Server> server = make();
        if (!server->is_valid())
            return Fault{FaultKind::unavailable, "office", "its certificate cannot be used"};
        server->set_keep_alive_timeout(2);
        server->set_keep_alive_max_count(1'000'000);
        server->set_tcp_nodelay(true);
        server->set_payload_max_length(64U << 20U);
        server->new_task_queue = [] { return new httplib::ThreadPool(serving_threads); };
        // Not the library's SO_REUSEPORT, with which two programs would share a remembered port.
        server->set_socket_options([](socket_t socket) {
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        const int bound = bind(*server, port);
        if (bound <= 0) return Fault{FaultKind::unavailable, "office", "no port to listen on"};
        port = bound;
        std::thread listener([&server] { server->listen_after_bind(); });
        while (!server->is_running() && !setting.stop)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        Result<Done> told = announced ? Result<Done>(Done{}) : announce(setting.plan, port, extra);
        announced = true;
        while (told && !setting.stop && !setting.misconduct.now().is("down")) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        server->stop();
        listener.join();
        if (!told) return told;
    }
    return Done{};
}

}  // namespace tongban::sandbox
