// The two fund centres of a loan made in another city: what each does once, and why it may refuse.
#include <boost/test/unit_test.hpp>
#include <httplib.h>

#include "base/files.h"
#include "base/text.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/story_drive.h"
#include "tests/unit/connectors/sandbox/office_fixture.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;
using namespace tongban::sandbox::test;

// What the hub sends is not the sandbox's to write: an envelope with the fields that it looks for.
std::string call(std::string_view payload,
                 const std::vector<std::pair<std::string_view, std::string>>& fields) {
    std::string inner;
    for (const auto& [name, value] : fields)
        inner += "<" + std::string(name) + ">" + value + "</" + std::string(name) + ">";
    return "<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body><" +
           std::string(payload) + " xmlns='urn:610100:gjj:yddkxt:1'>" + inner + "</" +
           std::string(payload) + "></Body></Envelope>";
}

struct Answer {
    int status = 0;
    MessageFacts facts;
    [[nodiscard]] std::string get(std::string_view name) const { return fact(facts, name); }
};

Answer ask_xian(int port, std::string_view action, const std::string& body) {
    httplib::Client client("127.0.0.1", port);
    const auto reply =
        client.Post("/services/yddkxt",
                    {{"SOAPAction", "\"urn:610100:gjj:yddkxt:1/" + std::string(action) + "\""}},
                    body,
                    "text/xml");
    BOOST_REQUIRE(reply);
    const auto facts = facts_of(reply->body);
    return {reply->status, facts ? *facts : MessageFacts{}};
}

World the_world(std::string_view story = "G1") {
    World world = make_world(7, 0, business_day);
    tell_in(world, story);
    return world;
}

Answer certify(int port, const World& world, const std::string& number) {
    return ask_xian(port,
                    "SQZM",
                    call("SQZMRequest",
                         {{"ywbh", number},
                          {"xingMing", world.certificate.holder.name},
                          {"zjhm", world.certificate.holder.id_number}}));
}

Answer report(int port, const World& world, const std::string& number, std::string_view contract) {
    return ask_xian(port,
                    "DKHZ",
                    call("DKHZRequest",
                         {{"YWBH", number},
                          {"ZMBH", world.certificate.number},
                          {"JKRZJH", world.certificate.holder.id_number},
                          {"JKHTBH", std::string(contract)}}));
}

Answer settle(int port, const World& world, const std::string& number, std::string_view contract) {
    return ask_xian(port,
                    "DKJQ",
                    call("DKJQRequest",
                         {{"YWBH", number},
                          {"ZMBH", world.certificate.number},
                          {"JKRZJH", world.certificate.holder.id_number},
                          {"JKHTBH", std::string(contract)}}));
}

Answer tell_month(int port, const World& world, const std::string& number, const char* arrears) {
    return ask_xian(port,
                    "DKHK",
                    call("DKHKRequest",
                         {{"YWBH", number},
                          {"ZMBH", world.certificate.number},
                          {"JKRZJH", world.certificate.holder.id_number},
                          {"JKHTBH", "JK-1"},
                          {"HKNY", "202703"},
                          {"YQQS", arrears},
                          {"YQJE", "8163.00"},
                          {"DKYE", "591837.00"},
                          {"BFTQHK", "2"}}));
}

void misbehave(const Folder& folder, const std::string& mode) {
    BOOST_REQUIRE(
        write_file_durably(folder.at("office/misbehave.json"), R"({"mode":")" + mode + "\"}").ok());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loan_offices_test)

BOOST_AUTO_TEST_CASE(xian_certifies_once_a_business_number_also_after_a_restart) {
    const Folder folder;
    const World world = the_world();
    std::string first;
    {
        const Running office("610100.housing-fund", folder, "G1");
        const Answer answer = certify(office.port, world, "N-1");
        BOOST_TEST(answer.get("sljg") == "1");
        BOOST_TEST(answer.get("ZMBH") == world.certificate.number);
        first = answer.get("yxqz");
    }
    const Running office("610100.housing-fund", folder, "G1");
    misbehave(folder, "refuse-04");  // whatever it would say today
    const Answer again = certify(office.port, world, "N-1");
    BOOST_TEST(again.get("sljg") == "1");
    BOOST_TEST(again.get("yxqz") == first);
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM deliveries") == 1);
    const Answer other = ask_xian(
        office.port,
        "SQZM",
        call("SQZMRequest", {{"ywbh", "N-1"}, {"zjhm", world.certificate.holder.id_number}}));
    BOOST_TEST(other.status == 500);
    BOOST_TEST(other.get("faultcode") == "soapenv:Client.Conflict");
    BOOST_TEST(certify(office.port, world, "N-2").get("yydm") == "04");
}

BOOST_AUTO_TEST_CASE(xian_says_for_each_reason_why_it_does_not_certify) {
    const World clean = the_world();
    const std::string name = clean.certificate.holder.name;
    BOOST_TEST(refusal_after(clean, name) == "");
    BOOST_TEST(refusal_before(clean, name + "甲") == "05");
    World world = clean;
    world.certificate.state = "05";
    BOOST_TEST(refusal_before(world, name) == "01");
    world = clean;
    world.certificate.loan_outstanding = 100;
    BOOST_TEST(refusal_before(world, name) == "02");
    world = clean;
    world.certificate.loan_count = 2;
    BOOST_TEST(refusal_before(world, name) == "03");
    world.certificate.loan_count = 1;
    BOOST_TEST(refusal_after(world, name) == "");
    world.certificate.paid_to = add_months(clean.certificate.paid_to, -3);
    BOOST_TEST(refusal_before(world, name) == "");
    BOOST_TEST(refusal_after(world, name) == "04");
    world = clean;
    world.certificate.continuous_from = add_months(world.certificate.continuous_to, -4);
    BOOST_TEST(refusal_after(world, name) == "06");
    world.certificate.continuous_from = add_months(world.certificate.continuous_to, -5);
    BOOST_TEST(refusal_after(world, name) == "");
}

BOOST_AUTO_TEST_CASE(xian_misprints_certificates_when_it_is_told_to) {
    const Folder folder;
    const World world = the_world();
    const Running office("610100.housing-fund", folder, "G1");
    misbehave(folder, "wrong_city");
    BOOST_TEST(certify(office.port, world, "N-1").get("ZSZXDM") == "620100000000000");
    misbehave(folder, "expired");
    BOOST_TEST(certify(office.port, world, "N-2").get("yxqz") < compact(business_day));
    misbehave(folder, "other_state");
    BOOST_TEST(certify(office.port, world, "N-3").get("GRZHZT") == "99");
    misbehave(folder, "unmarked");
    BOOST_TEST(report(office.port, world, "N-4", "JK-1").get("BJZT") == "02");
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM marks") == 0);
}

BOOST_AUTO_TEST_CASE(xian_marks_an_account_once_and_lifts_only_a_mark_that_stands) {
    const Folder folder;
    const World world = the_world();
    const Running office("610100.housing-fund", folder, "G1");
    BOOST_TEST(settle(office.port, world, "N-1", "JK-1").get("JCJG") == "2");
    const Answer marked = report(office.port, world, "N-2", "JK-1");
    BOOST_TEST(marked.get("BJZT") == "01");
    BOOST_TEST(report(office.port, world, "N-2", "JK-1").get("BJBH") == marked.get("BJBH"));
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM marks WHERE lifted_ms IS NULL") == 1);
    BOOST_TEST(settle(office.port, world, "N-3", "JK-1").get("JCJG") == "1");
    BOOST_TEST(settle(office.port, world, "N-3", "JK-1").get("JCJG") == "1");
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM marks WHERE lifted_ms IS NULL") == 0);
    World stranger = world;
    stranger.certificate.number = "209901010001";
    BOOST_TEST(report(office.port, stranger, "N-4", "JK-2").status == 500);
}

BOOST_AUTO_TEST_CASE(xian_notes_beside_a_mark_that_stands_how_the_loan_stands) {
    const Folder folder;
    const World world = the_world();
    const Running office("610100.housing-fund", folder, "G1");
    BOOST_TEST(tell_month(office.port, world, "N-1", "3").get("DJJG") == "2");
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM positions") == 0);
    report(office.port, world, "N-2", "JK-1");
    BOOST_TEST(tell_month(office.port, world, "N-1", "3").get("DJJG") == "2");  // its first answer
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM positions") == 0);
    BOOST_TEST(tell_month(office.port, world, "N-3", "3").get("DJJG") == "1");
    BOOST_TEST(tell_month(office.port, world, "N-3", "3").get("DJJG") == "1");
    BOOST_TEST(tell_month(office.port, world, "N-3", "4").status == 500);
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM positions WHERE months_in_arrears = '3'") == 1);
    BOOST_TEST(tell_month(office.port, world, "N-4", "2").get("DJJG") == "1");  // put right
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM positions") == 1);
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM positions WHERE months_in_arrears = '2'") == 1);
    settle(office.port, world, "N-5", "JK-1");
    BOOST_TEST(tell_month(office.port, world, "N-6", "5").get("DJJG") == "2");
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM positions WHERE months_in_arrears = '5'") == 0);
}

BOOST_AUTO_TEST_CASE(yinchuan_accepts_a_loan_on_a_certificate_for_it_that_still_counts) {
    const Folder folder;
    const Running office("640100.housing-fund", folder);
    httplib::Client client("127.0.0.1", office.port);
    const auto hand_over =
        [&client](const std::string& number, const std::string& centre, const std::string& until) {
            const auto reply = client.Post("/certificates",
                                           "<CertificateNotice><MessageNo>" + number +
                                               "</MessageNo><Certificate><ValidUntil>" + until +
                                               "</ValidUntil><AddressedTo>" + centre +
                                               "</AddressedTo></Certificate></CertificateNotice>",
                                           "application/xml");
            BOOST_REQUIRE(reply);
            BOOST_TEST(reply->status == 200);
            return *facts_of(reply->body);
        };
    const std::string own = "640100000000000";
    BOOST_TEST(fact(hand_over("M-1", own, "2026-03-16"), "Accepted") == "Y");
    BOOST_TEST(fact(hand_over("M-2", own, "2026-03-15"), "Accepted") == "N");
    BOOST_TEST(fact(hand_over("M-3", "620100000000000", "2026-05-15"), "Accepted") == "N");
    misbehave(folder, "reject");
    BOOST_TEST(fact(hand_over("M-4", own, "2026-03-16"), "Accepted") == "N");
    BOOST_TEST(fact(hand_over("M-1", own, "2026-03-16"), "Accepted") == "Y");
    BOOST_TEST(count(folder, "SELECT COUNT(*) FROM deliveries") == 4);
}

BOOST_AUTO_TEST_CASE(yinchuan_accepts_one_loan_on_a_certificate) {
    const Folder folder;
    const Running office("640100.housing-fund", folder);
    httplib::Client client("127.0.0.1", office.port);
    const auto accepted = [&client](const std::string& number, const std::string& application) {
        const auto reply = client.Post(
            "/certificates",
            "<CertificateNotice><MessageNo>" + number + "</MessageNo><ApplicationNo>" +
                application +
                "</ApplicationNo><Certificate><CertificateNo>C-1</CertificateNo><ValidUntil>"
                "2026-03-16</ValidUntil><AddressedTo>640100000000000</AddressedTo></Certificate>"
                "</CertificateNotice>",
            "application/xml");
        BOOST_REQUIRE(reply);
        return fact(*facts_of(reply->body), "Accepted");
    };
    BOOST_TEST(accepted("M-1", "A-1") == "Y");
    BOOST_TEST(accepted("M-2", "A-1") == "Y");  // the same application again
    BOOST_TEST(accepted("M-3", "A-2") == "N");
}

BOOST_AUTO_TEST_CASE(a_story_is_driven_message_by_message_to_whoever_listens) {
    const Folder folder;
    const Running office("640100.housing-fund", folder);
    DrivePlan plan;
    plan.story.name = "G1";
    plan.url = "http://127.0.0.1:" + std::to_string(office.port) + "/certificates";
    plan.from = 2;
    plan.until = 3;
    std::vector<std::string> kinds;
    const auto told = [&kinds](const Json& line) { kinds.push_back(line.value("kind", "")); };
    BOOST_REQUIRE(drive_story(the_world(), plan, told).ok());
    BOOST_TEST((kinds == std::vector<std::string>{"loan-decision", "loan-issued"}));
    plan.url = "ftp://nowhere";
    BOOST_TEST(!drive_story(the_world(), plan, told).ok());
}

BOOST_AUTO_TEST_SUITE_END()
