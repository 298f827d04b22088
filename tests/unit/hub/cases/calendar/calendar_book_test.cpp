#include "hub/cases/calendar/calendar_book.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::date;
using test::year_text;

BOOST_AUTO_TEST_SUITE(calendar_book_test)

namespace {

std::string faults_of(const std::vector<YamlFile>& files) {
    try {
        static_cast<void>(CalendarBook::from_files(files));
        return "";
    } catch (const ConfigError& error) {
        std::string text;
        for (const ConfigFault& fault : error.faults()) {
            text += fault.file + ':' + std::to_string(fault.line) + ':' +
                    std::to_string(fault.column) + ": " + fault.message + '\n';
        }
        return text;
    }
}

std::string faults_of(const std::string& text) {
    return faults_of({YamlFile::from_text(text, "cn.yaml")});
}

void expect(const std::string& faults, const std::string& place, const std::string& words) {
    BOOST_TEST(faults.find(place) == 0U, faults);
    BOOST_TEST(faults.find(words) != std::string::npos, faults);
    BOOST_TEST(std::count(faults.begin(), faults.end(), '\n') == 1, faults);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

std::string off(const std::string& from, const std::string& to) {
    return "  - {from: " + from + ", to: " + to + ", zh: 休, en: rest}\n";
}

const std::string overlay =
    "calendar: cn-64\nbase: cn\nzh: 宁夏\nen: Ningxia\nyear: 2026\nversion: 1\n"
    "published: 2025-12-01\nsources: [{title: 通知}]\noff:\n"
    "  - {from: 2026-03-20, zh: 开斋节, en: Eid al-Fitr}\n";

}  // namespace

BOOST_AUTO_TEST_CASE(a_good_year_has_no_fault) {
    BOOST_TEST(faults_of(year_text(2026, off("2026-02-15", "2026-02-23"), "2026-02-14")) == "");
    BOOST_TEST(faults_of({YamlFile::from_text(year_text(2026), "1"),
                          YamlFile::from_text(overlay, "2")}) == "");
}

BOOST_AUTO_TEST_CASE(a_day_named_twice_is_a_fault_at_its_place) {
    expect(faults_of(
               year_text(2026, off("2026-02-15", "2026-02-17") + off("2026-02-17", "2026-02-18"))),
           "cn.yaml:13:",
           "2026-02-17 is named twice: keep one");
    expect(faults_of(year_text(2026, "", "2026-02-14, 2026-02-14")),
           "cn.yaml:12:20: ",
           "2026-02-14 is named twice: keep one");
}

BOOST_AUTO_TEST_CASE(a_day_both_off_and_worked_is_a_fault) {
    expect(faults_of(year_text(2026, off("2026-02-14", "2026-02-23"), "2026-02-14")),
           "cn.yaml:13:8: ",
           "2026-02-14 is named under `off` and under `work`: keep one");
}

BOOST_AUTO_TEST_CASE(a_day_of_another_year_is_a_fault) {
    expect(faults_of(year_text(2026, off("2025-12-31", "2026-01-02"))),
           "cn.yaml:12:",
           "2025-12-31 is not in the year 2026: put it into the file of its own year");
    expect(faults_of(year_text(2026, off("2026-12-31", "2027-01-02"))),
           "cn.yaml:12:",
           "2027-01-02 is not in the year 2026");
    expect(faults_of(year_text(2026, "", "2027-01-03")), "cn.yaml:12:", "2027-01-03 is not in");
}

BOOST_AUTO_TEST_CASE(a_worked_day_that_is_no_weekend_day_is_a_fault) {
    expect(faults_of(year_text(2026, "", "2026-02-13")),
           "cn.yaml:12:8: ",
           "2026-02-13 is no Saturday or Sunday");
}

BOOST_AUTO_TEST_CASE(a_range_that_runs_backwards_is_a_fault) {
    expect(faults_of(year_text(2026, off("2026-02-23", "2026-02-15"))),
           "cn.yaml:12:",
           "2026-02-15 is before `from` 2026-02-23: exchange them");
}

BOOST_AUTO_TEST_CASE(a_year_without_source_must_say_that_it_is_provisional_and_why) {
    const std::string bare = replaced(year_text(2026), "sources: [{title: 通知}]\n", "");
    expect(faults_of(bare), "cn.yaml:1:1: ", "names no source");
    expect(faults_of("provisional: true\n" + bare), "cn.yaml:1:14: ", "say in `note`");
    BOOST_TEST(faults_of("provisional: true\nnote: 待公布\n" + bare) == "");
}

BOOST_AUTO_TEST_CASE(a_year_without_its_fixed_holidays_is_a_fault) {
    const std::string text =
        replaced(year_text(2026), "  - {from: 2026-05-01, zh: 劳动节, en: Labour Day}\n", "");
    expect(faults_of(text), "cn.yaml:1:1: ", "2026-05-01 is a holiday of every year");
}

BOOST_AUTO_TEST_CASE(head_lines_that_cannot_be_are_faults) {
    expect(faults_of(replaced(year_text(2026), "calendar: cn", "calendar: CN")),
           "cn.yaml:1:11: ",
           "small letters");
    expect(faults_of(replaced(year_text(2026), "version: 1", "version: 0")), "cn.yaml:5:", "1 to");
    expect(faults_of(replaced(year_text(2026), "year: 2026", "year: 1926")), "cn.yaml:4:", "2000");
    expect(faults_of(replaced(year_text(2026), "2025-11-01", "2062-11-01")),
           "cn.yaml:6:",
           "is no day on which the days of 2026 were published");
    expect(faults_of("weekend: [sat]\n" + year_text(2026)), "cn.yaml:1:", "weekend");
    expect(
        faults_of(replaced(year_text(2026), "2026-10-03", "2026-10-33")), "cn.yaml:", "2026-10-33");
}

BOOST_AUTO_TEST_CASE(files_that_contradict_each_other_are_faults) {
    const YamlFile first = YamlFile::from_text(year_text(2026), "1.yaml");
    expect(faults_of({first, YamlFile::from_text(year_text(2026), "2.yaml")}),
           "2.yaml:5:",
           "cn/2026 has another file of version 1: give this one the next");
    const std::string third = replaced(year_text(2026), "version: 1", "version: 3");
    expect(faults_of({YamlFile::from_text(year_text(2026), "1.yaml"),
                      YamlFile::from_text(third, "3.yaml")}),
           "3.yaml:5:",
           "version 2 has no file");
    const std::string earlier =
        replaced(replaced(year_text(2026), "version: 1", "version: 2"), "2025-11-01", "2025-10-31");
    expect(faults_of({YamlFile::from_text(year_text(2026), "1.yaml"),
                      YamlFile::from_text(earlier, "2.yaml")}),
           "2.yaml:6:",
           "is before version 1 of 2025-11-01");
    expect(faults_of({YamlFile::from_text(overlay, "64.yaml")}),
           "64.yaml:2:7: ",
           "there is no calendar \"cn\"");
}

BOOST_AUTO_TEST_CASE(bases_in_a_circle_or_at_odds_are_faults) {
    const std::string other =
        replaced(replaced(overlay, "cn-64", "cn-65"), "base: cn", "base: cn-64");
    const std::string circle = replaced(overlay, "base: cn", "base: cn-65");
    const std::string faults =
        faults_of({YamlFile::from_text(other, "65.yaml"), YamlFile::from_text(circle, "64.yaml")});
    BOOST_TEST(faults.find("65.yaml:2:7: the bases go round in a circle") == 0U, faults);
    const std::string odd =
        replaced(replaced(overlay, "year: 2026", "year: 2025"), "base: cn\n", "base: cn-65\n");
    const std::string at_odds = faults_of({YamlFile::from_text(year_text(2026), "1"),
                                           YamlFile::from_text(overlay, "64.yaml"),
                                           YamlFile::from_text(odd, "odd.yaml")});
    BOOST_TEST(at_odds.find("odd.yaml:2:7: other files of this calendar name another base") !=
                   std::string::npos,
               at_odds);
}

BOOST_AUTO_TEST_CASE(every_fault_of_a_folder_comes_at_once_with_its_file) {
    const std::string faults =
        faults_of({YamlFile::from_text(year_text(2025, "", "2025-02-14"), "25.yaml"),
                   YamlFile::from_text(year_text(2026, "", "2026-02-13"), "26.yaml")});
    BOOST_TEST(std::count(faults.begin(), faults.end(), '\n') == 2);
    BOOST_CHECK_THROW(static_cast<void>(CalendarBook::load("/nowhere/calendars")), ConfigError);
}

BOOST_AUTO_TEST_CASE(a_region_has_the_calendar_with_the_longest_id_that_begins_it) {
    const auto book = test::book();
    BOOST_TEST(book->find("cn")->id() == "cn");
    BOOST_TEST(book->find("cn-64")->id() == "cn-64");
    BOOST_TEST(book->find(region_of("640100"))->id() == "cn-64");
    BOOST_TEST(book->find(region_of("610100"))->id() == "cn");
    BOOST_TEST(book->find("cnx") == nullptr);
    BOOST_TEST(book->find("us") == nullptr);
    BOOST_TEST(book->find("") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_region_whose_own_days_are_not_entered_is_flagged) {
    for (const char* division : {"450100", "540100", "640100", "650100"})
        BOOST_TEST(test::book()->find(region_of(division))->provisional(2026), division);
    BOOST_TEST(!test::book()->find(region_of("610100"))->provisional(2026));
}

BOOST_AUTO_TEST_CASE(the_newest_edition_is_in_force_and_older_ones_stay) {
    const auto book = test::book();
    BOOST_TEST(!book->find("cn")->is_work(date("2020-02-01")));
    const auto before = book->at("cn", {{"cn/2020", 1}});
    BOOST_REQUIRE(before.ok());
    BOOST_TEST((*before)->is_work(date("2020-02-01")));
    BOOST_TEST((*before)->is_work(date("2026-02-14")));  // other years as they are
    const auto none = book->at("cn", {{"cn/2020", 0}});
    BOOST_TEST((*none)->is_work(date("2020-01-24")));
    BOOST_TEST((*none)->provisional(2020));
    BOOST_TEST((book->at("cn", {{"cn/2020", 3}}).fault().kind == FaultKind::not_found));
    for (const auto& edition : book->editions())
        BOOST_TEST(edition->digest.size() == 64U);
}

// A deadline that was reckoned with what is in force costs no calendar of its own.
BOOST_AUTO_TEST_CASE(editions_in_force_name_the_calendar_in_force) {
    const auto book = test::book();
    const Calendar* const in_force = book->find("cn-640100");
    BOOST_TEST(book->at("cn-640100", {})->get() == in_force);
    Editions editions = in_force->editions(2026, 2027);
    BOOST_TEST(book->at("cn-640100", editions)->get() == in_force);
    editions.erase("cn/2026");  // the layer was not known then
    BOOST_TEST(book->at("cn-640100", editions)->get() != in_force);
}

BOOST_AUTO_TEST_CASE(from_october_on_the_next_years_file_is_missed) {
    const auto book = test::book();
    BOOST_TEST(book->missing(date("2026-09-30")).empty());
    const auto missing = book->missing(date("2026-10-01"));
    BOOST_REQUIRE(missing.size() == 5U);  // the national one and four regions
    BOOST_TEST(missing[0].calendar == "cn");
    BOOST_TEST(missing[0].year == 2027);
    BOOST_TEST(missing[0].zh.find("2027") != std::string::npos);
    BOOST_TEST(missing[0].en.find("2027") != std::string::npos);
    BOOST_TEST(missing[3].calendar == "cn-64");
    BOOST_TEST(book->missing(date("2025-12-01")).empty());
    BOOST_TEST(book->missing(date("2027-02-01")).size() == 5U);  // and it goes on
}

BOOST_AUTO_TEST_SUITE_END()
