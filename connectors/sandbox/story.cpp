#include "connectors/sandbox/story.h"

#include <algorithm>

#include "base/check.h"

namespace tongban::sandbox {

namespace {

constexpr std::int64_t silent_days = 12;  // of G3
constexpr int late_by = 7;                // months; Yinchuan accepts three

bool known(std::string_view story) {
    return std::ranges::find(story_names(), story) != story_names().end();
}

RemoteLoanPlan loan_plan(const StoryPlan& plan) {
    RemoteLoanPlan loan;
    loan.old_papers = plan.name.starts_with("G2");
    loan.approved = plan.name != "G1-rejected";
    loan.arrears = plan.name == "G1-arrears";
    if (plan.name == "G3") loan.days_to_report = silent_days;
    if (plan.report_after >= 0) loan.days_to_report = plan.report_after;
    if (plan.at_once) loan.days_to_decide = loan.days_to_issue = loan.days_to_report = -1;
    return loan;
}

// Two months of the stretch that were paid only long after.
void pay_back_late(Certificate& certificate, Date today) {
    int left = 2;
    const Period newest = add_months({today.year * 100 + today.month}, -late_by - 1);
    for (Posting& posting : certificate.ledger) {
        const bool chosen = left > 0 && posting.month && posting.kind == "01" &&
                            !posting.reversed && certificate.continuous_from < *posting.month &&
                            *posting.month < newest &&
                            !std::ranges::any_of(
                                certificate.ledger,
                                [&](const Posting& other) {
                                    return other.reversed && other.month == posting.month;
                                });
        if (!chosen) continue;
        --left;
        posting.kind = "02";
        const Period paid = add_months(*posting.month, late_by);
        posting.posted = {static_cast<std::int16_t>(paid.yyyymm / 100),
                          static_cast<std::uint8_t>(paid.yyyymm % 100),
                          posting.posted.day};
    }
    TONGBAN_CHECK(left == 0, "sandbox.story.months");
}

Json expectation(const StoryPlan& plan) {
    Json states = {"A_APPLIED",
                   "A_ELIGIBLE",
                   "A_REQUESTED",
                   "A_CERTIFIED",
                   "A_LOAN_ACCEPTED",
                   "A_LOAN_APPROVED",
                   "A_LOAN_ISSUED",
                   "A_FEEDBACK_SENT",
                   "A_MARKED",
                   "A_CLOSED"};
    Json findings = Json::array();
    Json lights = Json::array();
    if (plan.name == "G2") {
        for (const auto& [code, severity] : {std::pair{"R-25", "return"},
                                             std::pair{"C-02", "review"},
                                             std::pair{"C-05", "review"},
                                             std::pair{"C-02-610100", "info"},
                                             std::pair{"C-02-640100", "info"}}) {
            findings.push_back({{"code", code}, {"severity", severity}});
        }
    }
    if (plan.name == "G2-registry" || plan.name == "G2-supplied") {
        findings.push_back({{"code", "R-25"}, {"severity", "return"}});
        findings.push_back({{"code", "part.no_record"}, {"severity", "return"}});
    }
    if (plan.name == "G2-supplied") states.insert(states.begin() + 2, "A_RETURNED");
    if (plan.name == "G1-rejected") {
        states.erase(states.begin() + 5, states.end());
        states.push_back("A_LOAN_REJECTED");
    }
    if (plan.name == "G3" && !plan.at_once) {
        findings.push_back({{"code", "L-08"}, {"severity", "warn"}});
        lights.push_back({{"step", "report"}, {"light", "red"}});
        states.insert(states.begin() + 7, "A_FEEDBACK_OVERDUE");
    }
    const Json last = states.back();
    return {{"state", last},
            {"end", plan.name == "G1-rejected" ? "rejected" : "closed"},
            {"states", std::move(states)},
            {"findings", std::move(findings)},
            {"returns", plan.name.starts_with("G2") ? 1 : 0},
            {"lights", std::move(lights)}};
}

}  // namespace

const std::vector<std::string>& story_names() {
    static const std::vector<std::string> names = {
        "G1", "G1-rejected", "G1-arrears", "G2", "G2-registry", "G2-supplied", "G3"};
    return names;
}

void tell_in(World& world, std::string_view story) {
    if (!known(story)) return;
    // None of them is about a second loan.
    Certificate& certificate = world.certificate;
    certificate.loan_count = certificate.loan_total = certificate.loan_outstanding = 0;
    world.enquiry.fund_loans = 0;
    if (story == "G2-registry") world.old_papers = OldPapers::registry;
    if (story == "G2-supplied") world.old_papers = OldPapers::nobody;
    if (story != "G2") return;
    certificate.state = "99";
    pay_back_late(certificate, world.today);
}

Result<std::vector<StoryMessage>> story_messages(const World& world,
                                                 const StoryPlan& plan,
                                                 std::string_view case_number) {
    if (!known(plan.name)) return Fault{FaultKind::refused, "story", "no such story of a loan"};
    RemoteLoan loan = make_remote_loan(world, loan_plan(plan));
    loan.case_number = case_number;
    using Write = std::string (*)(const World&, const RemoteLoan&, std::string_view);
    struct Line {
        const char* kind;
        Write write;
        Date on;
        const LoanMonth* month = nullptr;  // told by it
    };
    std::vector<Line> lines = {{"remote-loan-application", application_message, loan.applied},
                               {"loan-decision", decision_message, loan.decided},
                               {"loan-issued", issued_message, loan.issued},
                               {"loan-feedback", feedback_message, loan.reported},
                               {"loan-settled", settled_message, loan.settled}};
    for (const LoanMonth& month : loan.months)
        lines.insert(lines.end() - 1, {"loan-position-report", nullptr, month.told, &month});
    if (!loan.approved) lines.resize(2);
    if (plan.name == "G2-supplied")
        lines.insert(lines.begin() + 1,
                     {"remote-loan-supplement", supplement_message, loan.supplied});
    std::vector<StoryMessage> messages;
    for (const Line& line : lines) {
        std::string serial = world.enquiry.serial + "-" + std::to_string(messages.size() + 1);
        std::string body = line.month != nullptr
                               ? position_message(world, loan, *line.month, serial)
                               : line.write(world, loan, serial);
        messages.push_back({line.kind, std::move(serial), line.on, std::move(body)});
    }
    return messages;
}

Result<Json> story_sheet(const World& world, const StoryPlan& plan) {
    const Result<std::vector<StoryMessage>> messages = story_messages(world, plan, "");
    if (!messages) return Result<Json>(messages.fault());
    Json sheet = {{"story", plan.name},
                  {"seed", world.seed},
                  {"index", world.index},
                  {"item", "housing-fund/remote-loan"},
                  {"application", world.enquiry.application},
                  {"messages", Json::array()},
                  {"decisions", Json::array()},
                  {"expect", expectation(plan)}};
    if (plan.name == "G2")  // back payments and a state printed 其他: an officer weighs them
        sheet["decisions"].push_back({{"step", "weigh"}, {"action", "accept"}});
    for (const StoryMessage& message : *messages) {
        sheet["messages"].push_back({{"n", sheet["messages"].size() + 1},
                                     {"kind", message.kind},
                                     {"member", "640100.housing-fund"},
                                     {"serial", message.serial},
                                     {"on", iso(message.on)},
                                     {"body", message.body}});
    }
    return sheet;
}

}  // namespace tongban::sandbox
