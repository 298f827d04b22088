#include "hub/api/peer.h"

#include <algorithm>
#include <utility>

#include <cctype>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/log.h"

namespace tongban::api {

namespace transport = apache::thrift::transport;

namespace {

struct FreeX509 {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

std::string name_entry(X509* certificate, int nid) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    // One entry and no more: a second CN must not be able to say something else.
    if (at < 0 || X509_NAME_get_index_by_NID(subject, nid, at) >= 0) return {};
    unsigned char* utf8 = nullptr;
    const int length =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (length < 0) return {};
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length));
    OPENSSL_free(utf8);
    return text;
}

std::string serial_of(X509* certificate) {
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    if (number == nullptr) return {};
    char* text = BN_bn2hex(number);
    std::string serial = text == nullptr ? "" : text;
    OPENSSL_free(text);
    BN_free(number);
    std::transform(serial.begin(), serial.end(), serial.begin(), [](unsigned char c) {
        return std::tolower(c);
    });
    return serial;
}

}  // namespace

PeerWatch::PeerWatch(const DoorConfig& door)
    : door_(door), thread_([this](const std::stop_token& stop) { run(stop); }) {}

PeerWatch::~PeerWatch() {
    thread_.request_stop();
    thread_.join();
}

void PeerWatch::enter(int socket, Phase phase) {
    auto watched = watched_.lock();
    Watched& entry = (*watched)[socket];
    // Bytes that trickle in do not start the clock anew.
    if (phase == Phase::receiving &&
        (entry.phase == Phase::receiving || entry.phase == Phase::handshake))
        return;
    entry = {phase, Steady::now()};
}

void PeerWatch::leave(int socket) {
    watched_.lock()->erase(socket);
}

void PeerWatch::close_all() {
    auto watched = watched_.lock();
    for (const auto& [socket, entry] : *watched) {
        ::shutdown(socket, entry.phase == Phase::handling ? SHUT_RD : SHUT_RDWR);
    }
}

std::size_t PeerWatch::count() {
    return watched_.lock()->size();
}

void PeerWatch::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "peer-watch");
    const auto shortest = std::min({door_.handshake, door_.receive, door_.idle});
    const auto pause =
        std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
    while (!stop.stop_requested()) {
        {
            auto watched = watched_.lock();
            const Steady::time_point now = Steady::now();
            for (const auto& [socket, entry] : *watched) {
                std::chrono::milliseconds limit = std::chrono::hours(24);
                switch (entry.phase) {
                    case Phase::handshake:
                        limit = door_.handshake;
                        break;
                    case Phase::receiving:
                        limit = door_.receive;
                        break;
                    case Phase::idle:
                        limit = door_.idle;
                        break;
                    case Phase::handling:
                        continue;
                }
                if (now - entry.since > limit) ::shutdown(socket, SHUT_RDWR);
            }
        }
        std::this_thread::sleep_for(pause);
    }
}

PeerSocket::PeerSocket(std::shared_ptr<transport::SSLContext> context,
                       THRIFT_SOCKET socket,
                       std::shared_ptr<THRIFT_SOCKET> interrupt,
                       std::shared_ptr<PeerWatch> watch)
    : TSSLSocket(std::move(context), socket, std::move(interrupt)),
      watch_(std::move(watch)),
      watched_socket_(socket) {
    watch_->enter(watched_socket_, PeerWatch::Phase::handshake);
}

PeerSocket::~PeerSocket() {
    PeerSocket::close();
}

uint32_t PeerSocket::read(uint8_t* buffer, uint32_t length) {
    const uint32_t got = TSSLSocket::read(buffer, length);
    if (got > 0) watch_->enter(watched_socket_, PeerWatch::Phase::receiving);
    return got;
}

void PeerSocket::flush() {
    TSSLSocket::flush();
    unsent_ = nullptr;
    watch_->enter(watched_socket_, PeerWatch::Phase::idle);
}

void PeerSocket::close() {
    if (watched_socket_ >= 0)
        watch_->leave(watched_socket_);  // before the number can be somebody else's
    watched_socket_ = -1;
    if (unsent_) std::exchange(unsent_, nullptr)();
    TSSLSocket::close();
}

bool PeerSocket::there() const {
    pollfd peer{watched_socket_, POLLRDHUP, 0};
    return ::poll(&peer, 1, 0) <= 0 || (peer.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

std::optional<exchange::Caller> PeerSocket::caller() {
    watch_->enter(watched_socket_, PeerWatch::Phase::handling);
    if (caller_) return caller_;
    if (ssl_ == nullptr || SSL_get_verify_result(ssl_) != X509_V_OK) return std::nullopt;
    const std::unique_ptr<X509, FreeX509> certificate(SSL_get1_peer_certificate(ssl_));
    if (!certificate) return std::nullopt;
    exchange::Caller caller{name_entry(certificate.get(), NID_commonName),
                            name_entry(certificate.get(), NID_organizationalUnitName),
                            serial_of(certificate.get())};
    if (caller.member.empty() || caller.role.empty() || caller.serial.empty()) return std::nullopt;
    caller_ = std::move(caller);
    return caller_;
}

PeerSocketFactory::PeerSocketFactory(const TlsConfig& tls, std::shared_ptr<PeerWatch> watch)
    : TSSLSocketFactory(transport::SSLTLS), watch_(std::move(watch)) {
    SSL_CTX* context = ctx_->get();
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(
        context, 0);  // a resumed session would skip the client's certificate, and costs 250 us
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    loadCertificate(tls.certificate.c_str());
    loadPrivateKey(tls.key.c_str());
    loadTrustedCertificates(tls.authority.c_str());
    authenticate(true);
    server(true);
}

std::shared_ptr<transport::TSSLSocket> PeerSocketFactory::createSocket(THRIFT_SOCKET socket) {
    return createSocket(socket, nullptr);
}

std::shared_ptr<transport::TSSLSocket> PeerSocketFactory::createSocket(
    THRIFT_SOCKET socket, std::shared_ptr<THRIFT_SOCKET> interrupt) {
    auto peer = std::make_shared<PeerSocket>(ctx_, socket, std::move(interrupt), watch_);
    peer->server(true);
    return peer;
}

}  // namespace tongban::api
