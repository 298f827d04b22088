#include "connectors/runtime/connector_config.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/files.h"
#include "base/text.h"

namespace tongban::connectors {
namespace {

int port_of(const YamlMap& map, std::string_view key, bool may_be_any) {
    const auto port = may_be_any ? map.integer_or(key, 0) : map.integer(key);
    if (port < (may_be_any ? 0 : 1) || port > 65535) map.at(key).fault("expected a port number");
    return static_cast<int>(port);
}

std::int64_t bounded(const YamlMap& map,
                     std::string_view key,
                     std::int64_t fallback,
                     std::int64_t least,
                     std::int64_t most) {
    const auto value = map.integer_or(key, fallback);
    if (value < least || value > most) {
        map.at(key).fault("expected " + std::to_string(least) + " to " + std::to_string(most));
    }
    return std::clamp(value, least, most);
}

HubPlace read_hub(const YamlValue& value) {
    const YamlMap map =
        value.map({"id", "host", "rpc_port", "lease_port", "ca", "certificate", "key", "log_vkey"});
    HubPlace hub;
    hub.id = map.text("id");
    hub.host = map.text("host");
    hub.rpc_port = port_of(map, "rpc_port", false);
    hub.lease_port = port_of(map, "lease_port", false);
    hub.ca = map.text("ca");
    hub.certificate = map.text("certificate");
    hub.key = map.text("key");
    const YamlValue vkey = map.find("log_vkey");
    if (vkey.exists() && vkey.is_map()) {
        const YamlValue file = vkey.map({"file"}).at("file");
        auto text = read_file(file.text(), 4096);
        if (text) {
            hub.log_vkey = trim(*text);
        } else {
            file.fault("the log's verifier key cannot be read");
        }
    } else if (vkey.exists()) {
        hub.log_vkey = vkey.text();
    }
    return hub;
}

// The protocol's own settings stand under a key named after it.
template <typename Makers>
auto read_protocol(const YamlValue& value,
                   std::vector<std::string_view> keys,
                   const Makers& makers,
                   std::int64_t& timeout_ms) {
    const std::string protocol = value.open_map().text("protocol");
    keys.insert(keys.end(), {"protocol", "timeout_ms", protocol});
    const YamlMap map = value.map(keys);
    timeout_ms = bounded(map, "timeout_ms", timeout_ms, 10, 86'400'000);
    const auto maker = makers.find(protocol);
    using Made = decltype(maker->second(value));
    if (maker == makers.end()) {
        map.at("protocol").fault("expected a protocol that this program has");
        return Made();
    }
    return maker->second(map.at(protocol));
}

NativeValue read_value(const YamlMap& map, std::string_view key, bool required) {
    NativeValue result;
    const YamlValue value = required ? map.at(key) : map.find(key);
    if (!value.exists()) return result;
    if (value.is_map()) {
        result.path = value.map({"path"}).text("path");
        if (!result.path.starts_with('/')) value.fault("expected a path that begins with /");
    } else {
        result.literal = value.text();
    }
    return result;
}

// As a route of the local endpoint, where other characters would be a pattern; the endpoint's own
// are not to be had.
bool is_path(const std::string& path) {
    if (path == "/health" || path.size() < 2 || path.front() != '/') return false;
    return std::all_of(path.begin(), path.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '-' || c == '_';
    });
}

RequestForm read_form(const YamlValue& value) {
    const YamlMap map = value.map({"at",
                                   "schema",
                                   "format",
                                   "root",
                                   "resource",
                                   "kind",
                                   "kinds",
                                   "purpose",
                                   "request_id",
                                   "officer",
                                   "case",
                                   "consent"});
    RequestForm form;
    form.at = map.text_or("at", form.at);
    if (!is_path(form.at)) map.at("at").fault("expected a path such as /cases/applications");
    form.schema = map.text("schema");
    const std::string format = map.text_or("format", "xml");
    if (format != "xml" && format != "json") map.at("format").fault("expected xml or json");
    form.format = format == "json" ? NativeFormat::json : NativeFormat::xml;
    form.root = map.text_or("root", "");
    form.resource = map.text("resource");
    form.kind = read_value(map, "kind", false);
    if (form.kind.path.empty() && form.kind.literal.empty()) form.kind.literal = "fetch";
    if (map.has("kinds")) {
        for (const auto& [native, kind] : map.at("kinds").open_map().entries()) {
            form.kinds[native] = kind.text();
        }
    }
    form.purpose = read_value(map, "purpose", true);
    form.request_id = read_value(map, "request_id", true);
    form.officer = read_value(map, "officer", true);
    form.case_ref = read_value(map, "case", false);
    if (map.has("consent")) {
        const YamlMap consent =
            map.at("consent").map({"id", "given_at", "valid_until", "channel", "evidence_sha256"});
        form.consent = ConsentPaths{read_value(consent, "id", true),
                                    read_value(consent, "given_at", true),
                                    read_value(consent, "valid_until", true),
                                    read_value(consent, "channel", true),
                                    read_value(consent, "evidence_sha256", true)};
    }
    return form;
}

RequestsConfig read_requests(const YamlValue& value) {
    const YamlMap map =
        value.map({"port", "port_file", "drop_in", "drop_out", "max_body", "wait_ms", "forms"});
    RequestsConfig requests;
    requests.port = port_of(map, "port", true);
    requests.port_file = map.text_or("port_file", "");
    requests.drop_in = map.text_or("drop_in", "");
    requests.drop_out = map.text_or("drop_out", "");
    if (requests.drop_in.empty() != requests.drop_out.empty()) {
        map.self().fault("drop_in and drop_out belong together");
    }
    requests.max_body = static_cast<std::size_t>(bounded(map, "max_body", 1 << 20, 1024, 16 << 20));
    requests.wait_ms = bounded(map, "wait_ms", requests.wait_ms, 0, 60'000);
    for (const YamlValue& form : map.list("forms"))
        requests.forms.push_back(read_form(form));
    return requests;
}

}  // namespace

std::vector<std::string> RequestForm::paths() const {
    std::vector<std::string> paths;
    std::vector<const NativeValue*> values{&kind, &purpose, &request_id, &officer, &case_ref};
    if (consent) {
        values.insert(values.end(),
                      {&consent->id,
                       &consent->given_at,
                       &consent->valid_until,
                       &consent->channel,
                       &consent->evidence_sha256});
    }
    for (const NativeValue* value : values) {
        if (!value->path.empty()) paths.push_back(value->path);
    }
    return paths;
}

ConnectorConfig load_connector_config(const std::string& path,
                                      const Variables& variables,
                                      const Protocols& protocols) {
    auto text = read_file(path, 1U << 20);
    if (!text) throw ConfigError({{path, 0, 0, "the file cannot be read"}});
    const YamlFile file = YamlFile::from_text(expand_variables(*text, variables, path), path);
    const YamlMap map = file.root().map({"member",
                                         "data",
                                         "hub",
                                         "signing_key",
                                         "witness_key",
                                         "lanes",
                                         "lease_jobs",
                                         "lease_wait_ms",
                                         "operations",
                                         "delivery",
                                         "requests",
                                         "engine"});
    ConnectorConfig config;
    config.member = map.text("member");
    config.data = map.text("data");
    config.hub = read_hub(map.at("hub"));
    config.signing_key = map.text("signing_key");
    config.witness_key = map.text_or("witness_key", "");
    config.lanes = static_cast<int>(bounded(map, "lanes", config.lanes, 1, 256));
    config.lease_jobs = static_cast<int>(bounded(map, "lease_jobs", config.lease_jobs, 1, 1024));
    config.lease_wait_ms = bounded(map, "lease_wait_ms", config.lease_wait_ms, 0, 30'000);
    if (map.has("operations")) {
        for (const auto& [name, value] : map.at("operations").open_map().entries()) {
            OperationConfig operation;
            operation.connector = read_protocol(
                value, {"answers", "source"}, protocols.connectors, operation.timeout_ms);
            operation.answers = value.open_map().text_or("answers", "");
            const std::string source = value.open_map().text_or("source", "unknown");
            operation.live = source == "live";
            if (source != "live" && source != "unknown")
                value.fault("source: expected live or unknown");
            config.operations[name] = std::move(operation);
        }
    }
    if (map.has("delivery")) {
        DeliveryConfig delivery;
        delivery.deliverer =
            read_protocol(map.at("delivery"), {}, protocols.deliverers, delivery.timeout_ms);
        config.delivery = std::move(delivery);
    }
    if (map.has("requests")) config.requests = read_requests(map.at("requests"));
    config.engine = map.text_or("engine", "");
    for (const char* folder : {"/schemas", "/mapping"}) {
        if (!config.engine.empty() && !std::filesystem::is_directory(config.engine + folder)) {
            map.at("engine").fault("expected a folder that holds schemas/ and mapping/");
            break;
        }
    }
    file.check();
    return config;
}

}  // namespace tongban::connectors
