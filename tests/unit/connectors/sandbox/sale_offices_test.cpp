// Registry, tax and construction office as running offices: what they do for a sale, twice, late,
// and when a court comes in.
#include <boost/test/unit_test.hpp>
#include <httplib.h>

#include "connectors/sandbox/sale_story.h"
#include "tests/unit/connectors/sandbox/office_fixture.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;
using namespace tongban::sandbox::test;

constexpr std::uint64_t seed = 7;  // of Running

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// What an answer says; its head tells when it was written.
std::string said(const std::string& answer) {
    const std::size_t data = answer.find("<Data");
    BOOST_REQUIRE(data != std::string::npos);
    return answer.substr(data);
}

class RegistryOffice {
public:
    explicit RegistryOffice(const std::string& story)
        : sale(make_sale(seed, 0, business_day, story)),
          office_("640100.real-estate", folder, story) {}

    std::string ask(const std::string& number, const std::string& type, const std::string& table) {
        const std::string base = folder.at("office");
        const std::string answer = base + "/out/" + number + ".rsp.xml";
        fs::remove(answer);
        const std::string text = "<Message xmlns=\"urn:640100:bdc:ywbl:1\"><Head><BizMsgID>" +
                                 number + "</BizMsgID><RecType>" + type +
                                 "</RecType></Head><Data><" + table + " BDCDYH=\"" + sale.unit +
                                 "\" YZBH=\"R-1\" YZSC=\"72\"/></Data></Message>";
        BOOST_REQUIRE(write_file_durably(base + "/question.xml", text).ok());
        fs::rename(base + "/question.xml", base + "/in/" + number + ".xml");
        if (!in_time([&] { return fs::exists(answer); })) return "";
        return *read_file(answer);
    }
    void misbehave(const std::string& mode) const {
        BOOST_REQUIRE(write_file_durably(folder.at("office/misbehave.json"),
                                         R"({"mode": ")" + mode + R"(", "times": 1})")
                          .ok());
    }

    Folder folder;
    Sale sale;

private:
    Running office_;
};

class TaxOffice {
public:
    explicit TaxOffice(const std::string& story)
        : sale(make_sale(seed, 0, business_day, story)), office_("640100.tax", folder, story) {}

    std::string ask(const std::string& number,
                    const std::string& operation,
                    const std::string& contract = "") {
        httplib::SSLClient client("localhost", office_.port);
        client.enable_server_certificate_verification(false);
        const Json question = {{"jyuuid", number},
                               {"ydbh", "R-1"},
                               {"sjbh", sale.acceptance},
                               {"htbh", contract.empty() ? sale.contract : contract},
                               {"bdcdyh", sale.unit},
                               {"bdcqzh", sale.certificate()},
                               {"pzxh", sale.declaration()}};
        const std::string key = *read_file(folder.at("office/api.key"));
        const auto answer =
            client.Post("/api/lb/" + operation,
                        {{"X-Api-Key", key}, {"X-Operation-Key", "case/1/" + operation}},
                        question.dump(),
                        "application/json");
        return answer ? answer->body : "";
    }
    void misbehave(const std::string& mode) const {
        BOOST_REQUIRE(write_file_durably(folder.at("office/misbehave.json"),
                                         R"({"mode": ")" + mode + R"(", "times": 1})")
                          .ok());
    }

    Folder folder;
    Sale sale;

private:
    Running office_;
};

class ConstructionOffice {
public:
    ConstructionOffice()
        : sale(make_sale(seed, 0, business_day, "G10")),
          office_("640100.construction", folder, "G10") {}

    std::string tell(const std::string& number, const std::string& unit) {
        httplib::Client client("127.0.0.1", office_.port);
        const Json notice = {{"requestNo", number},
                             {"contractNo", sale.contract},
                             {"realestateNo", unit},
                             {"newPrcNo", sale.certificate()},
                             {"registerTime", "2026-03-16 00:00:00"}};
        const auto answer = client.Post("/wqba/ownership", notice.dump(), "application/json");
        return answer ? answer->body : "";
    }
    void misbehave(const std::string& mode) const {
        BOOST_REQUIRE(
            write_file_durably(folder.at("office/misbehave.json"),
                               R"({"mode": ")" + mode + R"(", "only": ["ownership"], "times": 1})")
                .ok());
    }

    Folder folder;
    Sale sale;

private:
    Running office_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sale_offices_test)

BOOST_AUTO_TEST_CASE(the_book_is_written_once_however_often_it_is_asked_for) {
    RegistryOffice registry("G10");
    BOOST_TEST(has(registry.ask("1", "9200501", "DJF_DJ_DBYZ"), "YZZT=\"1\""));
    const std::string entered = registry.ask("2", "9200502", "DJF_DJ_DBYZ");
    BOOST_TEST(has(entered, "YZZT=\"2\""));
    BOOST_TEST(has(entered, registry.sale.certificate()));
    BOOST_TEST(said(registry.ask("2", "9200502", "DJF_DJ_DBYZ")) == said(entered));
    BOOST_TEST(count(registry.folder, "SELECT count(*) FROM entries") == 1);
    BOOST_TEST(has(registry.ask("3", "9200503", "DJF_DJ_DBYZ"), "2001"));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_a_done_deed) {
    RegistryOffice registry("G10");
    static_cast<void>(registry.ask("1", "9200501", "DJF_DJ_DBYZ"));
    registry.misbehave("late");
    BOOST_TEST(has(registry.ask("2", "9200502", "DJF_DJ_DBYZ"), "9009"));
    BOOST_TEST(count(registry.folder, "SELECT count(*) FROM entries") == 1);
    BOOST_TEST(has(registry.ask("2", "9200502", "DJF_DJ_DBYZ"), "YZZT=\"2\""));
    BOOST_TEST(count(registry.folder, "SELECT count(*) FROM entries") == 1);
}

BOOST_AUTO_TEST_CASE(a_seized_unit_is_not_reserved_and_the_house_check_says_why) {
    RegistryOffice registry("G14");
    BOOST_TEST(!has(registry.ask("1", "9200101", "FYHY_CX"), "QLF_QL_CFDJ"));
    static_cast<void>(registry.ask("2", "9200401", "DJF_DJ_HS"));  // the court comes in
    BOOST_TEST(has(registry.ask("3", "9200101", "FYHY_CX"), "QLF_QL_CFDJ"));
    BOOST_TEST(has(registry.ask("4", "9200501", "DJF_DJ_DBYZ"), "2001"));
}

BOOST_AUTO_TEST_CASE(a_hold_that_ran_out_is_told_at_the_confirm) {
    RegistryOffice registry("G10");
    static_cast<void>(registry.ask("1", "9200501", "DJF_DJ_DBYZ"));
    registry.misbehave("expire");
    BOOST_TEST(has(registry.ask("2", "9200502", "DJF_DJ_DBYZ"), "2001"));
    BOOST_TEST(count(registry.folder, "SELECT count(*) FROM entries") == 0);
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_of_its_own_notice_is_taken_once) {
    RegistryOffice registry("G10");
    const std::string base = registry.folder.at("office");
    BOOST_REQUIRE(
        write_file_durably(base + "/in/A.xml",
                           "<Message><Head><BizMsgID>A</BizMsgID><RtnCode>0000</RtnCode></Head>"
                           "</Message>")
            .ok());
    BOOST_TEST(in_time([&] { return fs::exists(base + "/out/A.rsp.xml"); }));
    BOOST_TEST(count(registry.folder, "SELECT count(*) FROM deliveries WHERE message_no = 'A'") ==
               1);
}

BOOST_AUTO_TEST_CASE(tax_locks_uses_up_and_does_not_refund_what_is_locked) {
    TaxOffice tax("G10");
    BOOST_TEST(has(tax.ask("1", "sd"), "\"SD\""));
    BOOST_TEST(has(tax.ask("2", "sdcx"), "\"SD\""));
    BOOST_TEST(has(tax.ask("3", "tssq"), "\"fhm\":\"2\""));  // whoever locked it
    BOOST_TEST(has(tax.ask("3a", "zf"), "\"fhm\":\"2\""));
    BOOST_TEST(has(tax.ask("4", "sdqr"), "\"QR\""));
    BOOST_TEST(has(tax.ask("4", "sdqr"), "\"QR\""));
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM used") == 1);
    BOOST_TEST(
        count(tax.folder,
              "SELECT count(*) FROM ledger WHERE operation_key = 'case/1/sdqr' AND times = 2") ==
        1);
    BOOST_TEST(has(tax.ask("5", "sdjs"), "\"fhm\":\"2\""));
    BOOST_TEST(has(tax.ask("6", "tssq"), "\"fhm\":\"2\""));  // used up
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM refunds") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_refunded_is_not_locked_any_more) {
    TaxOffice tax("G10");
    BOOST_TEST(has(tax.ask("1", "sd"), "\"SD\""));
    BOOST_TEST(has(tax.ask("2", "sdjs"), "\"fhm\":\"0\""));
    BOOST_TEST(has(tax.ask("2a", "tssq"), "\"fhm\":\"2\""));  // nothing is paid yet
    BOOST_TEST(has(tax.ask("2b", "jkjg"), "\"jkzt\":\"0\""));
    BOOST_TEST(has(tax.ask("3", "tssq"), "\"fhm\":\"0\""));
    BOOST_TEST(has(tax.ask("3", "tssq"), "\"fhm\":\"0\""));
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM refunds") == 1);
    BOOST_TEST(has(tax.ask("4", "sd"), "\"fhm\":\"2\""));
}

BOOST_AUTO_TEST_CASE(what_is_paid_is_not_voided_and_goes_back_when_the_declaration_is_withdrawn) {
    TaxOffice tax("G10");
    tax.misbehave("unpaid");
    BOOST_TEST(has(tax.ask("1", "jkjg"), "\"jkzt\":\"1\""));
    BOOST_TEST(has(tax.ask("2", "cxsb"), "\"sbzt\":\"9\""));
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM refunds") == 0);
    tax.misbehave("pays");
    BOOST_TEST(has(tax.ask("3", "zf"), "\"fhm\":\"2\""));
    BOOST_TEST(has(tax.ask("4", "cxsb"), "\"sbzt\":\"10\""));
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM refunds") == 1);
    BOOST_TEST(has(tax.ask("5", "zf"), "\"fhm\":\"0\""));  // the money is on its way back
}

BOOST_AUTO_TEST_CASE(an_office_misbehaves_towards_one_kind_of_request_alone) {
    RegistryOffice registry("G10");
    BOOST_REQUIRE(write_file_durably(registry.folder.at("office/misbehave.json"),
                                     R"({"mode": "refuse", "only": ["9200501"], "times": 1})")
                      .ok());
    BOOST_TEST(has(registry.ask("1", "9200101", "FYHY_CX"), "<RtnCode>0000"));
    BOOST_TEST(has(registry.ask("2", "9200501", "DJF_DJ_DBYZ"), "2001"));
    BOOST_TEST(has(registry.ask("3", "9200501", "DJF_DJ_DBYZ"), "YZZT=\"1\""));
}

BOOST_AUTO_TEST_CASE(every_sale_of_a_city_may_have_a_story_of_its_own) {
    const PopulationPlan plan{7, 4, false, "", "G10,G14,G13", business_day};
    const Sales sales(plan);
    BOOST_TEST(sales.all()[0].story == "G10");
    BOOST_TEST(sales.all()[1].story == "G14");
    BOOST_TEST(sales.all()[2].story == "G13");
    BOOST_TEST(sales.all()[3].story == "G13");
    BOOST_TEST(stories_in(plan.story) == 3U);
    BOOST_TEST(stories_in("") == 0U);
}

BOOST_AUTO_TEST_CASE(tax_does_not_lock_what_has_no_voucher) {
    TaxOffice tax("G13");
    BOOST_TEST(has(tax.ask("1", "sd"), "\"fhm\":\"2\""));
    BOOST_TEST(has(tax.ask("2", "wspz"), "\"jkzt\":\"0\""));
    BOOST_TEST(!has(tax.ask("3", "wspz"), "dzsphm"));
}

BOOST_AUTO_TEST_CASE(tax_notes_the_new_owner_once_and_declines_another_contract) {
    TaxOffice tax("G10");
    BOOST_TEST(has(tax.ask("1", "qsbg", "another"), "\"fhm\":\"2\""));
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM ownership") == 0);
    const std::string receipt = tax.ask("2", "qsbg");
    BOOST_TEST(has(receipt, "\"jsbh\""));
    BOOST_TEST(tax.ask("2", "qsbg") == receipt);
    BOOST_TEST(count(tax.folder, "SELECT count(*) FROM ownership") == 1);
}

BOOST_AUTO_TEST_CASE(the_construction_office_notes_the_new_owner_once_and_declines_another_unit) {
    ConstructionOffice construction;
    BOOST_TEST(has(construction.tell("1", "another"), "\"409\""));
    BOOST_TEST(count(construction.folder, "SELECT count(*) FROM ownership") == 0);
    construction.misbehave("late");
    BOOST_TEST(has(construction.tell("2", construction.sale.unit), "\"500\""));  // and noted
    BOOST_TEST(has(construction.tell("2", construction.sale.unit), "\"receiptNo\""));
    BOOST_TEST(count(construction.folder, "SELECT count(*) FROM ownership") == 1);
}

BOOST_AUTO_TEST_CASE(a_construction_office_that_is_away_notes_nothing) {
    ConstructionOffice construction;
    construction.misbehave("fail");
    BOOST_TEST(has(construction.tell("1", construction.sale.unit), "\"503\""));
    BOOST_TEST(count(construction.folder, "SELECT count(*) FROM ownership") == 0);
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_lost_on_the_way_is_given_again) {
    TaxOffice tax("G10");
    tax.misbehave("lost");
    BOOST_TEST(tax.ask("1", "sd").empty());
    BOOST_TEST(has(tax.ask("1", "sd"), "\"SD\""));
    BOOST_TEST(count(tax.folder, "SELECT times FROM ledger WHERE op_key = '1'") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
