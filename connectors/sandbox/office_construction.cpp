// 640100.construction: HTTP and JSON, POST /wqba/contract: a filed contract by its number, its unit
// or its old certificate. `code` 0 carries a record, 404 none, 500 and 503 a service that is down.
#include <httplib.h>

#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/json; charset=UTF-8";

struct Outcome {
    int status = 200;
    std::string bytes;
    const char* note;
};

std::string without_record(const char* code, const char* text) {
    return Json{{"code", code}, {"message", text}}.dump();
}

const Sale* sale_of(const Sales& sales, const Json& question) {
    const std::string number = question.value("contractNo", std::string());
    if (const Sale* sale = sales.of_contract(number)) return sale;
    if (const Sale* sale = sales.of_unit(question.value("realestateNo", std::string())))
        return number.empty() ? sale : nullptr;
    const std::string title = question.value("oldPrcNo", std::string());
    for (const Sale& sale : sales.all()) {
        if (number.empty() && !title.empty() && sale.title == title) return &sale;
    }
    return nullptr;
}

// Of a house that was bought long ago: by the old certificate alone.
std::string old_record_of(const Population& people, const Json& question) {
    const std::string title = question.value("oldPrcNo", std::string());
    for (const World& world : people.worlds()) {
        const RemoteLoan loan = make_remote_loan(world, {});
        if (!title.empty() && loan.old_title == title &&
            world.old_papers == OldPapers::construction)
            return old_contract_record(world, loan);
    }
    return "";
}

Outcome look_up(const OfficeSetting& setting,
                const Sales& sales,
                const Conduct& conduct,
                const httplib::Request& request) {
    if (conduct.is("fail")) return {503, without_record("503", "维护中"), "failed"};
    if (conduct.is("fault")) return {200, without_record("500", "系统繁忙"), "fault"};
    const Result<Json> question = parse_json(request.body);
    if (!question || !question->is_object())
        return {400, without_record("400", "报文格式错误"), "malformed"};
    const Sale* sale = sale_of(sales, *question);
    std::string record;
    if (sale != nullptr) record = construction_contract(*sale);
    if (sale == nullptr) record = old_record_of(setting.population, *question);
    if (conduct.is("no_record") || record.empty())
        return {200, without_record("404", "未查询到合同"), "no record"};
    return {200, std::move(record), "answered"};
}

}  // namespace

Result<Done> run_construction(OfficeSetting& setting) {
    const Sales sales(setting.plan.population);
    const auto handle = [&setting, &sales](const httplib::Request& request,
                                           httplib::Response& response) {
        const Conduct conduct = setting.misconduct.next();
        Misconduct::pause(conduct);
        Outcome outcome = look_up(setting, sales, conduct, request);
        if (!setting.book->note_request("contract", outcome.note)) {
            response.status = 503;
            return;
        }
        reply(response, conduct, outcome.status, std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle] {
        auto server = std::make_unique<httplib::Server>();
        server->Post("/wqba/contract", handle);
        return std::unique_ptr<httplib::Server>(std::move(server));
    };
    return serve_http(setting, make, {{"path", "/wqba/contract"}});
}

}  // namespace tongban::sandbox
