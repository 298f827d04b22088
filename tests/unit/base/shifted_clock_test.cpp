#include "base/shifted_clock.h"

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using support::need;

BOOST_AUTO_TEST_SUITE(shifted_clock_test)

BOOST_AUTO_TEST_CASE(it_follows_the_offset_in_its_file) {
    const support::TemporaryFolder folder;
    const ShiftedClock clock(folder / "clock");
    BOOST_TEST(clock.offset_ms() == 0);
    need(write_file_durably(folder / "clock", "86400000\n"));
    BOOST_TEST(clock.offset_ms() == 86'400'000);
    BOOST_TEST(clock.now().ms >= SystemClock().now().ms + 86'399'000);
    need(write_file_durably(folder / "clock", "-5000"));
    BOOST_TEST(clock.offset_ms() == -5'000);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_number_changes_nothing) {
    const support::TemporaryFolder folder;
    const ShiftedClock clock(folder / "clock");
    need(write_file_durably(folder / "clock", "60000"));
    BOOST_TEST(clock.offset_ms() == 60'000);
    for (const char* wrong : {"", "60 s", "1e3", "99999999999999999999"}) {
        need(write_file_durably(folder / "clock", wrong));
        BOOST_TEST(clock.offset_ms() == 60'000);
    }
}

BOOST_AUTO_TEST_SUITE_END()
