// Deadlines over the real store: every timer that was ever armed fires once, when it is due,
// however often the hub restarts, wherever its clock is set to meanwhile, and whichever calendar
// comes.
#include <functional>
#include <map>
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "tests/unit/hub/cases/line_hub.h"

using namespace tongban;
using namespace tongban::tests;

namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t day = 24 * hour;

std::shared_ptr<const calendar::CalendarBook> calendars(int editions) {
    std::vector<YamlFile> files{calendar_file(2026, 1)};
    if (editions > 1)  // snow: three working days fewer
        files.push_back(
            calendar_file(2026, 2, "  - {from: 2026-03-04, to: 2026-03-06, zh: 雪灾, en: Snow}\n"));
    return calendar::CalendarBook::from_files(files);
}

// Watches the timers of one case: what leaves the table fired, or was moved by a calendar.
class Watch {
public:
    Watch() {
        hub_.world.calendars = calendars(1);
        hub_.start();
        id_ = hub_.id(hub_.open("E-1").case_number);
        armed_ = armed();
        planned_ = static_cast<int>(armed_.size());
    }

    LineHub& hub() { return hub_; }
    [[nodiscard]] int planned() const { return planned_; }  // lights that were armed at first
    [[nodiscard]] int fired() const { return fired_; }
    [[nodiscard]] std::int64_t true_ms() const { return begin_ + hub_.clock.steady_ms; }

    // An hour goes by, and something happens in it.
    void hour_with(const std::function<void()>& what = {}) {
        hub_.clock.pass(hour);
        if (what) what();
        hub_.hear_members();
        hub_.rest();
        look(false);
    }
    // At once, with nothing between the last turn of the old hub and the first of the new one.
    void restart() {
        hub_.start();
        hub_.rest();
    }
    void publish() {
        hub_.world.calendars = calendars(2);
        hub_.cases->reload(hub_.world);
        hub_.rest();
        look(true);
    }

    [[nodiscard]] std::set<store::TimerKey> armed() {
        std::set<store::TimerKey> keys;
        for (const store::TimerRow& row : need(hub_.store->timers_of(id_)))
            keys.insert(row.key);
        return keys;
    }
    [[nodiscard]] cases::CaseState state() { return need(hub_.cases->view(id_)).state; }
    [[nodiscard]] int timer_leaves() {
        int count = 0;
        for (const store::AuditRow& row : need(hub_.store->case_leaves(id_, 0, 1'000)))
            if (parse_json(row.leaf)->value("cause", "") == "timer") ++count;
        return count;
    }

private:
    void look(bool moved) {
        const std::set<store::TimerKey> now = armed();
        for (const store::TimerKey& key : now)
            BOOST_TEST(key.due_ms > true_ms());  // none is late
        for (const store::TimerKey& key : armed_) {
            if (now.contains(key) || moved) continue;
            BOOST_TEST(key.due_ms <= true_ms());  // none came early
            ++fired_;
        }
        for (const store::TimerKey& key : now) {
            if (armed_.contains(key)) continue;
            BOOST_TEST(moved);  // none is armed twice
        }
        armed_ = now;
        BOOST_TEST(timer_leaves() == fired_);  // none fired twice
    }

    LineHub hub_;
    const std::int64_t begin_ = hub_.clock.at.ms;
    std::int64_t id_ = 0;
    int planned_ = 0;
    int fired_ = 0;
    std::set<store::TimerKey> armed_;
};

// Those of the approval (3 working days) and of the case (15).
void expect_all_lights(Watch& watch) {
    const cases::CaseState state = watch.state();
    for (const cases::Limit& limit : state.limits)
        BOOST_TEST((limit.light == cases::Light::red));
    int breaches = 0;
    for (const cases::Incident& one : state.incidents)
        if (one.code == "deadline.breach") ++breaches;
    BOOST_TEST(breaches == 2);
    BOOST_TEST(watch.planned() >= 5);
    BOOST_TEST(watch.fired() == watch.planned());
    BOOST_TEST(watch.armed().empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deadlines_test)

BOOST_AUTO_TEST_CASE(restarts_lose_no_deadline_and_fire_none_twice) {
    Watch watch;
    for (int i = 0; i < 24 * 28; ++i)
        watch.hour_with([&] {
            if (i % 5 == 0) watch.hub().start();
        });
    expect_all_lights(watch);
}

BOOST_AUTO_TEST_CASE(a_hub_that_was_away_for_a_month_fires_each_once) {
    Watch watch;
    watch.hub().clock.pass(30 * day);
    watch.hour_with([&] { watch.hub().start(); });
    expect_all_lights(watch);
}

BOOST_AUTO_TEST_CASE(a_clock_three_days_ahead_brings_no_deadline_early) {
    Watch watch;
    for (int i = 0; i < 24 * 28; ++i) {
        watch.hour_with([&] {
            if (i == 20) watch.hub().clock.at.ms += 3 * day;   // somebody sets it
            if (i == 110) watch.hub().clock.at.ms -= 3 * day;  // and sets it right again
            if (i == 200) watch.hub().clock.at.ms -= 3 * day;
            if (i == 290) watch.hub().clock.at.ms += 3 * day;
        });
    }
    expect_all_lights(watch);
}

BOOST_AUTO_TEST_CASE(a_calendar_that_comes_between_moves_deadlines_once) {
    for (const bool restarts : {false, true}) {
        Watch watch;
        for (int i = 0; i < 30; ++i)
            watch.hour_with();
        const cases::CaseState before = watch.state();
        watch.publish();
        const cases::CaseState after = watch.state();
        BOOST_REQUIRE(before.limits.size() == after.limits.size());
        for (std::size_t i = 0; i < before.limits.size(); ++i)
            BOOST_TEST(after.limits[i].due_ms > before.limits[i].due_ms);
        for (int i = 0; i < 24 * 32; ++i) {
            watch.hour_with([&] {
                if (restarts && i % 7 == 0) watch.hub().start();
            });
        }
        expect_all_lights(watch);
    }
}

BOOST_AUTO_TEST_CASE(restarts_clock_and_calendar_together) {
    for (const std::int64_t off : {3 * day, -3 * day}) {
        Watch watch;
        for (int i = 0; i < 24 * 32; ++i) {
            if (i == 40) watch.publish();
            if (i % 11 == 0) watch.restart();  // most of them while the clock is wrong
            watch.hour_with([&] {
                if (i == 30) watch.hub().clock.at.ms += off;
                if (i == 330) watch.hub().clock.at.ms -= off;
            });
        }
        expect_all_lights(watch);
    }
}

BOOST_AUTO_TEST_CASE(a_hub_that_starts_with_a_clock_ahead_fires_nothing_before_its_time) {
    Watch watch;
    watch.hub().members_sign = false;  // nobody contradicts it either
    for (int i = 0; i < 24 * 28; ++i) {
        watch.hour_with([&] {
            if (i == 10) watch.hub().clock.at.ms += 3 * day;
        });
        if (i == 10) watch.restart();
        if (i == 300) {
            watch.hub().clock.at.ms -= 3 * day;
            watch.restart();
        }
    }
    expect_all_lights(watch);
}

BOOST_AUTO_TEST_CASE(an_absence_that_nobody_confirms_moves_no_deadline_until_an_officer_does) {
    Watch watch;
    watch.hub().members_sign = false;
    watch.hub().clock.pass(30 * day);
    watch.hub().start();
    watch.hub().rest();
    BOOST_TEST(watch.hub().cases->clock_doubted());
    BOOST_TEST(watch.timer_leaves() == 0);
    watch.hub().clock.pass(hour);
    watch.hub().rest();
    BOOST_TEST(watch.timer_leaves() == 0);
    watch.hub().cases->confirm_clock();
    watch.hour_with();
    BOOST_TEST(!watch.hub().cases->clock_doubted());
    expect_all_lights(watch);
}

BOOST_AUTO_TEST_CASE(a_hub_asks_members_for_their_time_when_it_doubts_its_own) {
    Watch watch;
    int asked = 0;
    watch.hub().members_sign = false;
    watch.hub().clock.pass(3 * day);
    watch.hub().start();
    watch.hub().cases->on_clock_doubted([&] { ++asked; });
    watch.hub().rest();
    BOOST_TEST(asked == 1);
    watch.hub().rest();
    BOOST_TEST(asked == 1);
    watch.hub().clock.pass(hour);
    watch.hub().rest();
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(an_idle_hub_leaves_a_trace_of_the_time) {
    LineHub hub;
    hub.open("E-1");
    hub.members_sign = false;
    for (int i = 0; i < 60; ++i) {
        hub.clock.pass(hour / 6);
        hub.rest();
    }
    hub.clock.pass(60'000);
    hub.start();
    hub.rest();
    BOOST_TEST(!hub.cases->clock_doubted());
}

BOOST_AUTO_TEST_SUITE_END()
