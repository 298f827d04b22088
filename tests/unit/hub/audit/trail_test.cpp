#include "hub/audit/trail.h"

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "base/text.h"
#include "hub/audit/internal/leaf.h"
#include "hub/audit/witness.h"
#include "tests/unit/hub/audit/audit_fixture.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::Hub;
using tongban::support::need;

BOOST_AUTO_TEST_SUITE(trail_test)

BOOST_FIXTURE_TEST_CASE(an_intent_is_durable_and_has_a_receipt_that_verifies_offline, Hub) {
    const std::string id = new_exchange();
    const Intent intent = need(trail->intend(facts(id), {}));
    const Receipt receipt = need(trail->receipt(id, LeafKind::intent, soon()));
    BOOST_TEST(receipt.leaf == intent.place().leaf);
    BOOST_TEST(receipt.text.size() < 1500U);
    const auto facts =
        need(receipt_verify(receipt.text, receipt.leaf, need(WitnessPolicy::of_log(log->vkey()))));
    BOOST_TEST(facts.origin == "hub.test/log");
    BOOST_TEST(facts.index == receipt.index);
    const Json leaf = need(parse_json(receipt.leaf));
    BOOST_TEST(leaf["kind"] == "intent");
    BOOST_TEST(leaf["exchange"] == id);
    BOOST_TEST(leaf["seq"] == intent.place().seq);
    BOOST_TEST(canonical_json(leaf) == receipt.leaf);
}

BOOST_FIXTURE_TEST_CASE(a_receipt_for_another_leaf_or_with_a_changed_byte_is_refused, Hub) {
    const std::string id = new_exchange();
    need(trail->intend(facts(id), {}));
    need(trail->intend(facts(new_exchange()), {}));
    const Receipt receipt = need(trail->receipt(id, LeafKind::intent, soon()));
    const WitnessPolicy policy = need(WitnessPolicy::of_log(log->vkey()));
    BOOST_TEST(!receipt_verify(receipt.text, receipt.leaf + " ", policy).ok());
    for (std::size_t at = 0; at < receipt.text.size(); ++at) {
        std::string changed = receipt.text;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        BOOST_TEST_CONTEXT("byte " << at) {
            BOOST_TEST(!receipt_verify(changed, receipt.leaf, policy).ok());
        }
    }
    for (std::size_t size = 0; size < receipt.text.size(); ++size)
        BOOST_TEST(!receipt_verify(receipt.text.substr(0, size), receipt.leaf, policy).ok());
}

BOOST_FIXTURE_TEST_CASE(an_outcome_names_its_intent_and_needs_one, Hub) {
    const std::string id = new_exchange();
    BOOST_TEST((trail->outcome({.exchange_id = id, .outcome = "acknowledged"}, {}).fault().kind ==
                FaultKind::not_found));
    need(trail->intend(facts(id), {}));
    const LeafPlace outcome =
        need(trail->outcome({.exchange_id = id, .outcome = "acknowledged"}, {}));
    const Receipt intent = need(trail->receipt(id, LeafKind::intent, soon()));
    const Json leaf = need(parse_json(outcome.leaf));
    BOOST_TEST(leaf["previous"] == intent.index);
    BOOST_TEST(!trail->outcome({.exchange_id = id, .outcome = "acknowledged"}, {}).ok());
}

BOOST_FIXTURE_TEST_CASE(the_business_change_and_the_leaf_commit_together_or_not_at_all, Hub) {
    const std::string id = new_exchange();
    const auto refused =
        trail->intend(facts(id), store::Batch{}.add(store::DropJob{"no such job"}));
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(!need(trail->intent_of(id)).has_value());
    need(trail->intend(facts(id), {}));
    BOOST_TEST(need(trail->intent_of(id)).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_denial_is_a_leaf_with_its_reason, Hub) {
    const std::string id = new_exchange();
    Facts denied = facts(id);
    denied.decision = "agreement.none";
    denied.parts.clear();
    denied.delivered.clear();
    const LeafPlace place = need(trail->denied(denied, {}));
    const Json leaf = need(parse_json(place.leaf));
    BOOST_TEST(leaf["kind"] == "denied");
    BOOST_TEST(leaf["decision"] == "agreement.none");
    BOOST_TEST(!leaf.contains("parts"));
    BOOST_TEST(need(trail->receipt(id, LeafKind::denied, soon())).leaf == place.leaf);
}

BOOST_FIXTURE_TEST_CASE(the_configuration_is_a_leaf_when_it_changes, Hub) {
    need(trail->config({{"a", "1"}}));
    need(trail->config({{"a", "1"}}));
    const auto count = [&] { return need(store->audit_after(0, 0, 100)).size(); };
    BOOST_TEST(count() == 1U);
    need(trail->config({{"a", "2"}}));
    BOOST_TEST(count() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_withdrawn_consent_and_its_leaf_commit_together_and_once, Hub) {
    const std::string id = new_exchange();
    need(trail->intend(facts(id), store::Batch{}.add(store::PutConsent{consent("C-1")})));
    const auto withdraw = [&](const std::string& consent_id) {
        const auto shard = store::shard_of("640100.housing-fund", consent_id);
        return trail->consent_withdrawn(
            {"640100.housing-fund", consent_id, "r", "loan-approval", "640100.housing-fund", 5},
            store::Batch{shard, {}}.add(
                store::WithdrawConsent{"640100.housing-fund", consent_id, clock.now().ms}));
    };
    const LeafPlace place = need(withdraw("C-1"));
    const Json leaf = need(parse_json(place.leaf));
    BOOST_TEST(leaf["kind"] == "consent");
    BOOST_TEST(leaf["change"] == "withdrawn");
    BOOST_TEST(leaf["consent"] == "C-1");
    BOOST_TEST(leaf["given_ms"] == 5);
    BOOST_TEST(place.shard == store::shard_of("640100.housing-fund", "C-1"));
    const auto again = withdraw("C-1");
    BOOST_REQUIRE(!again.ok());
    BOOST_TEST((again.fault().kind == FaultKind::conflict));
    BOOST_TEST(again.fault().where == "consent");
    BOOST_TEST((withdraw("C-none").fault().kind == FaultKind::not_found));
    settle();
    BOOST_TEST(log->head().size == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_leaf_never_holds_a_citizens_number, Hub) {
    Facts careless = facts(new_exchange());
    careless.consent = "C-11010519491231002X";  // the example of GB 11643
    const auto refused = trail->intend(careless, {});
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.fault().kind == FaultKind::refused));
    BOOST_TEST(internal::holds_citizen_number("11010519491231002x"));
    BOOST_TEST(!internal::holds_citizen_number("110105194912310021"));
    BOOST_TEST(!internal::holds_citizen_number("20240315080000123456"));
}

BOOST_FIXTURE_TEST_CASE(bad_text_in_facts_is_a_fault_and_not_an_end, Hub) {
    Facts broken = facts(new_exchange());
    broken.purpose = "\xff";
    BOOST_TEST((trail->intend(broken, {}).fault().kind == FaultKind::malformed));
    Facts endless = facts(new_exchange());
    endless.delivered.assign(5000, "a.rather.long.field.name");
    BOOST_TEST((trail->intend(endless, {}).fault().kind == FaultKind::refused));
}

BOOST_FIXTURE_TEST_CASE(the_intent_of_a_killed_process_is_found_again_and_gets_its_receipt, Hub) {
    const std::string id = new_exchange();
    const std::string leaf = need(trail->intend(facts(id), {})).place().leaf;
    stop();
    start();
    const auto intent = need(trail->intent_of(id));
    BOOST_REQUIRE(intent.has_value());
    BOOST_TEST(intent->place().leaf == leaf);
    BOOST_TEST(need(trail->receipt(id, LeafKind::intent, soon())).leaf == leaf);
}

BOOST_AUTO_TEST_SUITE_END()
