#include <algorithm>
#include <random>

#include <boost/test/unit_test.hpp>

#include "hub/cases/calendar/light.h"
#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::at;
using test::cn;

BOOST_AUTO_TEST_SUITE(legal_time_property_test)

namespace {

constexpr int tries = 400;
constexpr std::int64_t hour = 3'600'000;

class Periods {
public:
    std::int64_t number(std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
    }

    Basis basis() {
        Basis basis = test::basis("2024-01-01 00:00", number(1, 30));
        basis.start.ms += number(0, 3 * 365 * 24) * hour + number(0, hour - 1);
        basis.unit = static_cast<Unit>(number(0, 2));
        if (number(0, 1) == 1) basis.counting = Counting::office_hours;
        if (number(0, 1) == 1) basis.hours = {9 * 60, 17 * 60 + 30};
        Instant free = basis.start;
        for (std::int64_t i = number(0, 3); i > 0; --i) {
            Stop stop{StopReason::judicial, Instant{free.ms + number(0, 100 * hour)}, {}, ""};
            stop.to = Instant{stop.from.ms + number(0, 200 * hour)};
            free = *stop.to;
            basis.stops.push_back(stop);
        }
        if (number(0, 3) == 0) basis.extension = Extension{number(1, 10), free, ""};
        return basis;
    }

private:
    std::mt19937_64 random_{20'260'214};
};

Instant end_of(const Basis& basis, const Calendar& calendar = cn()) {
    const auto found = due(basis, calendar);
    BOOST_REQUIRE(found.ok());
    BOOST_REQUIRE(found->at.has_value());
    return *found->at;
}

// The national days and one more day off.
Calendar with_day_off(Date day) {
    Edition edition;
    edition.calendar = "cn-x";
    edition.year = day.year;
    edition.version = 1;
    edition.days[day] = SpecialDay{DayKind::off, "休", "rest"};
    std::vector<Layer> layers = cn().layers();
    layers.push_back({"cn-x", {{day.year, std::make_shared<const Edition>(edition)}}});
    return Calendar(std::move(layers));
}

int gravity(Light light) {
    return static_cast<int>(light);
}

}  // namespace

BOOST_AUTO_TEST_CASE(more_days_never_end_earlier_and_working_days_end_later) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        Basis basis = periods.basis();
        const Instant less = end_of(basis);
        ++basis.n;
        const Instant more = end_of(basis);
        BOOST_TEST(more.ms >= less.ms, to_json(basis));
        if (basis.unit != Unit::days) BOOST_TEST(more.ms > less.ms, to_json(basis));
    }
}

BOOST_AUTO_TEST_CASE(a_later_event_never_gives_an_earlier_end) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        Basis basis = periods.basis();
        basis.stops.clear();
        const Instant early = end_of(basis);
        basis.start.ms += periods.number(0, 100 * hour);
        BOOST_TEST(end_of(basis).ms >= early.ms, to_json(basis));
    }
}

BOOST_AUTO_TEST_CASE(one_more_day_off_never_ends_a_period_earlier) {
    Periods periods;
    int moved = 0;
    for (int i = 0; i < tries; ++i) {
        const Basis basis = periods.basis();
        const Date day = plus_days(shanghai_date(basis.start), periods.number(0, 20));
        const Instant before = end_of(basis);
        const Instant after = end_of(basis, with_day_off(day));
        BOOST_TEST(after.ms >= before.ms, to_json(basis) << ' ' << iso(day));
        moved += after > before ? 1 : 0;
    }
    BOOST_TEST(moved > tries / 10);
}

BOOST_AUTO_TEST_CASE(a_period_of_days_ends_with_a_working_day_on_which_the_clock_runs) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        const Basis basis = periods.basis();
        if (basis.unit == Unit::hours) continue;
        const auto found = due(basis, cn());
        BOOST_TEST(cn().is_work(*found->last_day), to_json(basis));
        const std::int64_t midnight = days_since_1970(*found->last_day) * 24 * hour - 8 * hour;
        BOOST_TEST(found->at->ms == midnight + basis.hours.closes * 60'000, to_json(basis));
        for (const Stop& stop : basis.stops)
            BOOST_TEST((*found->at <= stop.from || *found->at > *stop.to), to_json(basis));
    }
}

BOOST_AUTO_TEST_CASE(working_days_between_start_and_end_are_exactly_those_owed) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        Basis basis = periods.basis();
        basis.unit = Unit::working_days;
        basis.counting = Counting::at_once;
        basis.stops.clear();
        const auto found = due(basis, cn());
        std::int64_t worked = 0;
        for (Date day = plus_days(shanghai_date(basis.start), 1); day <= *found->last_day;
             day = plus_days(day, 1))
            worked += cn().is_work(day) ? 1 : 0;
        BOOST_TEST(worked == basis.total(), to_json(basis));
    }
}

BOOST_AUTO_TEST_CASE(a_stop_never_ends_a_period_earlier_and_hours_move_by_its_length) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        Basis basis = periods.basis();
        const Instant with = end_of(basis);
        Basis without = basis;
        without.stops.clear();
        BOOST_TEST(with.ms >= end_of(without).ms, to_json(basis));
        if (basis.unit != Unit::hours || basis.counting == Counting::office_hours) continue;
        std::int64_t stood = 0;
        for (const Stop& stop : basis.stops)
            if (stop.from < with) stood += stop.to->ms - stop.from.ms;
        BOOST_TEST(with.ms == end_of(without).ms + stood, to_json(basis));
    }
}

BOOST_AUTO_TEST_CASE(lights_come_in_order_and_grow_graver_until_the_end) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        const Basis basis = periods.basis();
        const auto changes = lights(basis, cn());
        BOOST_REQUIRE(changes.ok());
        BOOST_TEST((changes->back() == LightChange{end_of(basis), Light::red}), to_json(basis));
        int gravest = 0;
        for (std::size_t k = 0; k < changes->size(); ++k) {
            const LightChange& change = (*changes)[k];
            if (k > 0) BOOST_TEST(change.at.ms > (*changes)[k - 1].at.ms, to_json(basis));
            if (k > 0) BOOST_TEST((change.light != (*changes)[k - 1].light), to_json(basis));
            if (change.light == Light::suspended) continue;
            BOOST_TEST(gravity(change.light) >= gravest, to_json(basis));
            gravest = gravity(change.light);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_basis_survives_its_json_and_its_reckoning) {
    Periods periods;
    for (int i = 0; i < tries; ++i) {
        const auto first = reckon(periods.basis(), *test::book());
        BOOST_REQUIRE(first.ok());
        const auto stored = parse_basis(to_json(first->basis));
        BOOST_REQUIRE(stored.ok());
        BOOST_TEST((*stored == first->basis));
        BOOST_TEST((reckon(*stored, *test::book())->due.at == first->due.at));
        BOOST_TEST(up_to_date(*stored, *test::book()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
