// HttpClient: the one place that speaks HTTP to an office, over libcurl.
//
// No redirects, no proxies of the environment, no cookies, no protocol but http and https; the
// answer is bounded in bytes while it arrives, and every wait is bounded by the caller's deadline.
// TLS verifies the chain and the host name against a configured authority, and the key itself where
// a pin is given.
//
// Threads: safe from any thread; connections are kept and shared.
// Faults:  unavailable ("connect", "tls", "transfer"), expired ("timeout"), refused
// ("answer.too_large").
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/yaml.h"

namespace tongban::connectors {

struct HttpSettings {
    std::string url;
    std::string ca;           // PEM file; empty: the system's authorities
    std::string pin;          // "sha256//<base64>" of the server's public key, or empty
    std::string certificate;  // PEM files of our own, for offices that ask for one
    std::string key;
    std::size_t max_answer = 8U << 20;
    std::int64_t connect_timeout_ms = 3000;
};

// The keys that read_http_settings takes, for loaders that add their own.
std::vector<std::string_view> http_setting_keys();
HttpSettings read_http_settings(const YamlMap& settings);

struct HttpHeader {
    std::string name;
    std::string value;
};
// `headers: {X-Api-Key: {file: path}, Accept: application/json}`; a secret stands in a file that
// only its owner reads.
std::vector<HttpHeader> read_http_headers(const YamlValue& headers);

struct HttpRequest {
    std::string method = "POST";
    std::string url;
    std::vector<HttpHeader> headers;
    std::string body;
};

struct HttpReply {
    int status = 0;
    std::string content_type;
    std::string body;
};

class HttpClient {
public:
    explicit HttpClient(HttpSettings settings);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    [[nodiscard]] const HttpSettings& settings() const { return settings_; }
    Result<HttpReply> send(const HttpRequest& request, Deadline deadline);
    void stop() { stopped_ = true; }  // transfers under way end within a second

private:
    struct Handles;
    const HttpSettings settings_;
    std::unique_ptr<Handles> handles_;
    std::atomic<bool> stopped_{false};
};

// "http.timeout", "http.connect", ...: the reason code of a fault of send().
std::string http_reason(const Fault& fault);
// RFC 3986: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace tongban::connectors
