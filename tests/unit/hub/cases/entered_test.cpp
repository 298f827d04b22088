#include "hub/cases/internal/entered.h"

#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace tongban;
using cases::internal::entered;
using cases::internal::Whole;

namespace {

constexpr const char* supplement = "case/joint-sale-supplement@1";

const schemas::Catalogue& types() {
    static const auto loaded = schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
    return *loaded;
}

Json person(const char* name) {
    return {{"name", name}, {"id_type", "CN_ID"}, {"id_number", "640106198802293415"}};
}

Json whole() {
    return {{"application_number", "S-1"},
            {"applicant", person("甲")},
            {"supplied_on", "2026-03-02"},
            {"price", "910330.00"},
            {"parties",
             {{{"role", "SELLER"}, {"person", person("甲")}, {"share", "1/2"}, {"consents", true}},
              {{"role", "BUYER"}, {"person", person("乙")}, {"share", "1/2"}}}}};
}

exchange::Reply<schemas::Group> read(const Json& json, Whole how = Whole::required) {
    return entered(json, supplement, &types(), how);
}

// Where it is refused; "" when it is not.
std::string place(const Json& json, Whole how = Whole::required) {
    const auto reply = read(json, how);
    if (reply.ok()) return "";
    BOOST_TEST(reply.refusal().code == "case.order");
    BOOST_TEST(!reply.refusal().zh.empty());
    BOOST_TEST(!reply.refusal().en.empty());
    for (const char* own : {"640106198802293415", "乙"}) {
        BOOST_TEST(reply.refusal().zh.find(own) == std::string::npos);
        BOOST_TEST(reply.refusal().en.find(own) == std::string::npos);
    }
    return reply.refusal().where;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(entered_test)

BOOST_AUTO_TEST_CASE(what_an_officer_enters_has_the_types_own_kinds_and_loses_nothing) {
    const auto reply = read(whole());
    BOOST_REQUIRE(reply.ok());
    const schemas::Group& record = *reply;
    BOOST_TEST((*record.find("supplied_on")->get<Date>() == Date{2026, 3, 2}));
    BOOST_TEST(record.find("price")->get<schemas::Money>()->fen == 91'033'000);
    const auto* parties = record.find("parties")->get<schemas::List>();
    BOOST_REQUIRE(parties != nullptr);
    BOOST_REQUIRE_EQUAL(parties->items.size(), 2U);
    const auto* seller = parties->items[0].get<schemas::Group>();
    BOOST_TEST((*seller->find("share")->get<schemas::Share>() == schemas::Share{1, 2}));
    BOOST_TEST(seller->find("role")->get<schemas::Code>()->code == "SELLER");
    BOOST_TEST(*seller->find("consents")->get<bool>());
}

BOOST_AUTO_TEST_CASE(a_number_may_stand_as_jsons_own) {
    Json json = whole();
    json["price"] = 910330.25;
    const auto reply = read(json);
    BOOST_REQUIRE(reply.ok());
    BOOST_TEST(reply->find("price")->get<schemas::Money>()->fen == 91'033'025);
}

BOOST_AUTO_TEST_CASE(what_does_not_obey_its_type_is_refused_with_its_place) {
    Json json = whole();
    json["supplied_on"] = "2 March";
    BOOST_TEST(place(json) == "order.form:supplied_on");
    json = whole();
    json["parties"] = "甲、乙";
    BOOST_TEST(place(json) == "order.form:parties");
    json = whole();
    json["parties"][1]["share"] = "half";
    BOOST_TEST(place(json) == "order.form:parties.share");
    json = whole();
    json["applicant"]["nickname"] = "x";
    BOOST_TEST(place(json) == "order.form:applicant");
    json = whole();
    json["remark"] = "x";
    BOOST_TEST(place(json) == "order.form:/");
    json = whole();
    json["parties"][1]["role"] = "77";
    BOOST_TEST(place(json) == "order.form:parties[1].role");
    json = whole();
    json["price"] = true;
    BOOST_TEST(place(json) == "order.form:price");
}

BOOST_AUTO_TEST_CASE(what_is_required_must_be_there_but_in_an_answer_of_which_a_grant_gave_a_part) {
    Json json = whole();
    json.erase("application_number");
    BOOST_TEST(place(json) == "order.form:application_number");
    BOOST_TEST(place(json, Whole::may_lack) == "");
    BOOST_TEST(place(Json::object()).starts_with("order.form:"));
    BOOST_TEST(place(Json::object(), Whole::may_lack) == "");
}

BOOST_AUTO_TEST_CASE(where_nothing_is_entered_nothing_may_be) {
    BOOST_TEST(entered(Json::object(), "", &types(), Whole::required).ok());
    BOOST_TEST(!entered({{"a", 1}}, "", &types(), Whole::required).ok());
    BOOST_TEST(!entered({{"a", 1}}, supplement, nullptr, Whole::required).ok());
}

BOOST_AUTO_TEST_CASE(without_a_type_arrays_and_fractions_are_kept_too) {
    const schemas::Group record = cases::internal::untyped(
        {{"list", {{{"a", 1}}, {{"a", 2}}}}, {"part", 0.5}, {"yes", true}});
    BOOST_REQUIRE(record.find("list")->get<schemas::List>() != nullptr);
    BOOST_TEST(record.find("list")->get<schemas::List>()->items.size() == 2U);
    BOOST_TEST(*record.find("part")->get<std::string>() == "0.5");
}

BOOST_AUTO_TEST_SUITE_END()
