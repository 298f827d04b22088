// 640100.tax: HTTPS and JSON. POST /api/qs/query with the key that stands in <data>/api.key; its
// certificate is its own, made on the first start and kept. What it does for sales, POST
// /api/lb/..., stands in office_tax_sales.cpp.
#include <httplib.h>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/office_tax_sales.h"
#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/json; charset=UTF-8";
constexpr const char* service_path = "/api/qs/query";
constexpr std::string_view sale_path = "/api/lb/";

struct Papers {
    std::string certificate, key, api_key_file, api_key;
};

Result<Papers> papers_in(const std::string& folder) {
    Papers papers{folder + "/tls.pem", folder + "/tls.key", folder + "/api.key", ""};
    const Result<std::string> there = read_file(papers.api_key_file, 4096);
    const bool complete =
        there.ok() && read_file(papers.certificate).ok() && read_file(papers.key).ok();
    if (!complete) {
        const PrivateKey key = PrivateKey::generate(Suite::es256);
        const std::string pem = issue_self_signed(
            key,
            {.common_name = "localhost", .organisational_unit = "tax", .dns_names = {"localhost"}});
        const std::string secret = hex(random_bytes(16));
        for (const auto& [path, bytes, access] :
             {std::tuple{papers.key, key.pem(), Access::owner_only},
              std::tuple{papers.certificate, pem, Access::shared},
              std::tuple{papers.api_key_file, secret, Access::owner_only}}) {
            if (auto written = write_file_durably(path, bytes, access); !written)
                return std::move(written).fault();
        }
        papers.api_key = secret;
        return papers;
    }
    papers.api_key = *there;
    return papers;
}

struct Outcome {
    int status = 200;
    std::string bytes;
    std::string note;
};

Outcome look_up(const OfficeSetting& setting,
                const Conduct& conduct,
                const Papers& papers,
                const httplib::Request& request) {
    if (conduct.is("fail")) return {503, R"({"message":"Service Unavailable"})", "failed"};
    if (request.get_header_value("X-Api-Key") != papers.api_key)
        return {401, R"({"message":"X-Api-Key"})", "no key"};
    const Result<Json> question = parse_json(request.body);
    if (!question || !question->is_object())
        return {400, tax_refusal("", "8", "报文格式错误"), "malformed"};
    const std::string case_number = question->value("sjbh", std::string());
    if (conduct.is("fault"))
        return {200, tax_refusal(case_number, "9", "核心征管系统繁忙"), "fault"};
    const World* world = setting.population.find(question->value("sfzjhm", std::string()));
    if (conduct.is("no_record") || world == nullptr)
        return {200, tax_refusal(case_number, "1", "未查询到纳税人"), "no record"};
    return {200, tax_answer(*world, case_number), "answered"};
}

Outcome about_sale(TaxSales& sales,
                   const Conduct& conduct,
                   const Papers& papers,
                   const httplib::Request& request) {
    if (conduct.is("fail")) return {503, R"({"message":"Service Unavailable"})", "failed"};
    if (request.get_header_value("X-Api-Key") != papers.api_key)
        return {401, R"({"message":"X-Api-Key"})", "no key"};
    Result<TaxSales::Answer> answer = sales.answer(conduct,
                                                   {request.path.substr(sale_path.size()),
                                                    request.get_header_value("X-Operation-Key"),
                                                    request.body});
    if (!answer) return {503, R"({"message":"Service Unavailable"})", "unavailable"};
    return {200, std::move(answer->bytes), std::move(answer->note)};
}

// An acknowledgement of what tax sent of itself.
Outcome acknowledged(OfficeSetting& setting, const httplib::Request& request) {
    const Result<Json> message = parse_json(request.body);
    if (!message || !message->is_object()) return {422, "{}", "malformed"};
    const std::string number = message->value("jyuuid", std::string());
    const Result<Taken> taken = setting.book->take_in(number, request.body, "{}");
    return {taken ? 200 : 503, R"({"fhm":"0"})", "acknowledged"};
}

}  // namespace

Result<Done> run_tax(OfficeSetting& setting) {
    const Result<Papers> papers = papers_in(setting.plan.data);
    if (!papers) return papers.fault();
    TaxSales sales(setting);
    if (auto made = sales.prepare(); !made) return made;
    const auto handle = [&setting, &sales, &papers](const httplib::Request& request,
                                                    httplib::Response& response) {
        const bool sale = request.path.starts_with(sale_path);
        const Conduct conduct =
            setting.misconduct.next(sale ? request.path.substr(sale_path.size()) : "");
        Misconduct::pause(conduct);
        Outcome outcome = sale ? about_sale(sales, conduct, *papers, request)
                          : request.path == "/deliveries"
                              ? acknowledged(setting, request)
                              : look_up(setting, conduct, *papers, request);
        const std::string what = sale ? request.path.substr(sale_path.size()) : "deed-tax";
        if (!setting.book->note_request(what, outcome.note)) {
            response.status = 503;
            return;
        }
        reply(response, conduct, outcome.status, std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle, &papers]() -> std::unique_ptr<httplib::Server> {
        auto server =
            std::make_unique<httplib::SSLServer>(papers->certificate.c_str(), papers->key.c_str());
        server->Post(service_path, handle);
        server->Post("/deliveries", handle);
        server->Post(R"(/api/lb/[a-z]+)", handle);
        return server;
    };
    return serve_http(setting,
                      make,
                      {{"path", service_path},
                       {"host", "localhost"},
                       {"ca", papers->certificate},
                       {"api_key_file", papers->api_key_file}});
}

}  // namespace tongban::sandbox
