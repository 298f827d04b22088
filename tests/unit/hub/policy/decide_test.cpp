#include "hub/policy/decide.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/policy/policy_fixture.h"

using namespace tongban;
using namespace tongban::policy;

BOOST_AUTO_TEST_SUITE(decide_test)

namespace {

const Instant noon = parse_iso_instant("2026-11-22T12:00:00+08:00").ok()
                         ? *parse_iso_instant("2026-11-22T12:00:00+08:00")
                         : Instant{};

struct Desk {
    test::City city;
    GrantMaker grants{Policy::load(city.sources(), test::catalogue())};
    Ask ask{"640100.housing-fund",
            "housing-fund/loan-eligibility",
            "loan-approval",
            "640100.housing-fund/loan-eligibility-request@1",
            Kind::fetch,
            noon};
    ConsentEvidence consent{ConsentTerms{"SQ-1",
                                         "housing-fund/loan-eligibility",
                                         "loan-approval",
                                         "640100.housing-fund",
                                         Instant{noon.ms - 1000},
                                         Instant{noon.ms + 1000},
                                         "counter",
                                         ""},
                            std::nullopt,
                            "subject"};

    std::string code() {
        const auto decided = grants.decide(ask, consent);
        const auto* denial = std::get_if<Denial>(&decided);
        if (denial == nullptr) return "granted";
        BOOST_TEST(!denial->zh.empty());
        BOOST_TEST(!denial->en.empty());
        return denial->code;
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_agreement_with_consent_gives_a_grant_with_its_reason) {
    Desk desk;
    const auto decided = desk.grants.decide(desk.ask, desk.consent);
    BOOST_REQUIRE(std::holds_alternative<schemas::Grant>(decided));
    const auto& grant = std::get<schemas::Grant>(decided);
    BOOST_TEST(grant.agreement() == "A-640100-hf-0001@1");
    BOOST_TEST(grant.consent() == "SQ-1");
    BOOST_TEST(grant.ground() == "住房公积金管理条例 第二十六条");
    BOOST_TEST(grant.covers("certificate.account.number"));
    BOOST_TEST(!grant.covers("certificate.ledger.amount"));
    BOOST_TEST((grant.decided_at() == noon));
}

BOOST_AUTO_TEST_CASE(whatever_no_agreement_says_is_denied_with_its_own_code) {
    Desk desk;
    const Ask good = desk.ask;
    desk.ask.requester = "640100.nobody";
    BOOST_TEST(desk.code() == "member.unknown");
    desk.ask = good;
    desk.ask.requester = "610100.social-security";
    BOOST_TEST(desk.code() == "member.role");
    desk.ask = good;
    desk.ask.requester = "610100.housing-fund";
    BOOST_TEST(desk.code() == "agreement.none");
    desk.ask = good;
    desk.ask.resource = "housing-fund/everything";
    BOOST_TEST(desk.code() == "resource.unknown");
    desk.ask = good;
    desk.ask.purpose = "curiosity";
    BOOST_TEST(desk.code() == "agreement.purpose");
    desk.ask = good;
    desk.ask.kind = Kind::submit;
    BOOST_TEST(desk.code() == "kind.not_offered");
    desk.ask = good;
    desk.ask.schema = "640100.housing-fund/loan-eligibility@1";
    BOOST_TEST(desk.code() == "schema.not_agreed");
    desk.ask = good;
    desk.ask.now = *parse_iso_instant("2029-01-01T00:00:00+08:00");
    BOOST_TEST(desk.code() == "agreement.ended");
    desk.ask.now = *parse_iso_instant("2028-12-31T23:59:59+08:00");
    desk.consent.given->valid_until = desk.ask.now;
    BOOST_TEST(desk.code() == "granted");
    desk.ask.now = *parse_iso_instant("2025-12-31T23:59:59+08:00");
    BOOST_TEST(desk.code() == "member.ended");
}

BOOST_AUTO_TEST_CASE(a_consent_must_fit_in_every_respect) {
    Desk desk;
    const ConsentTerms good = *desk.consent.given;
    desk.consent.given.reset();
    BOOST_TEST(desk.code() == "consent.missing");
    desk.consent.given = good;
    desk.consent.given->resource = "tax/deed-tax";
    BOOST_TEST(desk.code() == "consent.resource");
    desk.consent.given = good;
    desk.consent.given->purpose = "other";
    BOOST_TEST(desk.code() == "consent.purpose");
    desk.consent.given = good;
    desk.consent.given->receiver = "610100.housing-fund";
    BOOST_TEST(desk.code() == "consent.receiver");
    desk.consent.given = good;
    desk.consent.given->given_at = Instant{noon.ms + 1};
    BOOST_TEST(desk.code() == "consent.not_yet");
    desk.consent.given = good;
    desk.consent.given->valid_until = Instant{noon.ms - 1};
    BOOST_TEST(desk.code() == "consent.ended");
}

BOOST_AUTO_TEST_CASE(a_consent_on_file_binds_content_person_and_withdrawal) {
    Desk desk;
    desk.consent.on_file = ConsentOnFile{*desk.consent.given, "subject", Instant{}};
    BOOST_TEST(desk.code() == "granted");
    desk.consent.on_file->subject_hash = "another person";
    BOOST_TEST(desk.code() == "consent.subject");
    desk.consent.on_file->terms.channel = "app";
    BOOST_TEST(desk.code() == "consent.changed");
    desk.consent.on_file = ConsentOnFile{*desk.consent.given, "subject", Instant{noon.ms - 1}};
    BOOST_TEST(desk.code() == "consent.withdrawn");
}

BOOST_AUTO_TEST_CASE(a_requester_without_any_agreement_is_denied) {
    test::City city;
    city.change(
        "members/610100.social-security.yaml", "roles: [provider]", "roles: [provider, requester]");
    const GrantMaker grants(Policy::load(city.sources(), test::catalogue()));
    const Ask ask{"610100.social-security",
                  "housing-fund/loan-eligibility",
                  "loan-approval",
                  "640100.housing-fund/loan-eligibility-request@1",
                  Kind::fetch,
                  noon};
    const auto decided = grants.decide(ask, {});
    BOOST_REQUIRE(std::holds_alternative<Denial>(decided));
    BOOST_TEST(std::get<Denial>(decided).code == "agreement.none");
}

BOOST_AUTO_TEST_SUITE_END()
