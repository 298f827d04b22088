// 640100.housing-fund: the asker. POST /deliveries takes a file in, once per message number, and
// acknowledges in its own XML; a repetition gets the first acknowledgement again, marked as a
// duplicate. POST /certificates hands a certificate to the loan system, which accepts the loan on
// it or not, once per message number; told to "reject", it never does.
#include <httplib.h>

#include "base/crypto.h"
#include "connectors/sandbox/http_reply.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/office_clock.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/xml; charset=UTF-8";
constexpr const char* own_centre = "640100000000000";

std::string acknowledgement(std::string_view message_no,
                            std::string_view result,
                            std::string_view receipt) {
    XmlText x("UTF-8");
    x.open("Acknowledgement", {{"xmlns", "urn:640100:hpf:ack:1"}});
    x.leaf("MessageNo", message_no)
        .leaf("Result", result)
        .leaf("ReceiptNo", receipt)
        .leaf("TakenAt", shanghai_seconds());
    return x.close().take();
}

struct Outcome {
    int status = 200;
    std::string bytes;
};

Outcome take_in(OfficeSetting& setting, const httplib::Request& request) {
    const Result<MessageFacts> facts = facts_of(request.body);
    const std::string message_no = facts ? fact(*facts, "MessageNo") : "";
    if (message_no.empty()) return {422, acknowledgement("-", "rejected", "-")};
    const std::string receipt = "YCSL" + hex(sha256(message_no)).substr(0, 12);
    const Result<Taken> taken = setting.book->take_in(
        message_no, request.body, acknowledgement(message_no, "stored", receipt));
    if (!taken) return {503, "the database cannot be written"};
    std::string bytes = taken->acknowledgement;
    if (taken->repeated) {
        const std::string stored = "<Result>stored<";
        if (const auto at = bytes.find(stored); at != std::string::npos)
            bytes.replace(at, stored.size(), "<Result>duplicate<");
    }
    return {200, std::move(bytes)};
}

std::string why_not(const MessageFacts& notice, const Conduct& conduct, const std::string& today) {
    if (conduct.is("reject")) return "材料不符合受理条件";
    if (fact(notice, "AddressedTo") != own_centre) return "证明致送其他中心";
    if (fact(notice, "ValidUntil") < today) return "证明已过有效期";
    return "";
}

// A certificate serves one application.
Result<bool> used_for_another(OfficeSetting& setting, const MessageFacts& notice) {
    const std::string certificate = fact(notice, "CertificateNo");
    const std::string application = fact(notice, "ApplicationNo");
    bool another = false;
    const Result<Done> done = setting.book->transact([&](Sqlite& database) -> Result<Done> {
        auto insert =
            database.prepare("INSERT OR IGNORE INTO uses(certificate, application) VALUES (?, ?)");
        if (!insert) return std::move(insert).fault();
        insert->bind_text(1, certificate).bind_text(2, application);
        if (auto noted = insert->run(); !noted) return noted;
        auto select =
            database.prepare("SELECT 1 FROM uses WHERE certificate = ? AND application <> ?");
        if (!select) return std::move(select).fault();
        select->bind_text(1, certificate).bind_text(2, application);
        const Result<bool> found = select->step();
        if (!found) return found.fault();
        another = *found;
        return Done{};
    });
    if (!done) return Result<bool>(done.fault());
    return another;
}

Outcome accept_loan(OfficeSetting& setting,
                    const Conduct& conduct,
                    const httplib::Request& request) {
    const Result<MessageFacts> notice = facts_of(request.body);
    const std::string message_no = notice ? fact(*notice, "MessageNo") : "";
    if (message_no.empty()) return {422, "<Rejected/>"};
    const Date today = office_day(setting.plan.population.today);
    std::string reason = why_not(*notice, conduct, iso(today));
    if (reason.empty()) {
        const Result<bool> used = used_for_another(setting, *notice);
        if (!used) return {503, "the database cannot be written"};
        if (*used) reason = "证明已用于其他贷款申请";
    }
    const Result<Taken> taken = setting.book->take_in(
        "certificate/" + message_no, request.body, certificate_receipt(message_no, today, reason));
    if (!taken) return {503, "the database cannot be written"};
    if (taken->other_content) return {409, "<Rejected/>"};
    return {200, taken->acknowledgement};
}

}  // namespace

Result<Done> run_yinchuan_fund(OfficeSetting& setting) {
    const auto made = setting.book->transact([](Sqlite& database) {
        return database.execute(
            "CREATE TABLE IF NOT EXISTS uses(certificate TEXT PRIMARY KEY, application TEXT NOT "
            "NULL)");
    });
    if (!made) return made;
    const auto handle = [&setting](const httplib::Request& request, httplib::Response& response) {
        const Conduct conduct = setting.misconduct.next(request.path.substr(1));
        Misconduct::pause(conduct);
        if (conduct.is("fail")) {
            response.status = 503;
            return;
        }
        if (conduct.is("fault")) {  // a final no
            response.status = 422;
            response.set_content(acknowledgement("-", "rejected", "-"), content_type);
            return;
        }
        Outcome outcome = request.path == "/certificates" ? accept_loan(setting, conduct, request)
                                                          : take_in(setting, request);
        reply(response, conduct, outcome.status, std::move(outcome.bytes), content_type);
    };
    const auto make = [&handle] {
        auto server = std::make_unique<httplib::Server>();
        server->Post("/deliveries", handle);
        server->Post("/certificates", handle);
        return std::unique_ptr<httplib::Server>(std::move(server));
    };
    return serve_http(setting, make, {{"path", "/deliveries"}});
}

}  // namespace tongban::sandbox
