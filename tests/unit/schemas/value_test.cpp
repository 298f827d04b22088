#include "schemas/value.h"

#include <limits>

#include <boost/test/unit_test.hpp>

using namespace tongban;
using namespace tongban::schemas;

BOOST_AUTO_TEST_SUITE(value_test)

namespace {
Group sample() {
    Group account;
    account.set("number", {std::string("610100012345"), {}});
    List ledger;
    for (const std::int64_t fen : {288000, -5}) {
        Group posting;
        posting.set("amount", {Money{fen}, {}});
        ledger.items.push_back({posting, {}});
    }
    Group root;
    root.set("account", {account, {}});
    root.set("ledger", {ledger, {}});
    root.set("frozen", {false, {}});
    root.set("gone", {});
    return root;
}
}  // namespace

BOOST_AUTO_TEST_CASE(finds_by_path_through_groups_and_lists) {
    const Group root = sample();
    BOOST_REQUIRE(at_path(root, "account.number") != nullptr);
    BOOST_TEST(canonical_text(*at_path(root, "ledger[0].amount")) == "2880.00");
    BOOST_TEST(canonical_text(*at_path(root, "ledger[1].amount")) == "-0.05");
    for (const char* none : {"ledger[2].amount",
                             "ledger.amount",
                             "ledger[].amount",
                             "ledger[0",
                             "ledger[x].amount",
                             "account.",
                             "",
                             "number",
                             "account.number.x"}) {
        BOOST_TEST(at_path(root, none) == nullptr, none);
    }
}

BOOST_AUTO_TEST_CASE(writes_each_scalar_in_its_canonical_text) {
    BOOST_TEST(canonical_text({Money{123456}, {}}) == "1234.56");
    BOOST_TEST(canonical_text({Money{-7}, {}}) == "-0.07");
    BOOST_TEST(canonical_text({Money{std::numeric_limits<std::int64_t>::min()}, {}}) ==
               "-92233720368547758.08");
    BOOST_TEST(canonical_text({Decimal{1200, 4}, {}}) == "0.1200");
    BOOST_TEST(canonical_text({Decimal{12, 0}, {}}) == "12");
    BOOST_TEST(canonical_text({Share{1, 2}, {}}) == "1/2");
    BOOST_TEST(canonical_text({Date{2026, 3, 6}, {}}) == "2026-03-06");
    BOOST_TEST(canonical_text({Period{202603}, {}}) == "2026-03");
    BOOST_TEST(canonical_text({true, {}}) == "true");
    BOOST_TEST(canonical_text({Code{"CN_ID"}, {}}) == "CN_ID");
    BOOST_TEST(canonical_text({}) == "");
}

BOOST_AUTO_TEST_CASE(writes_a_record_as_sorted_json_without_the_absent) {
    BOOST_TEST(
        canonical_json_of(sample()) ==
        R"({"account":{"number":"610100012345"},"frozen":false,"ledger":[{"amount":"2880.00"},{"amount":"-0.05"}]})");
    BOOST_TEST(canonical_text({List{}, {}}) == "[]");
}

BOOST_AUTO_TEST_CASE(compares_without_places) {
    Group other = sample();
    other.find("account")->place = {"/x", 3, 4};
    BOOST_TEST((other == sample()));
    other.set("frozen", {true, {}});
    BOOST_TEST(!(other == sample()));
    BOOST_TEST(other.fields.size() == sample().fields.size());
}

BOOST_AUTO_TEST_SUITE_END()
