// 640100.approvals and 640100.bank: the joint window and a bank. They ask and tell, and are asked
// nothing: POST /deliveries takes what became of it, once a message number.
#include <httplib.h>

#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/office.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/json; charset=UTF-8";

// The window writes {"head":{"serialNo"}}, the bank {"serialNo"}.
std::string number_of(const Json& message) {
    const auto head = message.find("head");
    const Json& where = head != message.end() && head->is_object() ? *head : message;
    return where.value("serialNo", std::string());
}

}  // namespace

Result<Done> run_counter(OfficeSetting& setting) {
    const auto handle = [&setting](const httplib::Request& request, httplib::Response& response) {
        const Conduct conduct = setting.misconduct.next();
        Misconduct::pause(conduct);
        if (conduct.is("fail") || conduct.is("fault")) {
            response.status = 503;
            return;
        }
        const Result<Json> message = parse_json(request.body);
        const std::string number =
            message && message->is_object() ? number_of(*message) : std::string();
        if (number.empty()) {
            response.status = 422;
            return;
        }
        const Result<Taken> taken =
            setting.book->take_in(number, request.body, R"({"taken":true})");
        if (!taken) {
            response.status = 503;
            return;
        }
        reply(response, conduct, 200, taken->acknowledgement, content_type);
    };
    const auto make = [&handle] {
        auto server = std::make_unique<httplib::Server>();
        server->Post("/deliveries", handle);
        return std::unique_ptr<httplib::Server>(std::move(server));
    };
    return serve_http(setting, make, {{"path", "/deliveries"}});
}

}  // namespace tongban::sandbox
