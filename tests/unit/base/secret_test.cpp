#include "base/secret.h"

#include <type_traits>

#include <boost/test/unit_test.hpp>

using namespace tongban;

BOOST_AUTO_TEST_SUITE(secret_test)

BOOST_AUTO_TEST_CASE(moves_without_leaving_a_copy) {
    static_assert(!std::is_copy_constructible_v<Secret>);
    Secret first(std::string("key material"));
    Secret second(std::move(first));
    BOOST_TEST(
        first.empty());  // NOLINT(bugprone-use-after-move): that it is empty is what is tested
    BOOST_TEST(second.reveal() == "key material");
    BOOST_TEST(second.equals("key material"));
    BOOST_TEST(!second.equals("key"));
}

BOOST_AUTO_TEST_CASE(wiping_overwrites_the_bytes_in_place) {
    std::string bytes(100, 'x');
    const char* const where = bytes.data();
    wipe(bytes);
    BOOST_TEST(bytes.empty());
    bytes.resize(100, '\0');
    BOOST_TEST((bytes.data() == where));
    BOOST_TEST(bytes == std::string(100, '\0'));
}

BOOST_AUTO_TEST_SUITE_END()
