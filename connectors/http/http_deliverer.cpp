#include "connectors/http/http_deliverer.h"

#include <set>
#include <utility>

#include "connectors/http/http_client.h"

namespace tongban::connectors {
namespace {

struct DeliverySettings {
    HttpSettings http;
    std::string content_type;
    std::string message_header;
    std::vector<HttpHeader> headers;
    std::set<int> accepted{200, 201, 202, 204, 208};
    std::set<int> rejected{400, 422};
};

void read_statuses(const YamlMap& settings, std::string_view key, std::set<int>& statuses) {
    if (!settings.has(key)) return;
    statuses.clear();
    for (const YamlValue& value : settings.list(key)) {
        const auto status = value.integer();
        if (status < 200 || status > 599) value.fault("expected an HTTP status of 200 to 599");
        statuses.insert(static_cast<int>(status));
    }
}

class HttpDeliverer final : public Deliverer {
public:
    explicit HttpDeliverer(DeliverySettings settings)
        : settings_(std::move(settings)), client_(settings_.http) {}

    Acknowledgement deliver(const Handover& handover, Deadline deadline) override {
        HttpRequest request;
        request.url = settings_.http.url;
        request.headers = settings_.headers;
        request.headers.push_back({"Content-Type", settings_.content_type});
        request.headers.push_back({settings_.message_header, handover.message_no});
        request.headers.push_back({"X-Exchange", handover.exchange});
        request.body = handover.document;
        auto reply = client_.send(request, deadline);
        if (!reply) return {Reception::uncertain, "", http_reason(reply.fault())};
        const std::string code = "http.status." + std::to_string(reply->status);
        if (settings_.accepted.contains(reply->status)) {
            return {Reception::accepted, std::move(reply->body), ""};
        }
        if (settings_.rejected.contains(reply->status)) {
            return {Reception::rejected, std::move(reply->body), code};
        }
        return {Reception::uncertain, "", code};
    }

    void stop() override { client_.stop(); }

private:
    const DeliverySettings settings_;
    HttpClient client_;
};

}  // namespace

std::shared_ptr<Deliverer> make_http_deliverer(const YamlValue& settings) {
    auto keys = http_setting_keys();
    keys.insert(keys.end(), {"content_type", "message_header", "headers", "accepted", "rejected"});
    const YamlMap map = settings.map(keys);
    DeliverySettings read;
    read.http = read_http_settings(map);
    read.content_type = map.text_or("content_type", "application/octet-stream");
    read.message_header = map.text_or("message_header", "X-Message-No");
    read.headers = read_http_headers(map.find("headers"));
    read_statuses(map, "accepted", read.accepted);
    read_statuses(map, "rejected", read.rejected);
    return std::make_shared<HttpDeliverer>(std::move(read));
}

}  // namespace tongban::connectors
