#include "connectors/sandbox/sale_story.h"

#include <algorithm>

namespace tongban::sandbox {

namespace {

constexpr const char* window = "640100.approvals";
constexpr const char* registry = "640100.real-estate";
constexpr const char* tax = "640100.tax";
constexpr const char* bank = "640100.bank";

constexpr const char* all_passed = "5";  // of tax's list of states

// In the order in which a case that goes well comes through them.
const std::vector<std::string>& way() {
    static const std::vector<std::string> states = {"D_APPLIED",
                                                    "D_VERIFIED",
                                                    "D_ACCEPTED",
                                                    "D_TAX_RECEIVED",
                                                    "D_TAX_CHECKED",
                                                    "D_TAX_ASSESSED",
                                                    "D_TAX_DECLARED",
                                                    "D_TAX_PAID",
                                                    "D_TAX_CLEARED",
                                                    "D_REVIEW",
                                                    "D_REVIEWED",
                                                    "D_REGISTERED",
                                                    "D_CERTIFIED",
                                                    "D_MORTGAGED",
                                                    "D_CLOSED"};
    return states;
}

struct Ending {
    std::string last;                // of way()
    std::vector<std::string> after;  // states that leave it
    std::string end, at;             // how it ends, or where it stands
    std::string code, severity;      // of the one finding; "" none
};

Ending ending_of(const std::string& story) {
    if (story == "G11")
        return {"D_VERIFIED", {"D_NOT_ACCEPTED"}, "not_accepted", "", "R-02", "block"};
    if (story == "G12-cut") return {"D_TAX_ASSESSED", {}, "", "assessment_mend", "R-14", "return"};
    if (story == "G13") return {"D_TAX_PAID", {}, "", "clearance_mend", "R-18", "block"};
    if (story == "G14")
        return {"D_REVIEW",
                {"D_SEIZED", "D_REFUND_OPEN", "D_REFUNDED", "D_REFUSED"},
                "refused",
                "",
                "R-03",
                "block"};
    if (story == "G15") return {"D_CLOSED", {}, "completed", "", "P-03", "review"};
    return {"D_CLOSED", {}, "completed", "", "", ""};
}

Json expectation(const std::string& story) {
    const Ending ending = ending_of(story);
    Json states = Json::array();
    for (const std::string& state : way()) {
        states.push_back(state);
        if (state == ending.last) break;
    }
    for (const std::string& state : ending.after)
        states.push_back(state);
    Json findings = Json::array();
    if (!ending.code.empty())
        findings.push_back({{"code", ending.code}, {"severity", ending.severity}});
    const Json last = states.back();
    return {{"state", last},
            {"end", ending.end},
            {"at", ending.at},
            {"states", std::move(states)},
            {"findings", std::move(findings)}};
}

// A message is sent only when the case comes to the state that it answers.
bool comes_to(const std::string& story, const std::string& state) {
    const Json expected = expectation(story);
    return state.empty() ||
           std::ranges::find(expected["states"], Json(state)) != expected["states"].end();
}

}  // namespace

const std::vector<std::string>& sale_story_names() {
    static const std::vector<std::string> names = {
        "G10", "G11", "G12", "G12-cut", "G13", "G14", "G15"};
    return names;
}

std::vector<SaleMessage> sale_messages(const Sale& sale) {
    const std::string head = sale.acceptance + "-";
    std::vector<SaleMessage> all = {{window,
                                     "joint-sale-application",
                                     "/requests/joint-sale",
                                     head + "1",
                                     "",
                                     sale_application(sale, head + "1")},
                                    {tax,
                                     "declaration-status",
                                     "/requests/c001",
                                     head + "2",
                                     "D_TAX_RECEIVED",
                                     sale_tax_status(sale, head + "2", all_passed)},
                                    {window,
                                     "joint-sale-declaration",
                                     "/requests/declaration",
                                     head + "3",
                                     "D_TAX_ASSESSED",
                                     sale_confirmation(sale, head + "3")},
                                    {bank,
                                     "tax-payment",
                                     "/requests/tax-payment",
                                     head + "4",
                                     "D_TAX_DECLARED",
                                     sale_paid(sale, head + "4")}};
    if (sale.seized_at_review) {
        all.push_back({registry,
                       "seizure-notice",
                       "/requests",
                       head + "5",
                       "D_REVIEW",
                       sale_seized(sale, head + "5")});
        all.push_back({tax,
                       "refund-result",
                       "/requests/tsjg",
                       head + "6",
                       "D_REFUND_OPEN",
                       sale_refunded(sale, head + "6")});
    } else {
        all.push_back({registry,
                       "review-result",
                       "/requests",
                       head + "5",
                       "D_REVIEW",
                       sale_reviewed(sale, head + "5")});
    }
    std::erase_if(all, [&](const SaleMessage& message) {
        // Whoever has to correct the assessment first confirms nothing.
        const bool held = sale.story == "G12-cut" && message.waits == "D_TAX_ASSESSED";
        return held || !comes_to(sale.story, message.waits);
    });
    return all;
}

Json sale_sheet(const Sale& sale, std::uint64_t seed) {
    Json sheet = {{"story", sale.story},
                  {"seed", seed},
                  {"index", sale.index},
                  {"item", "real-estate/joint-sale"},
                  {"application", sale.acceptance},
                  {"unit", sale.unit},
                  {"messages", Json::array()},
                  {"decisions", Json::array()},
                  {"expect", expectation(sale.story)}};
    if (sale.story == "G15")
        sheet["decisions"].push_back({{"step", "examine"}, {"action", "accept"}});
    for (const SaleMessage& message : sale_messages(sale)) {
        sheet["messages"].push_back({{"n", sheet["messages"].size() + 1},
                                     {"member", message.member},
                                     {"kind", message.kind},
                                     {"at", message.at},
                                     {"serial", message.serial},
                                     {"waits", message.waits},
                                     {"body", message.body}});
    }
    return sheet;
}

}  // namespace tongban::sandbox
