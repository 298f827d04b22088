// Calendar: which days an office of one region works, out of dated editions of national papers and
// regional overlays. A working day is one that an edition says is worked; else Monday to Friday,
// but for the days that an edition says are off. A year without edition counts weekends only, and
// says so (`provisional`).
//
// Threads: values, immutable after construction.
// Faults:  none.
// Source:  国务院关于修改《全国年节及纪念日放假办法》的决定 (国务院令第795号); the General Office's
// notice
//          of each year, which each edition names.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tongban::calendar {

// Which edition of each year a reckoning used: "cn/2026" -> 1. 0: not published at that time.
using Editions = std::map<std::string, int>;

enum class DayKind { work, off };

struct SpecialDay {  // a day that its weekday does not tell
    DayKind kind = DayKind::off;
    std::string zh;  // 春节; for a worked weekend day 调休上班
    std::string en;
};

struct Paper {  // what an edition rests on
    std::string title;
    std::string number;  // 国办发明电〔2025〕7号; may be empty
    std::string url;     // may be empty
};

struct Edition {  // one version of one year of one calendar: one file
    std::string calendar;
    std::string base;  // the calendar below; empty for a national one
    std::string zh;
    std::string en;
    int year = 0;
    int version = 0;
    Date published;
    std::vector<Paper> sources;
    bool provisional = false;  // no paper yet: due dates that touch the year are flagged
    std::map<Date, SpecialDay> days;
    std::string digest;  // SHA-256 of the file's bytes, hex

    [[nodiscard]] std::string key() const;  // "cn/2026", as in Editions
};

std::string edition_key(std::string_view calendar, int year);
int year_of(std::string_view edition_key);  // 0: this is no such key

using YearEditions = std::map<int, std::shared_ptr<const Edition>>;

struct Layer {  // one calendar's editions, one a year
    std::string id;
    YearEditions years;
};

class Calendar {
public:
    explicit Calendar(std::vector<Layer> layers);  // the national one first; at least one

    [[nodiscard]] const std::string& id() const;  // of the uppermost layer
    [[nodiscard]] bool is_work(Date day) const;
    [[nodiscard]] Date work_day_after(Date day) const;   // strictly after
    [[nodiscard]] Date work_day_before(Date day) const;  // strictly before
    [[nodiscard]] int work_days(int year) const;
    [[nodiscard]] int work_days(int year, int month) const;
    [[nodiscard]] std::string day_string(int year) const;  // '1' worked, '0' off; 365 or 366 long
    // What the uppermost edition that names the day says of it; nullptr for an ordinary day.
    [[nodiscard]] const SpecialDay* special(Date day) const;

    // Some layer has no edition of this year, or only a provisional one.
    [[nodiscard]] bool provisional(int year) const;
    [[nodiscard]] Editions editions(int from_year, int to_year) const;
    [[nodiscard]] const std::vector<Layer>& layers() const { return layers_; }

private:
    struct Year {
        std::string days;
        bool provisional = false;
    };
    std::vector<Layer> layers_;
    std::map<int, Year> years_;  // those with any edition
};

bool is_weekend(Date day);
Date plus_days(Date day, std::int64_t days);

}  // namespace tongban::calendar
