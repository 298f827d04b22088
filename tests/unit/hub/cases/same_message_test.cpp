// What a message is known again by: stored with it, and compared with whatever comes years later.
#include <boost/test/unit_test.hpp>

#include "hub/cases/internal/case_batch.h"

namespace tongban::cases {

BOOST_AUTO_TEST_SUITE(same_message_test)

BOOST_AUTO_TEST_CASE(a_decision_is_known_by_the_bytes_that_earlier_hubs_stored) {
    Cause cause;
    cause.actor = "640100.housing-fund";
    cause.officer = "o-1";
    Decided decision{3, "approve", "材料\"齐全\"\n", {}};
    decision.form.fields.push_back({"note", {}});
    decision.form.fields.back().value.data = schemas::Money{1250};
    cause.what = decision;
    BOOST_TEST(internal::digest_text(cause) ==
               R"({"action":"approve","actor":"640100.housing-fund","officer":"o-1",)"
               R"("reason":"材料\"齐全\"\n","record":{"g":[["note",{"m":1250}]]},"step":3,)"
               R"("what":"decision"})");
    cause.content = "<form/>";  // as it was written, whatever it is read as
    BOOST_TEST(internal::digest_text(cause) ==
               R"({"action":"approve","actor":"640100.housing-fund","content":"<form/>",)"
               R"("officer":"o-1","reason":"材料\"齐全\"\n","step":3,"what":"decision"})");
}

BOOST_AUTO_TEST_CASE(an_order_is_known_by_the_bytes_that_earlier_hubs_stored) {
    Cause cause;
    cause.actor = "640100.tax";
    Ordered order;
    order.order = Order::pause;
    order.reason = "hearing";
    order.ground = "行政许可法第45条";
    cause.what = order;
    BOOST_TEST(internal::digest_text(cause) ==
               R"({"action":"pause","actor":"640100.tax","approver":"","binding":false,"count":0,)"
               R"("ground":"行政许可法第45条","incident":0,"member":"","name":"","officer":"",)"
               R"("reason":"hearing","record":{"g":[]},"step":0,"what":"command"})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tongban::cases
