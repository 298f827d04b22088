// 610100.housing-fund: a SOAP 1.1 service over HTTP, everything in GB18030. POST /services/yddkzm.
#include <httplib.h>

#include "base/text.h"
#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "text/xml; charset=GB18030";
constexpr const char* soap_action = "urn:610100:gjj:yddkzm:1/YDDKZM";

struct Outcome {
    int status = 200;
    Result<std::string> bytes;
    const char* note;
};

Outcome fault(const char* code, const char* text, const char* note) {
    return {500, soap_fault(code, text), note};
}

Outcome certify(const OfficeSetting& setting,
                const Conduct& conduct,
                const httplib::Request& request) {
    if (conduct.is("fail")) return {503, std::string("Service Unavailable"), "failed"};
    if (conduct.is("fault")) return fault("Server", "核心系统繁忙", "fault");
    if (request.get_header_value("SOAPAction").find(soap_action) == std::string::npos) {
        return fault("Client", "未知的SOAPAction", "unknown action");
    }
    const Result<MessageFacts> facts = facts_of(request.body);
    if (!facts) return fault("Client", "报文格式错误", "malformed");
    const World* world = setting.population.find(fact(*facts, "ZJHM"));
    if (conduct.is("no_record") || world == nullptr)
        return fault("Client.NoRecord", "无此职工", "no record");
    return {200, certificate_answer(*world, fact(*facts, "YWBH")), "answered"};
}

}  // namespace

Result<Done> run_xian_fund(OfficeSetting& setting) {
    const auto handle = [&setting](const httplib::Request& request, httplib::Response& response) {
        const Conduct conduct = setting.misconduct.next();
        Misconduct::pause(conduct);
        Outcome outcome = certify(setting, conduct, request);
        if (!outcome.bytes || !setting.book->note_request("certificate", outcome.note)) {
            response.status = 503;
            return;
        }
        reply(response, conduct, outcome.status, *std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle] {
        auto server = std::make_unique<httplib::Server>();
        server->Post("/services/yddkzm", handle);
        return std::unique_ptr<httplib::Server>(std::move(server));
    };
    return serve_http(setting, make, {{"path", "/services/yddkzm"}, {"soap_action", soap_action}});
}

}  // namespace tongban::sandbox
