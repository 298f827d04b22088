#include "connectors/http/http_client.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <curl/curl.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/guarded.h"
#include "base/text.h"

namespace tongban::connectors {
namespace {

void prepare_curl() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Received {
    std::string body;
    std::size_t limit = 0;
    bool too_large = false;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* sink) {
    auto& received = *static_cast<Received*>(sink);
    const std::size_t bytes = size * count;
    if (bytes > received.limit - received.body.size()) {
        received.too_large = true;
        return 0;
    }
    received.body.append(data, bytes);
    return bytes;
}

int give_up_when_stopped(void* stopped, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<std::atomic<bool>*>(stopped) ? 1 : 0;
}

class HeaderList {
public:
    HeaderList() = default;
    ~HeaderList() { curl_slist_free_all(list_); }
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
    [[nodiscard]] curl_slist* get() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

Fault fault_of(CURLcode code, bool too_large) {
    if (too_large) return {FaultKind::refused, "answer.too_large", "the answer exceeds its limit"};
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return {FaultKind::expired, "timeout", "no answer within the deadline"};
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST:
            return {FaultKind::unavailable, "connect", "the office cannot be reached"};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return {FaultKind::unavailable, "tls", "the office's TLS identity does not verify"};
        default:
            return {FaultKind::unavailable, "transfer", curl_easy_strerror(code)};
    }
}

bool readable_by_others(const std::string& path) {
    struct stat facts{};
    return stat(path.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

std::string read_secret(const YamlValue& file) {
    const std::string path = file.text();
    if (readable_by_others(path)) {
        file.fault("a secret's file must be readable by its owner only");
        return "";
    }
    auto bytes = read_file(path, 64U << 10);
    if (!bytes) {
        file.fault("the secret's file cannot be read");
        return "";
    }
    return trim(*bytes);
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
    static_cast<void>(curl_easy_setopt(handle, option, value));
}

void set_transfer(CURL* handle, const HttpSettings& settings, long left_ms, long connect_ms) {
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_TIMEOUT_MS, left_ms);
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca.empty()) set(handle, CURLOPT_CAINFO, settings.ca.c_str());
    if (!settings.pin.empty()) set(handle, CURLOPT_PINNEDPUBLICKEY, settings.pin.c_str());
    if (!settings.certificate.empty()) {
        set(handle, CURLOPT_SSLCERT, settings.certificate.c_str());
        set(handle, CURLOPT_SSLKEY, settings.key.c_str());
    }
}

void set_request(CURL* handle, const HttpRequest& request) {
    set(handle, CURLOPT_URL, request.url.c_str());
    if (request.method == "GET") {
        set(handle, CURLOPT_HTTPGET, 1L);
        return;
    }
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(handle, CURLOPT_POSTFIELDS, request.body.data());
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
}

}  // namespace

struct HttpClient::Handles {
    Guarded<std::vector<CURL*>> idle;

    ~Handles() {
        auto handles = idle.lock();
        for (CURL* handle : *handles)
            curl_easy_cleanup(handle);
    }

    CURL* take() {
        {
            auto handles = idle.lock();
            if (!handles->empty()) {
                CURL* handle = handles->back();
                handles->pop_back();
                return handle;
            }
        }
        return curl_easy_init();
    }

    void give_back(CURL* handle) {
        curl_easy_reset(handle);  // keeps the live connections
        idle.lock()->push_back(handle);
    }
};

std::vector<std::string_view> http_setting_keys() {
    return {"url", "ca", "pin", "certificate", "key", "max_answer", "connect_timeout_ms"};
}

HttpSettings read_http_settings(const YamlMap& settings) {
    HttpSettings result;
    result.url = settings.text("url");
    if (!result.url.starts_with("http://") && !result.url.starts_with("https://")) {
        settings.at("url").fault("expected an address that begins with http:// or https://");
    }
    result.ca = settings.text_or("ca", "");
    result.pin = settings.text_or("pin", "");
    result.certificate = settings.text_or("certificate", "");
    result.key = settings.text_or("key", "");
    const auto limit =
        settings.integer_or("max_answer", static_cast<std::int64_t>(result.max_answer));
    result.max_answer = static_cast<std::size_t>(std::max<std::int64_t>(limit, 1));
    result.connect_timeout_ms =
        settings.integer_or("connect_timeout_ms", result.connect_timeout_ms);
    return result;
}

std::vector<HttpHeader> read_http_headers(const YamlValue& headers) {
    std::vector<HttpHeader> result;
    if (!headers.exists()) return result;
    for (const auto& [name, value] : headers.open_map().entries()) {
        std::string text =
            value.is_map() ? read_secret(value.map({"file"}).at("file")) : value.text();
        if ((name + text).find_first_of("\r\n") != std::string::npos) {
            value.fault("a header cannot hold a line break");
        }
        result.push_back({name, std::move(text)});
    }
    return result;
}

HttpClient::HttpClient(HttpSettings settings)
    : settings_(std::move(settings)), handles_(std::make_unique<Handles>()) {
    prepare_curl();
}

HttpClient::~HttpClient() = default;

Result<HttpReply> HttpClient::send(const HttpRequest& request, Deadline deadline) {
    const auto left = deadline.left().count();
    if (left <= 0) return Fault{FaultKind::expired, "timeout", "the deadline has passed"};
    CURL* handle = handles_->take();
    if (handle == nullptr) return Fault{FaultKind::internal, "curl", "no handle"};

    Received received;
    received.limit = settings_.max_answer;
    HeaderList headers;
    headers.add("Expect:");  // offices answer 417 to it, or wait
    headers.add("Accept-Encoding: identity");
    for (const HttpHeader& header : request.headers)
        headers.add(header.name + ": " + header.value);

    const std::int64_t connect_ms = std::min<std::int64_t>(left, settings_.connect_timeout_ms);
    set_transfer(handle, settings_, static_cast<long>(left), static_cast<long>(connect_ms));
    set_request(handle, request);
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    set(handle, CURLOPT_WRITEFUNCTION, &take);
    set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&received));
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_XFERINFOFUNCTION, &give_up_when_stopped);
    set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(&stopped_));

    const CURLcode code = curl_easy_perform(handle);
    HttpReply reply;
    if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
        const char* type = nullptr;
        curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
        if (type != nullptr) reply.content_type = type;
    }
    handles_->give_back(handle);
    if (code != CURLE_OK) return fault_of(code, received.too_large);
    reply.body = std::move(received.body);
    return reply;
}

std::string http_reason(const Fault& fault) {
    return "http." + fault.where;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string result;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            result.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result.push_back('%');
            result.push_back(digits[byte >> 4U]);
            result.push_back(digits[byte & 15U]);
        }
    }
    return result;
}

}  // namespace tongban::connectors
