#include "connectors/http_json/http_json_connector.h"

#include <utility>

#include "base/json.h"
#include "connectors/http/http_client.h"
#include "connectors/native_fields.h"

namespace tongban::connectors {
namespace {

struct HttpJsonSettings {
    HttpSettings http;
    std::string method;
    std::string path;
    std::vector<HttpHeader> headers;
    std::string message_header;
    std::string key_header;  // "": none
    KindTable statuses{
        {"200", AnswerKind::answered},
        {"204", AnswerKind::no_record},
        {"403", AnswerKind::refused},
        {"404", AnswerKind::no_record},
        {"409", AnswerKind::ambiguous},
        {"451", AnswerKind::refused},
        {"501", AnswerKind::not_covered},
    };
    std::string code;
    KindTable codes;
};

std::string with_message_no(std::string text, const std::string& message_no) {
    constexpr std::string_view mark = "{message_no}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        const std::string encoded = percent_encoded(message_no);
        text.replace(at, mark.size(), encoded);
        at += encoded.size();
    }
    return text;
}

// Nothing when the question is not an object of scalars.
Result<std::string> query_string(const std::string& question) {
    auto parsed = parse_json(question);
    if (!parsed) return std::move(parsed).fault();
    if (!parsed->is_object()) return Fault{FaultKind::malformed, "question", "not a JSON object"};
    std::string query;
    for (const auto& [name, value] : parsed->items()) {
        if (value.is_structured()) {
            return Fault{FaultKind::malformed, name, "a query string holds scalars only"};
        }
        if (value.is_null()) continue;
        query += query.empty() ? "?" : "&";
        query += percent_encoded(name) + "=" +
                 percent_encoded(value.is_string() ? value.get<std::string>() : value.dump());
    }
    return query;
}

class HttpJsonConnector final : public Connector {
public:
    explicit HttpJsonConnector(HttpJsonSettings settings)
        : settings_(std::move(settings)), client_(settings_.http) {}

    Answer ask(const Question& question, Deadline deadline) override {
        HttpRequest request;
        request.method = settings_.method;
        request.url = settings_.http.url + with_message_no(settings_.path, question.message_no);
        request.headers = settings_.headers;
        request.headers.push_back({settings_.message_header, question.message_no});
        if (!settings_.key_header.empty() && !question.op_key.empty())
            request.headers.push_back({settings_.key_header, question.op_key});
        if (settings_.method == "GET") {
            auto query = query_string(question.native);
            if (!query) return not_answered(AnswerKind::unavailable, "http_json.question");
            request.url += *query;
        } else {
            request.body = question.native;
        }
        auto reply = client_.send(request, deadline);
        if (!reply) return not_answered(AnswerKind::unavailable, http_reason(reply.fault()));
        return read_reply(std::move(*reply));
    }

    void stop() override { client_.stop(); }

private:
    [[nodiscard]] Answer read_reply(HttpReply reply) const {
        const std::string status = std::to_string(reply.status);
        const auto by_status = settings_.statuses.find(status);
        const AnswerKind kind =
            by_status == settings_.statuses.end() ? AnswerKind::unavailable : by_status->second;
        if (!settings_.code.empty()) {
            const auto fields =
                read_native_fields(reply.body, NativeFormat::json, {settings_.code});
            const auto by_code = fields ? settings_.codes.find(fields->value(settings_.code))
                                        : settings_.codes.end();
            if (by_code != settings_.codes.end()) {
                // A business code is more exact than the status that carries it.
                if (by_code->second != AnswerKind::answered) {
                    return not_answered(by_code->second, "http_json.code." + by_code->first);
                }
                return answered(std::move(reply.body));
            }
        }
        if (kind != AnswerKind::answered) return not_answered(kind, "http.status." + status);
        return answered(std::move(reply.body));
    }

    const HttpJsonSettings settings_;
    HttpClient client_;
};

}  // namespace

std::shared_ptr<Connector> make_http_json_connector(const YamlValue& settings) {
    auto keys = http_setting_keys();
    keys.insert(
        keys.end(),
        {"method", "path", "headers", "statuses", "code", "codes", "message_header", "key_header"});
    const YamlMap map = settings.map(keys);
    HttpJsonSettings read;
    read.http = read_http_settings(map);
    read.method = map.text_or("method", "POST");
    if (read.method != "POST" && read.method != "GET" && read.method != "PUT") {
        map.at("method").fault("expected POST, PUT or GET");
    }
    read.path = map.text_or("path", "");
    read.headers = read_http_headers(map.find("headers"));
    read.headers.push_back({"Accept", "application/json"});
    if (read.method != "GET") read.headers.push_back({"Content-Type", "application/json"});
    read.message_header = map.text_or("message_header", "X-Message-No");
    read.key_header = map.text_or("key_header", "");
    for (const auto& [status, kind] : read_kind_table(map.find("statuses"))) {
        read.statuses[status] = kind;
    }
    read.code = map.text_or("code", "");
    read.codes = read_kind_table(map.find("codes"));
    return std::make_shared<HttpJsonConnector>(std::move(read));
}

}  // namespace tongban::connectors
