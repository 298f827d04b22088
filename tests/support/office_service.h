// OfficeService: a tiny HTTP service of an office, on a free port, for tests of the connectors.
//
// Threads: the service answers on its own threads; what it recorded is read after the answers have
// come.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>

#include "base/guarded.h"

namespace tongban::support {

class OfficeService {
public:
    using Reply = std::function<void(const httplib::Request&, httplib::Response&)>;

    explicit OfficeService(Reply reply)
        : OfficeService(std::make_unique<httplib::Server>(), std::move(reply)) {}
    // For TLS: a server the test has set up.
    OfficeService(std::unique_ptr<httplib::Server> server, Reply reply)
        : server_(std::move(server)) {
        const auto handle = [this, reply = std::move(reply)](const httplib::Request& request,
                                                             httplib::Response& response) {
            requests_.lock()->push_back(request);
            reply(request, response);
        };
        server_->Post(".*", handle);
        server_->Get(".*", handle);
        port_ = server_->bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_->listen_after_bind(); });
        while (!server_->is_running())
            std::this_thread::yield();
    }
    ~OfficeService() {
        server_->stop();
        thread_.join();
    }
    OfficeService(const OfficeService&) = delete;
    OfficeService& operator=(const OfficeService&) = delete;

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::vector<httplib::Request> requests() { return *requests_.lock(); }

private:
    std::unique_ptr<httplib::Server> server_;
    Guarded<std::vector<httplib::Request>> requests_;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace tongban::support
