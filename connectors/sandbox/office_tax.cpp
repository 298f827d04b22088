// 640100.tax: HTTPS and JSON. POST /api/qs/query with the key that stands in <data>/api.key; its
// certificate is its own, made on the first start and kept.
#include <httplib.h>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/json; charset=UTF-8";
constexpr const char* service_path = "/api/qs/query";

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
    const char* note;
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

}  // namespace

Result<Done> run_tax(OfficeSetting& setting) {
    const Result<Papers> papers = papers_in(setting.plan.data);
    if (!papers) return papers.fault();
    const auto handle = [&setting, &papers](const httplib::Request& request,
                                            httplib::Response& response) {
        const Conduct conduct = setting.misconduct.next();
        Misconduct::pause(conduct);
        Outcome outcome = look_up(setting, conduct, *papers, request);
        if (!setting.book->note_request("deed-tax", outcome.note)) {
            response.status = 503;
            return;
        }
        reply(response, conduct, outcome.status, std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle, &papers]() -> std::unique_ptr<httplib::Server> {
        auto server =
            std::make_unique<httplib::SSLServer>(papers->certificate.c_str(), papers->key.c_str());
        server->Post(service_path, handle);
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
