#include "base/lane.h"

#include <array>
#include <atomic>
#include <future>

#include <boost/test/unit_test.hpp>

using namespace tongban;

BOOST_AUTO_TEST_SUITE(lane_test)

BOOST_AUTO_TEST_CASE(runs_what_it_accepted_before_it_ends) {
    std::atomic<int> ran{0};
    {
        Lane lane("work", 2, 100);
        for (int i = 0; i < 100; ++i)
            BOOST_REQUIRE(lane.try_run([&ran] { ++ran; }));
    }
    BOOST_TEST(ran == 100);
}

BOOST_AUTO_TEST_CASE(says_no_when_it_is_full) {
    std::promise<void> started;
    std::promise<void> go;
    Lane lane("work", 1, 1);
    BOOST_REQUIRE(lane.try_run([&] {
        started.set_value();
        go.get_future().wait();
    }));
    started.get_future().wait();
    BOOST_TEST(lane.try_run([] {}));
    BOOST_TEST(!lane.try_run([] {}));
    go.set_value();
}

BOOST_AUTO_TEST_CASE(its_threads_carry_its_name) {
    std::promise<std::string> name;
    Lane lane("office", 1, 1);
    BOOST_REQUIRE(lane.try_run([&name] {
        std::array<char, 16> buffer{};
        ::pthread_getname_np(::pthread_self(), buffer.data(), buffer.size());
        name.set_value(buffer.data());
    }));
    BOOST_TEST(name.get_future().get() == "office.0");
}

BOOST_AUTO_TEST_SUITE_END()
