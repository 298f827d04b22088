// The lending centre's own book of one loan.
#include "connectors/sandbox/remote_loan.h"

#include "base/crypto.h"
#include "connectors/sandbox/random.h"

namespace tongban::sandbox {

namespace {

constexpr std::int64_t days_a_week = 7;
constexpr int short_contribution = 6;  // months, Xi'an's own least
constexpr int arrears_after = 3;       // months

bool is_weekend(Date day) {
    // 1970-01-01 was a Thursday.
    const std::int64_t weekday =
        ((days_since_1970(day) + 3) % days_a_week + days_a_week) % days_a_week;
    return weekday >= 5;
}

Period month_of(Date date) {
    return {date.year * 100 + date.month};
}

Date day_of(Period month, std::uint8_t day) {
    return {static_cast<std::int16_t>(month.yyyymm / 100),
            static_cast<std::uint8_t>(month.yyyymm % 100),
            day};
}

// Two instalments are paid, three are not, and in the sixth month all of it is, and one more.
std::vector<LoanMonth> months_in_arrears(const RemoteLoan& loan, const Enquiry& enquiry) {
    constexpr int paid = 2;
    constexpr int unpaid = 3;
    constexpr std::uint8_t told_on = 5;  // of the next month
    const std::int64_t instalment = enquiry.amount / enquiry.instalments;
    std::vector<LoanMonth> months;
    for (int n = 1; n <= unpaid + 1; ++n) {
        LoanMonth month;
        month.month = add_months(month_of(loan.issued), paid + n);
        month.told = day_of(add_months(month.month, 1), told_on);
        month.part_repaid_early = n > unpaid;
        if (n <= unpaid) {
            month.months_in_arrears = n;
            month.arrears = n * instalment;
        }
        const int instalments = n > unpaid ? paid + n + 1 : paid;
        month.principal = enquiry.amount - instalments * instalment;
        months.push_back(month);
    }
    return months;
}

}  // namespace

Date working_days_from(Date day, std::int64_t n) {
    while (n > 0) {
        day = date_of_days(days_since_1970(day) + 1);
        if (!is_weekend(day)) --n;
    }
    return day;
}

RemoteLoan make_remote_loan(const World& world, const RemoteLoanPlan& plan) {
    Random random = Random(world.seed, world.index).branch("remote-loan");
    RemoteLoan loan;
    loan.application = world.enquiry.application;
    loan.certificate = world.certificate.number;
    loan.old_papers = plan.old_papers;
    loan.approved = plan.approved;
    loan.applied = world.today;
    loan.supplied =
        working_days_from(loan.applied, plan.old_papers && plan.days_to_decide >= 0 ? 2 : 0);
    loan.decided = working_days_from(loan.supplied, plan.days_to_decide);
    loan.mortgaged = working_days_from(loan.decided, plan.days_to_issue > 0 ? 1 : 0);
    loan.issued = working_days_from(loan.decided, plan.days_to_issue);
    loan.reported = working_days_from(loan.issued, plan.days_to_report);
    // Most are settled early, some two years on.
    loan.settled =
        plan.days_to_issue < 0 ? loan.reported : date_of_days(days_since_1970(loan.issued) + 700);
    if (plan.arrears) loan.months = months_in_arrears(loan, world.enquiry);
    for (LoanMonth& month : loan.months) {
        if (plan.days_to_issue < 0) month.told = loan.reported;
    }
    loan.contract = "YCJK" + compact(loan.issued) + digits(random, 6);
    loan.proof = "宁（" + std::to_string(loan.mortgaged.year) + "）银川不动产证明第" +
                 padded(random.between(1000, 99999), 7) + "号";
    loan.old_title = "房权证兴庆区字第" + std::to_string(random.between(1998, 2009));
    loan.old_title += padded(random.between(1, 999999), 6) + "号";
    return loan;
}

std::string refusal_before(const World& world, std::string_view name) {
    const Certificate& c = world.certificate;
    if (c.state == "03" || c.state == "04" || c.state == "05") return "01";
    if (c.holder.name != name) return "05";
    if (c.loan_outstanding > 0) return "02";
    if (c.loan_count >= 2) return "03";
    return "";
}

std::string refusal_after(const World& world, std::string_view name) {
    if (std::string before = refusal_before(world, name); !before.empty()) return before;
    const Certificate& c = world.certificate;
    if (months_between(c.paid_to, month_of(world.today)) > arrears_after) return "04";
    if (months_between(c.continuous_from, c.continuous_to) + 1 < short_contribution) return "06";
    return "";
}

}  // namespace tongban::sandbox
