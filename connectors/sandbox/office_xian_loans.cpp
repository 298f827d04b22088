// 610100.housing-fund, co-operation service (异地贷款协同): may a certificate be issued, issue it,
// mark the account, note how the loan stands, lift the mark. POST /services/yddkxt, SOAP 1.1,
// GB18030.
//
// What changes something takes its business number (ywbh) once: a repetition gets the first answer
// again, other content under the same number is refused. Beside the usual misconduct, the kind
// being the operation ("SQZM"):
//   refuse-NN    it does not certify, with that reason (yydm)
//   wrong_city   the certificate is addressed to another centre
//   expired      the certificate is older than its validity
//   other_state  the account's state is printed 其他
//   unmarked     the receipt is taken, the account not marked
#include "connectors/sandbox/office_xian_loans.h"

#include "base/crypto.h"
#include "base/text.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/office_clock.h"
#include "connectors/sandbox/records.h"
#include "connectors/sandbox/remote_loan.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view action_prefix = "urn:610100:gjj:yddkxt:1/";
constexpr std::string_view elsewhere = "620100000000000";  // Lanzhou's centre
constexpr std::int64_t long_ago = 90;                      // days

SoapOutcome fault(const char* code, const char* text, const char* note) {
    return {500, soap_fault(code, text), note};
}

std::string compact_now() {
    std::string digits;
    for (const char c : shanghai_seconds()) {
        if (c >= '0' && c <= '9') digits.push_back(c);
    }
    return digits;
}

// The certificate as it is printed today, well or badly.
Certificate printed(const World& world, const Conduct& conduct) {
    Certificate certificate = world.certificate;
    if (conduct.is("wrong_city")) certificate.addressed_to = elsewhere;
    if (conduct.is("other_state")) certificate.state = "99";
    if (conduct.is("expired"))
        certificate.issued = date_of_days(days_since_1970(certificate.issued) - long_ago);
    return certificate;
}

std::string refusal_of(const Conduct& conduct, std::string found) {
    constexpr std::string_view told = "refuse-";
    if (conduct.mode.starts_with(told)) return conduct.mode.substr(told.size());
    return found;
}

class Call {
public:
    Call(OfficeSetting& setting, const Conduct& conduct, const std::string& body)
        : setting_(setting), conduct_(conduct), body_(body) {}

    SoapOutcome answer(std::string_view action) {
        const Result<MessageFacts> facts = facts_of(body_);
        if (!facts) return fault("Client", "报文格式错误", "malformed");
        facts_ = *facts;
        if (action == "KJZMTJ") return eligibility();
        if (action == "SQZM") return certify();
        if (action == "DKHZ") return mark();
        if (action == "DKHK") return note_position();
        if (action == "DKJQ") return lift();
        return fault("Client", "未知的SOAPAction", "unknown action");
    }

private:
    [[nodiscard]] std::string get(std::string_view name) const { return fact(facts_, name); }

    [[nodiscard]] const World* person(std::string_view number) const {
        return conduct_.is("no_record") ? nullptr : setting_.population.find(get(number));
    }

    SoapOutcome eligibility() {
        const World* world = person("zjhm");
        if (world == nullptr) return fault("Client.NoRecord", "无此职工", "no record");
        const std::string refusal = refusal_of(conduct_, refusal_before(*world, get("xingMing")));
        return sent(eligibility_answer(get("bwh"), refusal, compact_now()), "answered");
    }

    SoapOutcome certify() {
        const World* world = person("zjhm");
        if (world == nullptr) return fault("Client.NoRecord", "无此职工", "no record");
        const std::string refusal = refusal_of(conduct_, refusal_after(*world, get("xingMing")));
        const std::string number = get("ywbh");
        return once("SQZM",
                    number,
                    refusal.empty() ? issue_answer(printed(*world, conduct_), number)
                                    : issue_refusal(number, refusal));
    }

    SoapOutcome mark() {
        const World* world = person("JKRZJH");
        if (world == nullptr || get("ZMBH") != world->certificate.number)
            return fault("Client.NoRecord", "无此证明", "no record");
        const bool marked = !conduct_.is("unmarked");
        const Date today = office_day(world->today);
        SoapOutcome outcome = once("DKHZ", get("YWBH"), mark_answer(get("YWBH"), today, marked));
        if (marked && outcome.status == 200 &&
            !setting_.book->set_mark(get("ZMBH"), get("JKHTBH"), true))
            return {503, std::string("the book cannot be written"), "failed"};
        return outcome;
    }

    // Beside a mark that stands; of a month what was told last.
    SoapOutcome note_position() {
        const World* world = person("JKRZJH");
        if (world == nullptr) return fault("Client.NoRecord", "无此职工", "no record");
        const Result<bool> marked = setting_.book->is_marked(get("ZMBH"), get("JKHTBH"));
        if (!marked) return {503, std::string("the book cannot be read"), "failed"};
        SoapOutcome outcome = once(
            "DKHK", get("YWBH"), position_answer(get("YWBH"), office_day(world->today), *marked));
        const LoanPosition position{get("ZMBH"),
                                    get("JKHTBH"),
                                    get("HKNY"),
                                    get("YQQS"),
                                    get("YQJE"),
                                    get("DKYE"),
                                    get("BFTQHK")};
        // As its number was answered first, which may have been before there was a mark.
        const bool noted = outcome.status == 200 && outcome.bytes &&
                           outcome.bytes->find("DJJG>1<") != std::string::npos;
        if (noted && !setting_.book->note_position(position))
            return {503, std::string("the book cannot be written"), "failed"};
        return outcome;
    }

    SoapOutcome lift() {
        const World* world = person("JKRZJH");
        if (world == nullptr) return fault("Client.NoRecord", "无此职工", "no record");
        const Result<bool> marked = setting_.book->set_mark(get("ZMBH"), get("JKHTBH"), false);
        if (!marked) return {503, std::string("the book cannot be read"), "failed"};
        return once(
            "DKJQ", get("YWBH"), lift_answer(get("YWBH"), office_day(world->today), *marked));
    }

    // The first answer under that number, and none beside it.
    SoapOutcome once(std::string_view what, const std::string& number, const std::string& answer) {
        if (number.empty()) return fault("Client", "缺少业务编号", "malformed");
        const Result<Taken> taken =
            setting_.book->take_in(std::string(what) + "/" + number, body_, answer);
        if (!taken) return {503, std::string("the book cannot be written"), "failed"};
        if (taken->other_content) return fault("Client.Conflict", "业务编号重复", "conflict");
        return sent(taken->acknowledgement, taken->repeated ? "repeated" : "answered");
    }

    static SoapOutcome sent(const std::string& utf8, const char* note) {
        return {200, utf8_to_gb18030(utf8), note};
    }

    OfficeSetting& setting_;
    const Conduct& conduct_;
    const std::string& body_;
    MessageFacts facts_;
};

}  // namespace

SoapOutcome answer_loan_call(OfficeSetting& setting,
                             const Conduct& conduct,
                             const std::string& soap_action,
                             const std::string& body) {
    if (conduct.is("fail")) return {503, std::string("Service Unavailable"), "failed"};
    if (conduct.is("fault")) return fault("Server", "核心系统繁忙", "fault");
    std::string_view action = soap_action;
    if (action.starts_with('"') && action.ends_with('"') && action.size() > 1)
        action = action.substr(1, action.size() - 2);
    if (!action.starts_with(action_prefix))
        return fault("Client", "未知的SOAPAction", "unknown action");
    return Call(setting, conduct, body).answer(action.substr(action_prefix.size()));
}

}  // namespace tongban::sandbox
