#include "hub/cases/calendar/calendar_book.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/files.h"
#include "hub/cases/calendar/internal/edition_file.h"

namespace tongban::calendar {
namespace {

// Of each year that is named, every layer is named as it is in force.
bool names_those_in_force(const Editions& editions, const Calendar& in_force) {
    for (const auto& [key, version] : editions) {
        const int year = year_of(key);
        for (const auto& [current, in_force_version] : in_force.editions(year, year)) {
            const auto named = editions.find(current);
            if (named == editions.end() || named->second != in_force_version) return false;
        }
    }
    return true;
}

}  // namespace

// Puts the files together; what they say of each other is checked here.
class BookMaker {
public:
    void add(const YamlFile& file) {
        files_.push_back(read_edition(file));
        const Edition& edition = files_.back().edition;
        if (edition.year == 0 || edition.version == 0 || edition.calendar.empty()) return;
        auto& versions = book_->all_[edition.calendar][edition.year];
        const auto shared = std::make_shared<const Edition>(edition);
        const auto [found, added] = versions.emplace(edition.version, shared);
        if (!added) {
            files_.back().fault("version",
                                edition.key() + " has another file of version " +
                                    std::to_string(edition.version) + ": give this one the next");
        }
        const auto [base, first] = book_->bases_.emplace(edition.calendar, edition.base);
        if (!first && base->second != edition.base)
            files_.back().fault("base", "other files of this calendar name another base");
    }

    void add_faults(std::vector<ConfigFault> faults) {
        faults_.insert(faults_.end(), faults.begin(), faults.end());
    }

    std::shared_ptr<const CalendarBook> make() {
        for (const EditionFile& file : files_) {
            check_base(file);
            check_versions(file);
        }
        for (const EditionFile& file : files_)
            add_faults(file.file.faults());
        if (!faults_.empty()) throw ConfigError(std::move(faults_));
        for (const auto& [id, years] : book_->all_) {
            auto calendar = book_->make(book_->chain_of(id), {});
            book_->in_force_.emplace(id, std::make_shared<const Calendar>(*std::move(calendar)));
        }
        return std::move(book_);
    }

private:
    void check_base(const EditionFile& file) {
        std::set<std::string> seen{file.edition.calendar};
        std::string base = file.edition.base;
        while (!base.empty()) {
            const auto found = book_->bases_.find(base);
            if (found == book_->bases_.end()) {
                file.fault("base", "there is no calendar \"" + base + "\": add its files");
                return;
            }
            if (!seen.insert(base).second) {
                file.fault("base", "the bases go round in a circle: remove one");
                return;
            }
            base = found->second;
        }
    }

    // Deadlines name versions: none may be missing, and a later one is a later paper.
    void check_versions(const EditionFile& file) {
        const Edition& edition = file.edition;
        if (edition.version < 2) return;
        const auto* versions = book_->versions(edition.calendar, edition.year);
        if (versions == nullptr) return;
        const auto before = versions->find(edition.version - 1);
        if (before == versions->end()) {
            file.fault("version",
                       "version " + std::to_string(edition.version - 1) +
                           " has no file: old versions stay, deadlines are reckoned with them");
        } else if (edition.published < before->second->published) {
            file.fault("published",
                       "is before version " + std::to_string(edition.version - 1) + " of " +
                           iso(before->second->published) + ": correct one");
        }
    }

    std::shared_ptr<CalendarBook> book_{new CalendarBook};
    std::vector<EditionFile> files_;
    std::vector<ConfigFault> faults_;
};

std::shared_ptr<const CalendarBook> CalendarBook::load(const std::string& folder) {
    BookMaker maker;
    const std::vector<std::string> paths = files_below(folder, ".yaml");
    if (paths.empty())
        maker.add_faults({{folder, 0, 0, "holds no calendar (*.yaml): name the folder that does"}});
    for (const std::string& path : paths) {
        try {
            maker.add(YamlFile(path));
        } catch (const ConfigError& error) {
            maker.add_faults(error.faults());
        }
    }
    return maker.make();
}

std::shared_ptr<const CalendarBook> CalendarBook::from_files(const std::vector<YamlFile>& files) {
    BookMaker maker;
    for (const YamlFile& file : files)
        maker.add(file);
    return maker.make();
}

std::vector<std::string> CalendarBook::chain_of(std::string_view region) const {
    std::string id;
    for (const auto& [candidate, years] : all_) {
        if (!region.starts_with(candidate) || candidate.size() < id.size()) continue;
        const std::string_view rest = region.substr(candidate.size());
        const bool whole = rest.empty() || rest.front() == '-' ||
                           (rest.size() % 2 == 0 && rest.front() >= '0' && rest.front() <= '9');
        if (whole) id = candidate;
    }
    std::vector<std::string> chain;
    while (!id.empty()) {
        chain.push_back(id);
        const auto base = bases_.find(id);
        id = base == bases_.end() ? "" : base->second;
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

const CalendarBook::Versions* CalendarBook::versions(const std::string& id, int year) const {
    const auto years = all_.find(id);
    if (years == all_.end()) return nullptr;
    const auto found = years->second.find(year);
    return found == years->second.end() ? nullptr : &found->second;
}

const Calendar* CalendarBook::find(std::string_view region) const {
    const std::vector<std::string> chain = chain_of(region);
    if (chain.empty()) return nullptr;
    const auto found = in_force_.find(chain.back());
    return found == in_force_.end() ? nullptr : found->second.get();
}

Result<std::shared_ptr<const Calendar>> CalendarBook::at(std::string_view region,
                                                         const Editions& editions) const {
    const std::vector<std::string> chain = chain_of(region);
    if (chain.empty())
        return Fault{FaultKind::not_found, "calendar", "no calendar for this region is loaded"};
    const auto in_force = in_force_.find(chain.back());
    if (in_force != in_force_.end() && names_those_in_force(editions, *in_force->second))
        return in_force->second;
    Result<Calendar> made = make(chain, editions);
    if (!made) return std::move(made).fault();
    return std::shared_ptr<const Calendar>(std::make_shared<const Calendar>(*std::move(made)));
}

Result<Calendar> CalendarBook::make(const std::vector<std::string>& chain,
                                    const Editions& editions) const {
    std::vector<Layer> layers;
    for (const std::string& id : chain) {
        Layer layer{id, {}};
        for (const auto& [year, versions] : all_.find(id)->second)
            layer.years[year] = versions.rbegin()->second;
        // A year that was used knows all its layers; one that came later did not bear on it.
        for (const auto& [key, version] : editions)
            layer.years.erase(year_of(key));
        for (const auto& [key, version] : editions) {
            const int year = year_of(key);
            if (version == 0 || key != edition_key(id, year)) continue;
            const Versions* known = this->versions(id, year);
            if (known == nullptr || !known->contains(version)) {
                return Fault{FaultKind::not_found,
                             "calendar." + key,
                             "version " + std::to_string(version) + " is not loaded"};
            }
            layer.years[year] = known->at(version);
        }
        layers.push_back(std::move(layer));
    }
    return Calendar(std::move(layers));
}

std::vector<std::shared_ptr<const Edition>> CalendarBook::editions() const {
    std::vector<std::shared_ptr<const Edition>> all;
    for (const auto& [id, years] : all_)
        for (const auto& [year, versions] : years)
            for (const auto& [version, edition] : versions)
                all.push_back(edition);
    return all;
}

std::vector<MissingYear> CalendarBook::missing(Date today) const {
    constexpr int notice_month = 10;  // the General Office publishes in October to December
    std::vector<MissingYear> missing;
    const int last = today.year + (today.month >= notice_month ? 1 : 0);
    for (const auto& [id, years] : all_) {
        for (int year = today.year; year <= last; ++year) {
            if (years.contains(year)) continue;
            const std::string number = std::to_string(year);
            MissingYear row{id, year, "日历 ", "calendar "};
            row.zh.append(id).append(" 缺少").append(number);
            row.zh += "年的放假安排，期限暂按周末推算；请在通知公布后录入";
            row.en.append(id).append(" has no file for ").append(number);
            row.en +=
                ": deadlines there count weekends only and are provisional; "
                "load the year's notice";
            missing.push_back(std::move(row));
        }
    }
    return missing;
}

std::string region_of(std::string_view division) {
    return "cn-" + std::string(division);
}

}  // namespace tongban::calendar
