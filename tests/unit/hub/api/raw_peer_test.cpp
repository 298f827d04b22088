#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/hub/api/api_fixture.h"

namespace tongban::test {

RawPeer::RawPeer(Door& door, int port, const std::string& file)
    : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_load_verify_locations(context_, (door.hub.city.folder / "pki/ca.pem").c_str(), nullptr);
    if (!file.empty()) {
        SSL_CTX_use_certificate_file(
            context_, (door.hub.city.folder / (file + ".pem")).c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(
            context_, (door.hub.city.folder / (file + ".key")).c_str(), SSL_FILETYPE_PEM);
    }
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                  0);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket_);
}

RawPeer::~RawPeer() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(socket_);
}

void RawPeer::reset() const {
    const linger hard{1, 0};  // close() then sends RST
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

bool RawPeer::handshake() {
    return SSL_connect(ssl_) == 1;
}

void RawPeer::send(const std::string& bytes) {
    SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
}

void RawPeer::send_plain(const std::string& bytes) const {
    static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

void RawPeer::send_in_pieces(const std::string& bytes, std::size_t pieces) {
    BIO* memory = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_, memory);
    SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    char* data = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(memory, &data));
    const std::string record(data, size);
    for (std::size_t i = 0; i < pieces; ++i) {
        const std::size_t from = size * i / pieces;
        send_plain(record.substr(from, size * (i + 1) / pieces - from));
        ::usleep(2'000);  // so that each piece is a segment of its own; nothing is waited for
    }
    SSL_set0_wbio(ssl_, BIO_new_socket(socket_, BIO_NOCLOSE));
}

std::string RawPeer::receive(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t got = 0;
    while (got < count) {
        const int more = SSL_read(ssl_, bytes.data() + got, static_cast<int>(count - got));
        if (more <= 0) return {};
        got += static_cast<std::size_t>(more);
    }
    return bytes;
}

bool RawPeer::closed_within(int ms) {
    const Deadline until = Deadline::after(std::chrono::milliseconds(ms));
    while (!until.passed()) {
        pollfd poll{socket_, POLLIN, 0};
        if (::poll(&poll, 1, static_cast<int>(until.left().count()) + 1) <= 0) continue;
        char buffer[4096];
        if (::recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT) <= 0) return true;
    }
    return false;
}

}  // namespace tongban::test

using namespace tongban;
using test::Client;
using test::Door;
using test::RawPeer;

BOOST_AUTO_TEST_SUITE(raw_peer_test)

namespace {

// A framed compact call of checkpoint(), which every role may make.
std::string checkpoint_call() {
    auto memory = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
    auto framed = std::make_shared<apache::thrift::transport::TFramedTransport>(memory);
    tongban::wire::AuditGatewayClient client(
        std::make_shared<apache::thrift::protocol::TCompactProtocol>(framed));
    client.send_checkpoint();
    return memory->getBufferAsString();
}

bool serves(Door& door) {
    Client<wire::AuditGatewayClient> client(door, door.server->rpc_port(), "connector");
    std::string note;
    client->checkpoint(note);
    return note.find("hub.yc/log") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_record_in_many_pieces_is_one_call) {
    Door door;
    for (const std::size_t pieces : {std::size_t{2}, std::size_t{7}, std::size_t{30}}) {
        BOOST_TEST_CONTEXT(pieces) {
            RawPeer peer(door, door.server->rpc_port(), "connector");
            BOOST_REQUIRE(peer.handshake());
            peer.send_in_pieces(checkpoint_call(), pieces);
            BOOST_TEST(peer.receive(4).size() == 4U);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_a_certificate_nobody_is_heard) {
    Door door;
    RawPeer peer(door, door.server->rpc_port(), "");
    static_cast<void>(
        peer.handshake());  // in TLS 1.3 the client's side may finish before it is refused
    peer.send(checkpoint_call());
    BOOST_TEST(peer.receive(4).empty());
    BOOST_TEST(serves(door));
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_authority_is_not_heard) {
    Door door;
    RawPeer peer(door, door.server->lease_port(), "stranger");
    static_cast<void>(peer.handshake());
    peer.send(checkpoint_call());
    BOOST_TEST(peer.receive(4).empty());
    BOOST_TEST(serves(door));
}

BOOST_AUTO_TEST_CASE(garbage_before_and_inside_tls_closes_that_connection_alone) {
    Door door;
    RawPeer before(door, door.server->rpc_port(), "connector");
    before.send_plain("GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
    BOOST_TEST(before.closed_within(5'000));
    RawPeer inside(door, door.server->rpc_port(), "connector");
    BOOST_REQUIRE(inside.handshake());
    inside.send(std::string("\0\0\0\x10", 4) + "this is no call!");
    BOOST_TEST(inside.receive(4).empty());
    BOOST_TEST(serves(door));
}

BOOST_AUTO_TEST_CASE(an_oversize_frame_is_refused_before_it_is_read) {
    Door door;
    RawPeer peer(door, door.server->rpc_port(), "connector");
    BOOST_REQUIRE(peer.handshake());
    peer.send(std::string("\x0C\0\0\0", 4));  // announces 192 MiB
    BOOST_TEST(peer.receive(4).empty());
    BOOST_TEST(serves(door));
}

BOOST_AUTO_TEST_CASE(whoever_is_slow_in_the_handshake_or_a_request_is_closed) {
    Door door([](api::HubConfig& config) {
        config.door.handshake = std::chrono::milliseconds(150);
        config.door.receive = std::chrono::milliseconds(150);
        config.door.idle = std::chrono::milliseconds(150);
    });
    RawPeer silent(door, door.server->rpc_port(), "connector");
    RawPeer half(door, door.server->rpc_port(), "connector");
    BOOST_REQUIRE(half.handshake());
    half.send(std::string("\0\0\0\x40", 4));
    RawPeer idle(door, door.server->lease_port(), "connector");
    BOOST_REQUIRE(idle.handshake());
    BOOST_TEST(silent.closed_within(5'000));
    BOOST_TEST(half.closed_within(5'000));
    BOOST_TEST(idle.closed_within(5'000));
    BOOST_TEST(serves(door));
}

BOOST_AUTO_TEST_CASE(a_peer_that_resets_harms_nobody) {
    Door door;
    for (int i = 0; i < 10; ++i) {
        RawPeer peer(door, door.server->rpc_port(), "connector");
        BOOST_REQUIRE(peer.handshake());
        peer.send(checkpoint_call());
        peer.reset();
    }
    BOOST_TEST(serves(door));
}

BOOST_AUTO_TEST_SUITE_END()
