// CalendarBook: every edition of every calendar in a folder, as one immutable snapshot, checked
// whole.
//
// The newest edition of a year is the one in force; older ones stay at hand by number, because a
// deadline remembers with which editions it was reckoned (Basis) and is reckoned anew only on
// purpose.
//
// Threads: a snapshot is read from any thread.
// Faults:  load throws ConfigError with every mistake; at() answers not_found when an edition that
// a
//          stored deadline names is gone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "hub/cases/calendar/calendar.h"

namespace tongban::calendar {

struct MissingYear {  // to warn of: from 1 October the next year's paper is due
    std::string calendar;
    int year = 0;
    std::string zh;
    std::string en;
};

class CalendarBook {
public:
    static std::shared_ptr<const CalendarBook> load(const std::string& folder);
    static std::shared_ptr<const CalendarBook> from_files(const std::vector<YamlFile>& files);

    // The calendar in force for a calendar id or a region ("cn", "cn-64", "cn-640100"): the longest
    // id that begins the region, so that a region without overlay has the national days. nullptr
    // when not even that exists.
    [[nodiscard]] const Calendar* find(std::string_view region) const;
    // The same calendar as it was: years that `editions` names at those editions (0: weekends
    // only), other years as they are today.
    [[nodiscard]] Result<std::shared_ptr<const Calendar>> at(std::string_view region,
                                                             const Editions& editions) const;

    [[nodiscard]] std::vector<std::shared_ptr<const Edition>> editions() const;  // all, sorted
    [[nodiscard]] std::vector<MissingYear> missing(Date today) const;

private:
    friend class BookMaker;
    CalendarBook() = default;
    using Versions = std::map<int, std::shared_ptr<const Edition>>;  // by version

    [[nodiscard]] std::vector<std::string> chain_of(std::string_view region) const;  // base first
    [[nodiscard]] Result<Calendar> make(const std::vector<std::string>& chain,
                                        const Editions& editions) const;
    [[nodiscard]] const Versions* versions(const std::string& id, int year) const;

    std::map<std::string, std::map<int, Versions>, std::less<>> all_;
    std::map<std::string, std::string, std::less<>> bases_;
    std::map<std::string, std::shared_ptr<const Calendar>, std::less<>> in_force_;
};

// The region of a division of six digits: "640100" -> "cn-640100".
std::string region_of(std::string_view division);

}  // namespace tongban::calendar
