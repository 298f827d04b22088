#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::basis;
using test::stop;
using test::year_text;

BOOST_AUTO_TEST_SUITE(amendment_test)

namespace {

using Book = std::shared_ptr<const CalendarBook>;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

std::string rest(const std::string& from, const std::string& to) {
    return "  - {from: " + from + ", to: " + to + ", zh: 补休, en: rest}\n";
}

// 2026 twice: the second edition takes the days off away again, so it shortens.
Book shortening() {
    const std::string first = year_text(2026, rest("2026-03-09", "2026-03-11"));
    const std::string second = replaced(year_text(2026), "version: 1", "version: 2");
    return CalendarBook::from_files(
        {YamlFile::from_text(first, "1.yaml"), YamlFile::from_text(second, "2.yaml")});
}

Book years(const std::vector<std::string>& texts) {
    std::vector<YamlFile> files;
    for (const std::string& text : texts)
        files.push_back(YamlFile::from_text(text, std::to_string(files.size()) + ".yaml"));
    return CalendarBook::from_files(files);
}

std::string last(const Due& due) {
    return due.last_day ? iso(*due.last_day) : "suspended";
}

Basis with_first_edition(Basis basis) {
    basis.editions = {{"cn/2026", 1}};
    return basis;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_notified_deadline_is_never_shortened) {
    const Book book = shortening();
    const Basis period = with_first_edition(basis("2026-03-02 10:00", 6));
    BOOST_TEST(last(reckon(period, *book)->due) == "2026-03-13");
    const auto kept = recompute(period, *book, Amendment::extend_only);
    BOOST_TEST((kept->outcome == Outcome::kept));
    BOOST_TEST(last(kept->due) == "2026-03-13");
    BOOST_TEST((kept->basis == period));
    const auto exact = recompute(period, *book, Amendment::exact);
    BOOST_TEST((exact->outcome == Outcome::moved));
    BOOST_TEST(last(exact->due) == "2026-03-10");
}

BOOST_AUTO_TEST_CASE(what_is_added_to_a_kept_deadline_counts_from_the_end_that_was_notified) {
    const Book book = shortening();
    const Basis period = with_first_edition(basis("2026-03-02 10:00", 6));
    Basis kept = recompute(period, *book, Amendment::extend_only)->basis;
    kept.extension = Extension{2, test::at("2026-03-12 10:00"), ""};
    BOOST_TEST(last(reckon(kept, *book)->due) == "2026-03-17");
}

BOOST_AUTO_TEST_CASE(a_clock_that_stands_is_not_shortened_either) {
    const Book book = shortening();
    Basis period = with_first_edition(basis("2026-03-02 10:00", 6));
    period.stops = {stop("2026-03-05 09:00")};
    const auto kept = recompute(period, *book, Amendment::extend_only);
    BOOST_TEST((kept->outcome == Outcome::kept));
    BOOST_TEST(last(kept->due) == "suspended");
    BOOST_TEST(kept->due.left == 4);
    const auto resumed = resume(kept->basis, test::at("2026-03-06 09:00"));
    BOOST_TEST(last(reckon(*resumed, *book)->due) == "2026-03-16");
}

BOOST_AUTO_TEST_CASE(a_year_that_is_published_later_makes_a_provisional_deadline_firm) {
    const Book before = years({year_text(2026)});
    const Book after = years({year_text(2026), year_text(2027)});
    const auto notified = reckon(basis("2026-12-28 10:00", 10), *before);
    BOOST_TEST(last(notified->due) == "2027-01-11");
    BOOST_TEST(notified->due.provisional);
    BOOST_TEST((notified->basis.editions == Editions{{"cn/2026", 1}, {"cn/2027", 0}}));
    BOOST_TEST(up_to_date(notified->basis, *before));
    BOOST_TEST(!up_to_date(notified->basis, *after));
    // The basis as stored goes on as it was told, until it is recomputed.
    BOOST_TEST(last(reckon(notified->basis, *after)->due) == "2027-01-11");
    const auto firm = recompute(notified->basis, *after, Amendment::extend_only);
    BOOST_TEST((firm->outcome == Outcome::moved));
    BOOST_TEST(last(firm->due) == "2027-01-12");
    BOOST_TEST(!firm->due.provisional);
}

BOOST_AUTO_TEST_CASE(a_kept_deadline_is_no_longer_provisional_once_the_paper_is_there) {
    const Book before = years({year_text(2026)});
    // A make-up Sunday in the first week shortens what weekends alone would give.
    const Book after = years({year_text(2026), year_text(2027, "", "2027-01-03, 2027-01-09")});
    const Basis notified = reckon(basis("2026-12-28 10:00", 10), *before)->basis;
    const auto kept = recompute(notified, *after, Amendment::extend_only);
    BOOST_TEST((kept->outcome == Outcome::kept));
    BOOST_TEST(last(kept->due) == "2027-01-11");
    BOOST_TEST(!kept->due.provisional);
}

BOOST_AUTO_TEST_CASE(an_overlay_that_is_new_bears_on_a_running_deadline_only_when_recomputed) {
    const std::string overlay =
        "calendar: cn-61\nbase: cn\nzh: 陕西\nen: Shaanxi\nyear: 2026\nversion: 1\n"
        "published: 2026-02-01\nsources: [{title: 通知}]\noff:\n" +
        rest("2026-03-09", "2026-03-09");
    const Book before = years({year_text(2026)});
    const Book after = years({year_text(2026), overlay});
    Basis period = basis("2026-03-02 10:00", 6);
    period.calendar = region_of("610100");
    const Basis stored = reckon(period, *before)->basis;
    BOOST_TEST(last(reckon(stored, *after)->due) == "2026-03-10");
    BOOST_TEST(!up_to_date(stored, *after));
    const auto moved = recompute(stored, *after, Amendment::extend_only);
    BOOST_TEST(last(moved->due) == "2026-03-11");
    BOOST_TEST((moved->basis.editions == Editions{{"cn/2026", 1}, {"cn-61/2026", 1}}));
}

BOOST_AUTO_TEST_SUITE_END()
