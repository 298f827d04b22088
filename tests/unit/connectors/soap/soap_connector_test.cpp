#include "connectors/soap/soap_connector.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/office_service.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::OfficeService;

namespace {

constexpr const char* question_bytes =
    "<?xml version=\"1.0\" encoding=\"GB18030\"?><Envelope>\xC2\xED</Envelope>";

std::shared_ptr<Connector> connector_to(const std::string& url, const std::string& more = "") {
    auto file =
        YamlFile::from_text("url: " + url +
                                "/service\nsoap_action: urn:certificate\ncharset: GB18030\n"
                                "connect_timeout_ms: 500\nmax_answer: 4096\n"
                                "faults: {Client.NoRecord: no_record, Client.Refused: refused}\n" +
                                more,
                            "soap.yaml");
    auto connector = make_soap_connector(file.root());
    file.check();
    return connector;
}

Question question() {
    return {"X1", "J1", "00000000000000000001", "o/q@1", question_bytes};
}

std::string fault(const std::string& code) {
    return "<?xml version=\"1.0\"?><s:Envelope "
           "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>"
           "<faultcode>s:" +
           code + "</faultcode><faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>";
}

OfficeService::Reply replies(int status, std::string body) {
    return [status, body](const httplib::Request&, httplib::Response& response) {
        response.status = status;
        response.set_content(body, "text/xml");
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(soap_connector_test)

BOOST_AUTO_TEST_CASE(our_number_and_the_cases_key_travel_in_headers_where_the_office_wants_them) {
    OfficeService office(replies(200, "<Envelope/>"));
    Question submission = question();
    submission.op_key = "17/3/mark";
    const auto connector =
        connector_to(office.url(), "message_header: X-Serial\nkey_header: X-Op-Key\n");
    static_cast<void>(connector->ask(submission, Deadline::after(5s)));
    const auto requests = office.requests();
    BOOST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].get_header_value("X-Serial") == "00000000000000000001");
    BOOST_TEST(requests[0].get_header_value("X-Op-Key") == "17/3/mark");
}

BOOST_AUTO_TEST_CASE(sends_the_native_bytes_unchanged_and_returns_the_answer_unchanged) {
    const std::string reply = "<Envelope>\xC2\xED\x81\x30\x81\x30</Envelope>";
    OfficeService office(replies(200, reply));
    const Answer answer = connector_to(office.url())->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "answered");
    BOOST_TEST(answer.native == reply);
    const auto requests = office.requests();
    BOOST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].body == question_bytes);
    BOOST_TEST(requests[0].get_header_value("SOAPAction") == "\"urn:certificate\"");
    BOOST_TEST(requests[0].get_header_value("Content-Type") == "text/xml; charset=GB18030");
}

BOOST_AUTO_TEST_CASE(a_configured_fault_code_becomes_its_kind_of_answer) {
    OfficeService office(replies(500, fault("Client.NoRecord")));
    const Answer answer = connector_to(office.url())->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "no_record");
    BOOST_TEST(answer.reason == "soap.fault.Client.NoRecord");
    BOOST_TEST(answer.native.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_fault_is_unavailable_even_under_status_200) {
    OfficeService office(replies(200, fault("Server")));
    const Answer answer = connector_to(office.url())->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "unavailable");
    BOOST_TEST(answer.reason == "soap.fault.Server");
}

BOOST_AUTO_TEST_CASE(a_result_code_in_an_ordinary_answer_is_read_where_configured) {
    OfficeService office(
        replies(200, "<Envelope><Body><R><Code>0001</Code></R></Body></Envelope>"));
    const auto connector = connector_to(
        office.url(), "result_code: /Envelope/Body/R/Code\nresults: {\"0001\": no_record}\n");
    const Answer answer = connector->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "no_record");
    BOOST_TEST(answer.reason == "soap.result.0001");
}

BOOST_AUTO_TEST_CASE(an_answer_over_its_limit_is_not_taken) {
    OfficeService office(replies(200, std::string(5000, 'x')));
    const Answer answer = connector_to(office.url())->ask(question(), Deadline::after(5s));
    BOOST_TEST(answer.reason == "http.answer.too_large");
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
    OfficeService office([](const httplib::Request&, httplib::Response& response) {
        response.set_redirect("http://127.0.0.1:1/elsewhere");
    });
    const Answer answer = connector_to(office.url())->ask(question(), Deadline::after(5s));
    BOOST_TEST(answer.reason == "http.status.302");
}

BOOST_AUTO_TEST_CASE(a_slow_office_is_given_up_at_the_deadline) {
    OfficeService office([](const httplib::Request&, httplib::Response& response) {
        std::this_thread::sleep_for(400ms);
        response.set_content("<late/>", "text/xml");
    });
    const Answer answer = connector_to(office.url())->ask(question(), Deadline::after(60ms));
    BOOST_TEST(std::string(name_of(answer.kind)) == "unavailable");
    BOOST_TEST(answer.reason == "http.timeout");
}

BOOST_AUTO_TEST_CASE(an_office_that_is_down_is_unavailable) {
    int port = 0;
    {
        port = OfficeService(replies(200, "")).port();
    }
    const Answer answer = connector_to("http://127.0.0.1:" + std::to_string(port))
                              ->ask(question(), Deadline::after(5s));
    BOOST_TEST(answer.reason == "http.connect");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_and_a_wrong_kind_are_configuration_faults) {
    auto file = YamlFile::from_text("url: http://127.0.0.1\nsoapaction: x\nfaults: {A: maybe}\n",
                                    "soap.yaml");
    static_cast<void>(make_soap_connector(file.root()));
    BOOST_CHECK_THROW(file.check(), ConfigError);
    BOOST_TEST(file.faults().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
