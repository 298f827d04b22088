// What Xi'an's co-operation service (异地贷款协同) answers.
#include "base/crypto.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view soap_namespace = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view service_namespace = "urn:610100:gjj:yddkxt:1";

class Envelope {
public:
    explicit Envelope(std::string_view payload) {
        x.open("Envelope", namespaced("xmlns:soapenv", soap_namespace));
        x.open("Body");
        x.prefix("gjj:");
        x.open(payload, namespaced("xmlns:gjj", service_namespace));
    }
    std::string seal() {
        x.close().close().close();
        return x.take();
    }
    XmlText x{"GB18030", "soapenv:"};
};

}  // namespace

std::string eligibility_answer(std::string_view message_no,
                               std::string_view refusal,
                               std::string_view checked_at) {
    Envelope e("KJZMTJResponse");
    e.x.leaf("bwh", message_no).leaf("sfjb", refusal.empty() ? "1" : "2");
    e.x.leaf_if("yydm", refusal).leaf("hcsj", checked_at);
    return e.seal();
}

std::string issue_answer(const Certificate& certificate, std::string_view message_no) {
    Envelope e("SQZMResponse");
    const Date until = date_of_days(days_since_1970(certificate.issued) + certificate.valid_days);
    e.x.leaf("ywbh", message_no).leaf("sljg", "1").leaf("yxqz", compact(until));
    write_xian_certificate(e.x, certificate);
    return e.seal();
}

std::string issue_refusal(std::string_view message_no, std::string_view refusal) {
    Envelope e("SQZMResponse");
    e.x.leaf("ywbh", message_no).leaf("sljg", "2").leaf("yydm", refusal);
    return e.seal();
}

std::string mark_answer(std::string_view message_no, Date today, bool marked) {
    Envelope e("DKHZResponse");
    e.x.leaf("YWBH", message_no).leaf("BJZT", marked ? "01" : "02");
    e.x.leaf("BJBH", "BJ" + compact(today) + hex(sha256(message_no)).substr(0, 8));
    e.x.leaf("BJRQ", compact(today));
    return e.seal();
}

std::string position_answer(std::string_view message_no, Date today, bool noted) {
    Envelope e("DKHKResponse");
    e.x.leaf("YWBH", message_no).leaf("DJJG", noted ? "1" : "2").leaf("DJRQ", compact(today));
    return e.seal();
}

std::string lift_answer(std::string_view message_no, Date today, bool lifted) {
    Envelope e("DKJQResponse");
    e.x.leaf("YWBH", message_no).leaf("JCJG", lifted ? "1" : "2").leaf("JCRQ", compact(today));
    return e.seal();
}

std::string revocation_notice(const World& world,
                              const RemoteLoan& loan,
                              std::string_view serial,
                              std::string_view reason) {
    const Person& holder = world.certificate.holder;
    Envelope e("ZMZFNotice");
    e.x.leaf("TZBH", serial).leaf("JBR", "XA-1007").leaf("ZMBH", loan.certificate);
    e.x.leaf("SQBH", loan.application).leaf("XingMing", holder.name);
    e.x.leaf("ZJLX", xian_id(holder.id_kind)).leaf("ZJHM", holder.id_number);
    e.x.leaf("ZFRQ", compact(world.today)).leaf("ZFYYDM", reason);
    return e.seal();
}

}  // namespace tongban::sandbox
