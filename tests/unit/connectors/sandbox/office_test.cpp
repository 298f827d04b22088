#include "connectors/sandbox/office.h"

#include <boost/test/unit_test.hpp>
#include <httplib.h>

#include "base/files.h"
#include "base/text.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/records.h"
#include "tests/unit/connectors/sandbox/office_fixture.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;
using namespace tongban::sandbox::test;

constexpr const char* soap_action = "\"urn:610100:gjj:yddkzm:1/YDDKZM\"";

std::string certificate_question(const std::string& id_number) {
    return "<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body><YDDKZMRequest "
           "xmlns='urn:610100:gjj:yddkzm:1'>"
           "<BWH>1</BWH><YWBH>YD1</YWBH><ZJHM>" +
           id_number + "</ZJHM></YDDKZMRequest></Body></Envelope>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(office_test)

BOOST_AUTO_TEST_CASE(xians_fund_answers_whom_it_knows_and_faults_whom_it_does_not) {
    const Folder folder;
    const Running office("610100.housing-fund", folder);
    const World world = make_world(7, 0, business_day);
    httplib::Client client("127.0.0.1", office.port);
    const httplib::Headers headers = {{"SOAPAction", soap_action}};
    const auto known = client.Post("/services/yddkzm",
                                   headers,
                                   certificate_question(world.enquiry.subject.id_number),
                                   "text/xml");
    BOOST_REQUIRE(known);
    BOOST_TEST(known->status == 200);
    BOOST_TEST(known->body == *certificate_answer(world, "YD1"));
    const auto unknown = client.Post(
        "/services/yddkzm", headers, certificate_question("110105194912310000"), "text/xml");
    BOOST_REQUIRE(unknown);
    BOOST_TEST(unknown->status == 500);
    BOOST_TEST(unknown->body.find("Client.NoRecord") != std::string::npos);
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM requests") == 2);
}

BOOST_AUTO_TEST_CASE(an_office_misbehaves_as_often_as_it_is_told_and_then_no_more) {
    const Folder folder;
    const Running office("610100.housing-fund", folder);
    const World world = make_world(7, 0, business_day);
    const auto ask = [&] {
        httplib::Client client("127.0.0.1", office.port);
        return client.Post("/services/yddkzm",
                           {{"SOAPAction", soap_action}},
                           certificate_question(world.enquiry.subject.id_number),
                           "text/xml");
    };
    BOOST_REQUIRE(write_file_durably(folder.at("exact"), "<x/>").ok());
    const std::string whole = *certificate_answer(world, "YD1");
    const auto tell = [&](const std::string& json) {
        BOOST_REQUIRE(write_file_durably(folder.at("office/misbehave.json"), json).ok());
    };

    tell(R"({"mode":"fault","times":1})");
    BOOST_TEST(ask()->status == 500);
    BOOST_TEST(ask()->body == whole);
    tell(R"({"mode":"truncated"})");
    BOOST_TEST(ask()->body == whole.substr(0, whole.size() / 2));
    tell(R"({"mode":"twice"})");
    BOOST_TEST(ask()->body == whole + whole);
    tell(R"({"mode":"half"})");
    BOOST_TEST(!ask());
    tell(R"({"mode":"none","body_file":")" + folder.at("exact") + "\"}");
    BOOST_TEST(ask()->body == "<x/>");
    tell(R"({"mode":"down"})");
    BOOST_TEST(in_time([&] { return !ask(); }));
    tell(R"({"mode":"none"})");
    BOOST_TEST(in_time([&] { return static_cast<bool>(ask()); }));
}

BOOST_AUTO_TEST_CASE(yinchuans_fund_takes_a_message_number_in_once_also_across_a_restart) {
    const Folder folder;
    const std::string document =
        "<EligibilityFile><Head><MessageNo>M-1</MessageNo></Head></EligibilityFile>";
    int port = 0;
    std::string receipt;
    {
        const Running office("640100.housing-fund", folder);
        port = office.port;
        httplib::Client client("127.0.0.1", port);
        const auto first = client.Post("/deliveries", document, "application/xml");
        BOOST_REQUIRE(first);
        const MessageFacts facts = *facts_of(first->body);
        BOOST_TEST(fact(facts, "Result") == "stored");
        receipt = fact(facts, "ReceiptNo");
        const auto again = client.Post("/deliveries", document, "application/xml");
        BOOST_TEST(again->status == 200);
        BOOST_TEST(fact(*facts_of(again->body), "Result") == "duplicate");
        BOOST_TEST(client.Post("/deliveries", "no message", "application/xml")->status == 422);
    }
    const Running office("640100.housing-fund", folder);
    BOOST_TEST(office.port == port);
    httplib::Client client("127.0.0.1", office.port);
    const auto again = client.Post("/deliveries", document, "application/xml");
    BOOST_REQUIRE(again);
    BOOST_TEST(fact(*facts_of(again->body), "Result") == "duplicate");
    BOOST_TEST(fact(*facts_of(again->body), "ReceiptNo") == receipt);
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM deliveries") == 1);
    BOOST_TEST(count(folder, "SELECT times FROM repeats") == 2);
}

BOOST_AUTO_TEST_CASE(the_registry_answers_a_file_with_a_file_and_puts_rubbish_aside) {
    const Folder folder;
    const Running office("640100.real-estate", folder);
    const World world = make_world(7, 0, business_day);
    const std::string question =
        "<Message><Head><BizMsgID>42</BizMsgID></Head><Data><ZF_SQR ZJH='" +
        world.enquiry.subject.id_number + "'/></Data></Message>";
    BOOST_REQUIRE(write_file_durably(folder.at("office/in/42.xml"), question).ok());
    BOOST_REQUIRE(write_file_durably(folder.at("office/in/rubbish.xml"), "no message").ok());
    BOOST_REQUIRE(in_time([&] { return fs::exists(folder.at("office/out/42.rsp.xml")); }));
    const MessageFacts facts = *facts_of(*read_file(folder.at("office/out/42.rsp.xml")));
    BOOST_TEST(fact(facts, "BizMsgID") == "42");
    BOOST_TEST(fact(facts, "RtnCode") == "0000");
    BOOST_TEST(in_time([&] { return fs::is_empty(folder.at("office/in")); }));
    BOOST_TEST(!fs::exists(folder.at("office/out/rubbish.rsp.xml")));
}

BOOST_AUTO_TEST_CASE(the_tax_office_wants_its_key_over_its_own_tls) {
    const Folder folder;
    const Running office("640100.tax", folder);
    const World world = make_world(7, 0, business_day);
    httplib::SSLClient client("localhost", office.port);
    client.set_ca_cert_path(office.ready["ca"].get<std::string>().c_str());
    const std::string body =
        Json({{"sjbh", "S1"}, {"sfzjhm", world.enquiry.subject.id_number}}).dump();
    const auto without = client.Post("/api/qs/query", body, "application/json");
    BOOST_REQUIRE(without);
    BOOST_TEST(without->status == 401);
    const std::string key = *read_file(office.ready["api_key_file"].get<std::string>());
    const auto with = client.Post("/api/qs/query", {{"X-Api-Key", key}}, body, "application/json");
    BOOST_REQUIRE(with);
    BOOST_TEST(with->body == tax_answer(world, "S1"));
}

BOOST_AUTO_TEST_CASE(social_security_shows_a_view_and_can_lose_a_column_of_it) {
    const Folder folder;
    const Running office("610100.social-security", folder);
    const auto selects = [&](const std::string& sql) {
        auto database = Sqlite::open(folder.at("office/view.db"), SqliteMode::read_only);
        if (!database) return std::int64_t{-1};
        auto statement = (*database)->prepare(sql);
        if (!statement) return std::int64_t{-1};
        const auto row = statement->step();
        return row.ok() && *row ? statement->integer(0) : std::int64_t{-1};
    };
    const std::string all = "SELECT COUNT(" + join(spell_columns(), "), COUNT(") + ") FROM V_CBJF";
    BOOST_TEST(selects(all) == 3);
    BOOST_REQUIRE(
        write_file_durably(folder.at("office/misbehave.json"), R"({"mode":"truncated"})").ok());
    BOOST_TEST(in_time([&] { return selects(all) == -1; }));
    BOOST_REQUIRE(
        write_file_durably(folder.at("office/misbehave.json"), R"({"mode":"none"})").ok());
    BOOST_TEST(in_time([&] { return selects(all) == 3; }));
}

BOOST_AUTO_TEST_SUITE_END()
