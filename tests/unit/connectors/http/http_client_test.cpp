#include "connectors/http/http_client.h"

#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "connectors/http/http_deliverer.h"
#include "tests/support/office_service.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::OfficeService;
using support::TemporaryFolder;

namespace {

void ok(const httplib::Request&, httplib::Response& response) {
    response.set_content("ok", "text/plain");
}

// A demo authority and a certificate of it for the loopback address.
struct Authority {
    TemporaryFolder folder;
    std::string ca = folder / "ca.pem";
    std::string certificate = folder / "tls.pem";
    std::string key = folder / "tls.key";

    explicit Authority(const std::string& name) {
        const PrivateKey authority = PrivateKey::generate(Suite::es256);
        CertificateRequest root;
        root.common_name = "test authority";
        root.organisational_unit = "hub";
        root.authority = true;
        const std::string root_pem = issue_self_signed(authority, root);
        const PrivateKey server = PrivateKey::generate(Suite::es256);
        CertificateRequest request;
        request.common_name = name;
        request.organisational_unit = "hub";
        request.dns_names = {name};
        write(ca, root_pem);
        write(certificate, issue_certificate(authority, root_pem, server.public_key(), request));
        write(key, server.pem());
    }

    static void write(const std::string& path, const std::string& text) {
        BOOST_REQUIRE(write_file_durably(path, text, Access::owner_only).ok());
    }

    [[nodiscard]] std::unique_ptr<httplib::Server> server() const {
        return std::make_unique<httplib::SSLServer>(certificate.c_str(), key.c_str());
    }
};

Result<HttpReply> get(const std::string& url, const std::string& ca, const std::string& pin = "") {
    HttpSettings settings;
    settings.url = url;
    settings.ca = ca;
    settings.pin = pin;
    HttpClient client(settings);
    return client.send({"GET", url, {}, ""}, Deadline::after(5s));
}

Acknowledgement delivered(const std::string& url, const std::string& more = "") {
    auto file = YamlFile::from_text("url: " + url + "/receive\ncontent_type: text/xml\n" + more,
                                    "delivery.yaml");
    auto deliverer = make_http_deliverer(file.root());
    file.check();
    return deliverer->deliver({"X1", "J1", "00000000000000000042", "o/d@1", "<d/>"},
                              Deadline::after(5s));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_client_test)

BOOST_AUTO_TEST_CASE(verifies_the_chain_and_the_host_name) {
    const Authority authority("localhost");
    const Authority other("localhost");
    OfficeService office(authority.server(), ok);
    const std::string port = std::to_string(office.port());
    const auto good = get("https://localhost:" + port, authority.ca);
    BOOST_REQUIRE(good.ok());
    BOOST_TEST(good->body == "ok");
    const auto wrong_authority = get("https://localhost:" + port, other.ca);
    BOOST_REQUIRE(!wrong_authority.ok());
    BOOST_TEST(http_reason(wrong_authority.fault()) == "http.tls");
    const auto wrong_name = get("https://127.0.0.1:" + port, authority.ca);
    BOOST_REQUIRE(!wrong_name.ok());
    BOOST_TEST(http_reason(wrong_name.fault()) == "http.tls");
}

BOOST_AUTO_TEST_CASE(a_pin_must_fit_the_key) {
    const Authority authority("localhost");
    OfficeService office(authority.server(), ok);
    const auto reply = get("https://localhost:" + std::to_string(office.port()),
                           authority.ca,
                           "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    BOOST_REQUIRE(!reply.ok());
    BOOST_TEST(http_reason(reply.fault()) == "http.tls");
}

BOOST_AUTO_TEST_CASE(a_proxy_of_the_environment_is_not_used) {
    OfficeService office(ok);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    const auto reply = get(office.url(), "");
    unsetenv("http_proxy");
    BOOST_TEST(reply.ok());
}

BOOST_AUTO_TEST_CASE(
    a_delivery_carries_our_message_number_and_returns_the_offices_acknowledgement) {
    OfficeService office([](const httplib::Request&, httplib::Response& response) {
        response.set_content("<ack/>", "text/xml");
    });
    const Acknowledgement answer = delivered(office.url());
    BOOST_TEST((answer.reception == Reception::accepted));
    BOOST_TEST(answer.bytes == "<ack/>");
    const auto requests = office.requests();
    BOOST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].get_header_value("X-Message-No") == "00000000000000000042");
    BOOST_TEST(requests[0].body == "<d/>");
}

BOOST_AUTO_TEST_CASE(an_office_may_reject_finally_or_leave_it_uncertain) {
    const auto status = [](int code) {
        return [code](const httplib::Request&, httplib::Response& response) {
            response.status = code;
        };
    };
    OfficeService rejecting(status(422));
    BOOST_TEST((delivered(rejecting.url()).reception == Reception::rejected));
    OfficeService failing(status(503));
    const Acknowledgement uncertain = delivered(failing.url());
    BOOST_TEST((uncertain.reception == Reception::uncertain));
    BOOST_TEST(uncertain.reason == "http.status.503");
    OfficeService duplicate(status(409));
    BOOST_TEST(
        (delivered(duplicate.url(), "accepted: [200, 409]\n").reception == Reception::accepted));
}

BOOST_AUTO_TEST_SUITE_END()
