#include "hub/cases/internal/board_walk.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;
using cases::internal::BoardWalk;

namespace {

store::CaseRow row_of(std::int64_t case_id) {
    store::CaseRow row;
    row.case_id = case_id;
    return row;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(board_walk_test)

BOOST_AUTO_TEST_CASE(a_case_that_closes_while_it_is_listed_is_listed_once) {
    auto walk = BoardWalk::of({}, Instant{1});
    BOOST_REQUIRE(walk.has_value());
    BOOST_TEST(walk->next().open);
    BOOST_TEST(walk->passed(row_of(7)));
    walk->end_of_rows(1);
    BOOST_TEST(!walk->next().open);  // the closed ones come now, and it is among them
    BOOST_TEST(!walk->passed(row_of(7)));
    BOOST_TEST(walk->passed(row_of(8)));
}

BOOST_AUTO_TEST_SUITE_END()
