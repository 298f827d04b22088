// 610100.housing-fund: SOAP 1.1 over HTTP, everything in GB18030. POST /services/yddkzm here; the
// service for loans made in other cities, POST /services/yddkxt, in office_xian_loans.cpp. POST
// /deliveries takes the acknowledgement of a notice (TZBH) in once.
#include <httplib.h>

#include "base/text.h"
#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/office_xian_loans.h"
#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "text/xml; charset=GB18030";
constexpr const char* soap_action = "urn:610100:gjj:yddkzm:1/YDDKZM";

SoapOutcome fault(const char* code, const char* text, const char* note) {
    return {500, soap_fault(code, text), note};
}

SoapOutcome certify(const OfficeSetting& setting,
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

SoapOutcome take_in(OfficeSetting& setting, const std::string& body) {
    const Result<MessageFacts> facts = facts_of(body);
    const std::string number = facts ? fact(*facts, "TZBH") : "";
    if (number.empty()) return {422, std::string("no TZBH"), "malformed"};
    const Result<Taken> taken = setting.book->take_in("SJHZ/" + number, body, "taken");
    if (!taken) return {503, std::string("the book cannot be written"), "failed"};
    return {200, std::string(taken->repeated ? "taken before" : "taken"), "taken"};
}

SoapOutcome outcome_of(OfficeSetting& setting,
                       const Conduct& conduct,
                       const httplib::Request& request) {
    if (request.path == "/deliveries") return take_in(setting, request.body);
    if (request.path == "/services/yddkzm") return certify(setting, conduct, request);
    return answer_loan_call(setting, conduct, request.get_header_value("SOAPAction"), request.body);
}

// "urn:610100:gjj:yddkxt:1/SQZM", in quotes or not: SQZM.
std::string operation_of(std::string action) {
    std::erase(action, '"');
    return action.substr(action.rfind('/') + 1);
}

}  // namespace

Result<Done> run_xian_fund(OfficeSetting& setting) {
    const auto handle = [&setting](const httplib::Request& request, httplib::Response& response) {
        const Conduct conduct =
            setting.misconduct.next(operation_of(request.get_header_value("SOAPAction")));
        Misconduct::pause(conduct);
        SoapOutcome outcome = outcome_of(setting, conduct, request);
        if (!outcome.bytes || !setting.book->note_request(request.path, outcome.note)) {
            response.status = 503;
            return;
        }
        reply(response, conduct, outcome.status, *std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle] {
        auto server = std::make_unique<httplib::Server>();
        server->Post("/services/yddkzm", handle);
        server->Post("/services/yddkxt", handle);
        server->Post("/deliveries", handle);
        return std::unique_ptr<httplib::Server>(std::move(server));
    };
    return serve_http(setting, make, {{"path", "/services/yddkzm"}, {"soap_action", soap_action}});
}

}  // namespace tongban::sandbox
