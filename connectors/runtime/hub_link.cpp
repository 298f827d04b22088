#include "connectors/runtime/hub_link.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <thrift/Thrift.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLSocket.h>
#include <unistd.h>

namespace tongban::connectors {
namespace {

namespace thrift = apache::thrift;
constexpr std::int64_t most_connecting_ms = 5000;

// The hub is who its certificate names, not where we found it: offices reach it through gateways
// and port forwards.
class HubIdentity final : public thrift::transport::AccessManager {
public:
    explicit HubIdentity(std::string id) : id_(std::move(id)) {}
    Decision verify(const sockaddr_storage&) noexcept override { return SKIP; }
    Decision verify(const std::string&, const char* name, int size) noexcept override {
        return size > 0 && std::string_view(name, static_cast<std::size_t>(size)) == id_ ? ALLOW
                                                                                         : SKIP;
    }
    Decision verify(const sockaddr_storage&, const char*, int) noexcept override { return SKIP; }

private:
    const std::string id_;
};

class Tls13Factory final : public thrift::transport::TSSLSocketFactory {
public:
    explicit Tls13Factory(const HubPlace& hub)
        : TSSLSocketFactory(thrift::transport::SSLTLS) {  // "LATEST" would mean TLS 1.2
        SSL_CTX_set_min_proto_version(ctx_->get(), TLS1_3_VERSION);
        server(false);
        authenticate(true);
        loadTrustedCertificates(hub.ca.c_str());
        loadCertificate(hub.certificate.c_str());
        loadPrivateKey(hub.key.c_str());
        access(std::make_shared<HubIdentity>(hub.id));
    }
};

// The library writes what fails to standard error besides throwing it, in its own words.
void keep_thrift_quiet() {
    static const bool once = [] {
        thrift::GlobalOutput.setOutputFunction([](const char*) {});
        return true;
    }();
    static_cast<void>(once);
}

int bounded_ms(Deadline deadline, std::int64_t most) {
    return static_cast<int>(std::clamp<std::int64_t>(deadline.left().count(), 1, most));
}

struct Why {
    std::string_view sign;  // in what the library says
    std::string_view zh;
    std::string_view en;
};

// Ours instead of the library's words, which name its own classes; the first that fits.
constexpr std::array whys = {
    Why{"refused", "无程序在该地址监听", "nothing listens there"},
    Why{"resolve", "主机名无法解析", "its host name is not known"},
    Why{"Invalid port", "端口无效", "that is no port"},
    Why{"unreachable", "网络不通", "no way leads there"},
    Why{"No route", "网络不通", "no way leads there"},
    Why{"ertificate", "证书未被接受", "a certificate, the hub's or ours, was not accepted"},
    Why{"erify", "证书未被接受", "a certificate, the hub's or ours, was not accepted"},
    Why{"uthorize", "证书未被接受", "its certificate names another hub"},
    Why{"SSL", "TLS 连接未能建立", "no TLS connection came about"},
    Why{"nterrupt", "已中断", "we were told to stop"},
    Why{"imed out", "未在时限内应答", "no answer came in time"},
    Why{"imeout", "未在时限内应答", "no answer came in time"},
    Why{"EAGAIN", "未在时限内应答", "no answer came in time"},
};

}  // namespace

Fault unreachable(const HubPlace& hub, int port, Reach reach, const std::exception& failure) {
    const std::string_view said = failure.what();
    Why why{"", "连接中断", "the connection broke"};
    const auto* const found = std::find_if(whys.begin(), whys.end(), [said](const Why& one) {
        return said.find(one.sign) != std::string_view::npos;
    });
    if (found != whys.end()) why = *found;
    const std::string address = hub.host + ":" + std::to_string(port);
    const std::string zh(why.zh);
    const std::string en(why.en);
    if (reach == Reach::connected)
        return Fault{FaultKind::unavailable,
                     "hub",
                     "枢纽 " + address + " 未答复：" + zh + " / the hub at " + address +
                         " did not answer: " + en + "; ask again"};
    return Fault{FaultKind::unavailable,
                 "hub",
                 "无法连接枢纽 " + address + "：" + zh + " / the hub at " + address +
                     " cannot be reached: " + en +
                     "; see that it runs, and that address and port are its own"};
}

Interrupter::Interrupter() {
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        throw std::runtime_error("no socket pair for the interrupter");
    }
    trigger_ = pair[0];
    listener_ = std::shared_ptr<int>(new int(pair[1]), [](const int* socket) {
        close(*socket);
        delete socket;
    });
}

Interrupter::~Interrupter() {
    close(trigger_);
}

void Interrupter::fire() {
    static_cast<void>(send(trigger_, "x", 1, MSG_NOSIGNAL));
}

Channel open_channel(const HubPlace& hub,
                     int port,
                     const Interrupter& interrupter,
                     Deadline deadline) {
    keep_thrift_quiet();
    auto factory = std::make_shared<Tls13Factory>(hub);
    auto socket = factory->createSocket(hub.host, port, interrupter.listener());
    socket->setConnTimeout(bounded_ms(deadline, most_connecting_ms));
    socket->setRecvTimeout(bounded_ms(deadline, 120'000));
    socket->setSendTimeout(bounded_ms(deadline, 120'000));
    auto framed = std::make_shared<thrift::transport::TFramedTransport>(socket);
    framed->open();
    Channel channel;
    channel.protocol = std::make_shared<thrift::protocol::TCompactProtocol>(framed);
    channel.socket = socket;
    channel.factory = factory;
    return channel;
}

void set_channel_timeout(Channel& channel, Deadline deadline) {
    auto& socket = *static_cast<thrift::transport::TSSLSocket*>(channel.socket.get());
    socket.setRecvTimeout(bounded_ms(deadline, 120'000));
    socket.setSendTimeout(bounded_ms(deadline, 120'000));
}

}  // namespace tongban::connectors
