#include "base/log.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "base/files.h"

using namespace tongban;

namespace {

// What reaches standard error while `act` runs.
template <typename Act>
std::string captured(Act&& act) {
    std::string name = (std::filesystem::temp_directory_path() / "tongban-log-XXXXXX").string();
    const int file = mkstemp(name.data());
    const int before = ::dup(STDERR_FILENO);
    ::dup2(file, STDERR_FILENO);
    act();
    std::fflush(stderr);
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    ::close(file);
    const auto text = read_file(name);
    std::filesystem::remove(name);
    return text ? *text : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_test)

BOOST_AUTO_TEST_CASE(one_event_is_one_line_whatever_a_field_holds) {
    log::start(log::Level::info, "test");
    const std::string text = captured([] {
        log::warn("hub.started",
                  {{"port", 4711},
                   {"path", "/a/b"},
                   {"note", "two words \"q\" a=b\nnext\r\x1b[0m\u2028\u0085end"},
                   {"empty", ""},
                   {"bad", "\xff"},
                   {"zh", "中 文"}});
    });
    BOOST_TEST(text.starts_with("time=20"));
    BOOST_TEST(text.substr(text.find(" level")) ==
               " level=warn program=test event=hub.started port=4711 path=/a/b "
               "note=\"two words \\\"q\\\" a=b\\nnext\\x0d\\x1b[0m\\u2028\\x85end\" empty=\"\" "
               "bad=\"\\xff\" zh=\"中 文\"\n");
}

BOOST_AUTO_TEST_CASE(events_below_the_level_are_not_written) {
    log::start(log::Level::warn, "test");
    BOOST_TEST(captured([] {
                   log::info("x");
                   log::debug("y");
               }).empty());
    BOOST_TEST(!captured([] { log::error("z"); }).empty());
    log::start(log::Level::debug, "test");
    BOOST_TEST(!captured([] { log::debug("y"); }).empty());
}

BOOST_AUTO_TEST_SUITE_END()
