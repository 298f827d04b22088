#include "connectors/sandbox/reservations.h"

#include <boost/test/unit_test.hpp>

#include "connectors/sandbox/office_clock.h"
#include "tests/unit/connectors/sandbox/office_fixture.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;
using tongban::sandbox::test::Folder;
namespace fs = std::filesystem;

constexpr std::int64_t an_hour = 3'600'000;

JointCall call(const std::string& op_key, const std::string& key = "R-1") {
    return {op_key, "", key, "unit-1", an_hour};
}

Result<bool> freely(Sqlite& /*database*/) {
    return true;
}

struct Office {
    Office() {
        fs::create_directories(folder.at("office"));
        book = *OfficeBook::open(folder.at("office"));
        reservations.emplace(*book);
        BOOST_REQUIRE(reservations->prepare().ok());
    }
    std::string confirm(const std::string& op_key, const std::string& key = "R-1") {
        return reservations
            ->confirm(call(op_key, key),
                      [this](Sqlite&) -> Result<std::string> {
                          ++effects;
                          return std::string("C-") + std::to_string(effects);
                      })
            ->phase;
    }
    Folder folder;
    std::unique_ptr<OfficeBook> book;
    std::optional<Reservations> reservations;
    int effects = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reservations_test)

BOOST_FIXTURE_TEST_CASE(a_reserve_that_comes_twice_is_answered_once, Office) {
    const Standing first = *reservations->reserve(call("a"), freely);
    const Standing again = *reservations->reserve(call("a"), freely);
    BOOST_TEST(first.phase == "reserved");
    BOOST_TEST(first.hold_until_ms > now_ms());
    BOOST_TEST(again.hold_until_ms == first.hold_until_ms);
    BOOST_TEST(test::count(folder, "SELECT times FROM ledger WHERE op_key = 'a'") == 2);
}

BOOST_FIXTURE_TEST_CASE(a_confirm_that_comes_twice_has_one_effect, Office) {
    static_cast<void>(reservations->reserve(call("a"), freely));
    BOOST_TEST(confirm("b") == "confirmed");
    BOOST_TEST(confirm("b") == "confirmed");
    BOOST_TEST(confirm("another op") == "confirmed");
    BOOST_TEST(effects == 1);
    BOOST_TEST(reservations->status(call("s"))->effect == "C-1");
}

BOOST_FIXTURE_TEST_CASE(an_empty_cancel_leaves_a_tombstone_that_a_late_reserve_meets, Office) {
    BOOST_TEST(reservations->cancel(call("c"))->phase == "cancelled");
    BOOST_TEST(reservations->reserve(call("a"), freely)->phase == "refused");
    BOOST_TEST(confirm("b") == "cancelled");
    BOOST_TEST(effects == 0);
}

BOOST_FIXTURE_TEST_CASE(what_is_confirmed_is_not_cancelled, Office) {
    static_cast<void>(reservations->reserve(call("a"), freely));
    static_cast<void>(confirm("b"));
    BOOST_TEST(reservations->cancel(call("c"))->phase == "refused");
    BOOST_TEST(reservations->status(call("s"))->phase == "confirmed");
}

BOOST_FIXTURE_TEST_CASE(a_hold_that_ran_out_is_not_confirmed, Office) {
    static_cast<void>(reservations->reserve(call("a"), freely));
    BOOST_REQUIRE(reservations->run_out().ok());
    BOOST_TEST(confirm("b") == "expired");
    BOOST_TEST(effects == 0);
    // A person decides to try once more, under calls of their own.
    BOOST_TEST(reservations->reserve(call("a2"), freely)->phase == "reserved");
    BOOST_TEST(confirm("b") == "expired");
    BOOST_TEST(confirm("b2") == "confirmed");
    BOOST_TEST(effects == 1);
}

BOOST_FIXTURE_TEST_CASE(what_is_reserved_or_used_up_is_held_under_any_reservation, Office) {
    const auto held = [this] {
        bool found = false;
        BOOST_REQUIRE(book->transact([&](Sqlite& database) -> Result<Done> {
                              found = *Reservations::holds(database, "unit-1");
                              return Done{};
                          })
                          .ok());
        return found;
    };
    BOOST_TEST(!held());
    static_cast<void>(reservations->reserve(call("a", "R-2"), freely));
    BOOST_TEST(held());
    static_cast<void>(reservations->cancel(call("c", "R-2")));
    BOOST_TEST(!held());
    static_cast<void>(reservations->reserve(call("d", "R-3"), freely));
    BOOST_TEST(confirm("b", "R-3") == "confirmed");
    BOOST_TEST(held());
}

BOOST_FIXTURE_TEST_CASE(one_thing_is_held_once_and_free_again_after_a_cancel, Office) {
    static_cast<void>(reservations->reserve(call("a"), freely));
    BOOST_TEST(reservations->reserve(call("d", "R-2"), freely)->phase == "refused");
    static_cast<void>(reservations->cancel(call("c")));
    BOOST_TEST(reservations->reserve(call("e", "R-2"), freely)->phase == "reserved");
}

BOOST_FIXTURE_TEST_CASE(an_effect_that_fails_leaves_nothing_behind, Office) {
    static_cast<void>(reservations->reserve(call("a"), freely));
    const auto failed =
        reservations->confirm(call("b"), [](Sqlite& database) -> Result<std::string> {
            BOOST_REQUIRE(database.execute("CREATE TABLE half(x)").ok());
            return Fault{FaultKind::unavailable, "effect", "the book is shut"};
        });
    BOOST_TEST(!failed.ok());
    BOOST_TEST(reservations->status(call("s"))->phase == "reserved");
    BOOST_TEST(test::count(folder, "SELECT count(*) FROM ledger WHERE op_key = 'b'") == 0);
    BOOST_TEST(test::count(folder, "SELECT count(*) FROM sqlite_master WHERE name = 'half'") == 0);
    BOOST_TEST(confirm("b") == "confirmed");
}

BOOST_AUTO_TEST_SUITE_END()
