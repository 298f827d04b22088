#include "connectors/soap/soap_connector.h"

#include <utility>

#include "connectors/http/http_client.h"
#include "connectors/native_fields.h"

namespace tongban::connectors {
namespace {

constexpr std::string_view fault_path = "/Envelope/Body/Fault/faultcode";

struct SoapSettings {
    HttpSettings http;
    std::vector<HttpHeader> headers;
    std::string message_header;  // "": none
    std::string key_header;
    std::string fault_code;
    KindTable faults;
    std::string result_code;
    KindTable results;
};

std::string without_prefix(const std::string& code) {
    const auto colon = code.rfind(':');
    return colon == std::string::npos ? code : code.substr(colon + 1);
}

// A code of ours stays short and plain, whatever an office writes into its own.
std::string code_text(std::string_view code) {
    std::string text;
    for (const char c : code.substr(0, 48)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        text.push_back(plain ? c : '_');
    }
    return text;
}

class SoapConnector final : public Connector {
public:
    explicit SoapConnector(SoapSettings settings)
        : settings_(std::move(settings)), client_(settings_.http) {}

    Answer ask(const Question& question, Deadline deadline) override {
        HttpRequest request;
        request.url = settings_.http.url;
        request.headers = settings_.headers;
        if (!settings_.message_header.empty())
            request.headers.push_back({settings_.message_header, question.message_no});
        if (!settings_.key_header.empty() && !question.op_key.empty())
            request.headers.push_back({settings_.key_header, question.op_key});
        request.body = question.native;
        auto reply = client_.send(request, deadline);
        if (!reply) return not_answered(AnswerKind::unavailable, http_reason(reply.fault()));
        return read_reply(std::move(*reply));
    }

    void stop() override { client_.stop(); }

private:
    [[nodiscard]] Answer read_reply(HttpReply reply) const {
        const bool may_hold_fault =
            reply.status != 200 || reply.body.find("Fault") != std::string::npos;
        if (!may_hold_fault && settings_.result_code.empty()) {
            return answered(std::move(reply.body));
        }

        const auto fields = read_native_fields(
            reply.body,
            NativeFormat::xml,
            {std::string(fault_path), settings_.fault_code, settings_.result_code});
        if (fields && fields->values.contains(std::string(fault_path))) return fault_of(*fields);
        if (reply.status != 200) {
            return not_answered(AnswerKind::unavailable,
                                "http.status." + std::to_string(reply.status));
        }
        if (fields && !settings_.result_code.empty()) {
            const std::string code = fields->value(settings_.result_code);
            const auto kind = settings_.results.find(code);
            if (kind != settings_.results.end() && kind->second != AnswerKind::answered) {
                return not_answered(kind->second, "soap.result." + code_text(code));
            }
        }
        return answered(std::move(reply.body));
    }

    [[nodiscard]] Answer fault_of(const NativeFields& fields) const {
        std::string code = without_prefix(fields.value(settings_.fault_code));
        if (code.empty()) code = without_prefix(fields.value(fault_path));
        const auto kind = settings_.faults.find(code);
        return not_answered(kind == settings_.faults.end() ? AnswerKind::unavailable : kind->second,
                            "soap.fault." + code_text(code));
    }

    const SoapSettings settings_;
    HttpClient client_;
};

}  // namespace

std::shared_ptr<Connector> make_soap_connector(const YamlValue& settings) {
    auto keys = http_setting_keys();
    keys.insert(keys.end(),
                {"soap_action",
                 "charset",
                 "headers",
                 "message_header",
                 "key_header",
                 "fault_code",
                 "faults",
                 "result_code",
                 "results"});
    const YamlMap map = settings.map(keys);
    SoapSettings read;
    read.http = read_http_settings(map);
    read.headers = read_http_headers(map.find("headers"));
    read.headers.push_back(
        {"Content-Type", "text/xml; charset=" + map.text_or("charset", "UTF-8")});
    read.headers.push_back({"SOAPAction", "\"" + map.text_or("soap_action", "") + "\""});
    read.message_header = map.text_or("message_header", "");
    read.key_header = map.text_or("key_header", "");
    read.fault_code = map.text_or("fault_code", fault_path);
    read.faults = read_kind_table(map.find("faults"));
    read.result_code = map.text_or("result_code", "");
    read.results = read_kind_table(map.find("results"));
    return std::make_shared<SoapConnector>(std::move(read));
}

}  // namespace tongban::connectors
