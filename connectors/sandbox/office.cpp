#include "connectors/sandbox/office.h"

#include <map>

#include "base/files.h"
#include "connectors/sandbox/office_clock.h"

namespace tongban::sandbox {

Result<Done> run_office(const OfficePlan& plan, const std::atomic<bool>& stop) {
    using Run = Result<Done> (*)(OfficeSetting&);
    static const std::map<std::string, Run> offices = {
        {"610100.housing-fund", run_xian_fund},
        {"640100.housing-fund", run_yinchuan_fund},
        {"610100.social-security", run_social_security},
        {"640100.real-estate", run_real_estate},
        {"640100.tax", run_tax},
        {"640100.construction", run_construction},
        {"640100.civil-affairs", run_civil_affairs},
        {"640100.approvals", run_counter},
        {"640100.bank", run_counter}};
    const auto office = offices.find(plan.member);
    if (office == offices.end())
        return Fault{FaultKind::refused, "member", "no office of that member here"};
    if (auto made = make_folders(plan.data); !made) return made;
    if (!plan.clock.empty()) follow_clock(plan.clock);
    auto book = OfficeBook::open(plan.data);
    if (!book) return std::move(book).fault();
    OfficeSetting setting{
        plan, Population(plan.population), Misconduct(plan.data), *std::move(book), stop};
    return office->second(setting);
}

}  // namespace tongban::sandbox
