// 640100.construction: HTTP and JSON. POST /wqba/contract: a filed contract by its number, its unit
// or its old certificate. POST /wqba/ownership: the registry tells that a home has a new owner.
// `code` 0 carries a record, 404 none, 409 declines, 500 and 503 a service that is down.
//
// office.db: ownership(certificate, unit, contract, registered, at_ms), one row a new certificate.
//
// Misconduct beside misconduct.h, the kind being "contract" or "ownership": "refuse" (notes
// nothing), "late" (noted, and "busy").
#include <httplib.h>

#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/office_clock.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/json; charset=UTF-8";
constexpr std::string_view service_path = "/wqba/";
constexpr std::string_view tables =
    "CREATE TABLE IF NOT EXISTS ownership(certificate TEXT PRIMARY KEY, unit TEXT NOT NULL, "
    "contract TEXT NOT NULL, registered TEXT NOT NULL, at_ms INTEGER NOT NULL);";

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

Result<Done> note_owner(Sqlite& database, const Json& notice) {
    auto insert = database.prepare(
        "INSERT OR IGNORE INTO ownership(certificate, unit, contract, registered, at_ms) VALUES "
        "(?, ?, ?, ?, ?)");
    if (!insert) return std::move(insert).fault();
    int place = 0;
    for (const char* field : {"newPrcNo", "realestateNo", "contractNo", "registerTime"})
        insert->bind_text(++place, notice.value(field, std::string()));
    return insert->bind(++place, now_ms()).run();
}

Outcome take_notice(OfficeSetting& setting,
                    const Sales& sales,
                    const Conduct& conduct,
                    const httplib::Request& request) {
    if (conduct.is("fail")) return {503, without_record("503", "维护中"), "failed"};
    if (conduct.is("fault")) return {200, without_record("500", "系统繁忙"), "fault"};
    const Result<Json> notice = parse_json(request.body);
    if (!notice || !notice->is_object())
        return {400, without_record("400", "报文格式错误"), "malformed"};
    const Sale* sale = sales.of_contract(notice->value("contractNo", std::string()));
    if (conduct.is("no_record") || sale == nullptr)
        return {200, without_record("404", "未查询到合同"), "no record"};
    if (conduct.is("refuse") || notice->value("realestateNo", std::string()) != sale->unit)
        return {200, without_record("409", "单元号与合同不一致"), "declined"};
    const Result<Done> noted =
        setting.book->transact([&](Sqlite& database) { return note_owner(database, *notice); });
    if (!noted) return {503, without_record("503", "维护中"), "unavailable"};
    const Result<Taken> taken = setting.book->take_in(notice->value("requestNo", std::string()),
                                                      request.body,
                                                      construction_notice_receipt(*sale));
    if (!taken) return {503, without_record("503", "维护中"), "unavailable"};
    if (taken->other_content) return {200, without_record("409", "请求号重复"), "other content"};
    if (conduct.is("late")) return {200, without_record("500", "系统繁忙"), "done, and busy"};
    return {200, taken->acknowledgement, taken->repeated ? "repeated" : "ownership noted"};
}

}  // namespace

Result<Done> run_construction(OfficeSetting& setting) {
    const Sales sales(setting.plan.population);
    const auto made =
        setting.book->transact([](Sqlite& database) { return database.execute(tables); });
    if (!made) return made;
    const auto handle = [&setting, &sales](const httplib::Request& request,
                                           httplib::Response& response) {
        const std::string what = request.path.substr(service_path.size());
        const Conduct conduct = setting.misconduct.next(what);
        Misconduct::pause(conduct);
        Outcome outcome = what == "ownership" ? take_notice(setting, sales, conduct, request)
                                              : look_up(setting, sales, conduct, request);
        if (!setting.book->note_request(what, outcome.note)) {
            response.status = 503;
            return;
        }
        reply(response, conduct, outcome.status, std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle] {
        auto server = std::make_unique<httplib::Server>();
        server->Post("/wqba/contract", handle);
        server->Post("/wqba/ownership", handle);
        return std::unique_ptr<httplib::Server>(std::move(server));
    };
    return serve_http(setting, make, {{"path", "/wqba/contract"}});
}

}  // namespace tongban::sandbox
