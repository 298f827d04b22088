// Time: civil days and months. No function knows today; a rule that needs the business date names
// as_of.
#include <algorithm>
#include <array>

#include "base/time.h"
#include "mapping/cel/functions.h"

namespace tongban::mapping::cel {
namespace {

using Arguments = std::span<const Datum>;
const Datum outside{Undecided{Cause::arithmetic}};

Datum read_date(Arguments a, Scene& /*scene*/) {
    const auto date = parse_iso_date(a[0].text());
    return date ? Datum(*date) : outside;
}

Datum first_day(Arguments a, Scene& /*scene*/) {
    const Period period = a[0].as<Period>();
    const auto date = make_date(period.yyyymm / 100, period.yyyymm % 100, 1);
    return date ? Datum(*date) : outside;
}

Datum civil_day(Arguments a, Scene& /*scene*/) {
    return shanghai_date(a[0].as<Instant>());
}

Datum read_period(Arguments a, Scene& /*scene*/) {
    const auto period = parse_compact_period(a[0].text());
    return period ? Datum(*period) : outside;
}

Datum period_of(const Date& date) {
    const auto period = make_period(date.year, date.month);
    return period ? Datum(*period) : outside;
}

Datum month_of_date(Arguments a, Scene& /*scene*/) {
    return period_of(a[0].as<Date>());
}

Datum months_apart(Arguments a, Scene& /*scene*/) {
    return std::int64_t{months_between(a[0].as<Period>(), a[1].as<Period>())};
}

// Whole months: 15 January to 14 March is 1, to 15 March is 2. Negative when the second comes
// first.
Datum whole_months(Arguments a, Scene& /*scene*/) {
    const Date from = a[0].as<Date>();
    const Date to = a[1].as<Date>();
    const int months = (to.year - from.year) * 12 + (int{to.month} - int{from.month});
    if (from <= to) return std::int64_t{to.day < from.day ? months - 1 : months};
    return std::int64_t{to.day > from.day ? months + 1 : months};
}

Datum days_apart(Arguments a, Scene& /*scene*/) {
    return days_since_1970(a[1].as<Date>()) - days_since_1970(a[0].as<Date>());
}

bool usable(std::int64_t count) {
    return count >= -120'000 && count <= 120'000;
}

Datum later_period(Arguments a, Scene& /*scene*/) {
    const auto count = a[1].as<std::int64_t>();
    if (!usable(count)) return outside;
    const Period period = a[0].as<Period>();
    const std::int64_t months =
        std::int64_t{period.yyyymm / 100} * 12 + period.yyyymm % 100 - 1 + count;
    if (months < 12 || months > 9999 * 12 + 11) return outside;
    return Period{static_cast<std::int32_t>(months / 12 * 100 + months % 12 + 1)};
}

// The same day so many months later, or that month's last day where it has no such day (Civil Code,
// Art. 202).
Datum later_date(Arguments a, Scene& scene) {
    const Date date = a[0].as<Date>();
    Datum period = period_of(date);
    if (period.undecided()) return period;
    const std::array<Datum, 2> moved{period, a[1]};
    Datum month = later_period(moved, scene);
    if (month.undecided()) return month;
    const std::int32_t yyyymm = month.as<Period>().yyyymm;
    for (int day = date.day; day >= 28; --day) {
        if (const auto found = make_date(yyyymm / 100, yyyymm % 100, day)) return *found;
    }
    const auto found = make_date(yyyymm / 100, yyyymm % 100, date.day);
    return found ? Datum(*found) : outside;
}

Datum later_day(Arguments a, Scene& /*scene*/) {
    const auto count = a[1].as<std::int64_t>();
    if (!usable(count)) return outside;
    const std::int64_t days = days_since_1970(a[0].as<Date>()) + count;
    if (days < -719'162 || days > 2'932'896) return outside;  // years 1 to 9999
    return date_of_days(days);
}

Datum year_of_date(Arguments a, Scene& /*scene*/) {
    return std::int64_t{a[0].as<Date>().year};
}
Datum year_of_period(Arguments a, Scene& /*scene*/) {
    return std::int64_t{a[0].as<Period>().yyyymm / 100};
}
Datum number_of_month(Arguments a, Scene& /*scene*/) {
    return std::int64_t{a[0].as<Date>().month};
}
Datum number_of_period(Arguments a, Scene& /*scene*/) {
    return std::int64_t{a[0].as<Period>().yyyymm % 100};
}

// Full years at a date; the birthday itself completes the year.
Datum age(Arguments a, Scene& scene) {
    const Datum months = whole_months(a, scene);
    return months.as<std::int64_t>() / 12;
}

constexpr std::array table{
    Function{"date(literal) date", read_date},
    Function{"date(period) date", first_day},
    Function{"date(timestamp) date", civil_day},
    Function{"period(literal) period", read_period},
    Function{"period(date) period", month_of_date},
    Function{"months_between(period, period) int", months_apart},
    Function{"months_between(date, date) int", whole_months},
    Function{"days_between(date, date) int", days_apart},
    Function{"add_months(period, int) period", later_period},
    Function{"add_months(date, int) date", later_date},
    Function{"add_days(date, int) date", later_day},
    Function{"year(date) int", year_of_date},
    Function{"year(period) int", year_of_period},
    Function{"month(date) int", number_of_month},
    Function{"month(period) int", number_of_period},
    Function{"age(date, date) int", age},
};

}  // namespace

std::span<const Function> time_functions() {
    return table;
}

}  // namespace tongban::mapping::cel
