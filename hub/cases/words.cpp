#include "hub/cases/internal/words.h"

#include <algorithm>
#include <array>

namespace tongban::cases::internal {

namespace {

struct Sentence {
    std::string_view code;
    std::string_view zh;
    std::string_view en;
};

constexpr std::array refusals = {
    Sentence{"case.closed",
             "办件已办结，不再接受操作。",
             "The case is closed and takes no more orders."},
    Sentence{"case.not_open", "办件不在办理中，不能暂停。", "Only an open case can be paused."},
    Sentence{"case.not_paused", "办件并未暂停。", "The case is not paused."},
    Sentence{"case.ended",
             "办件已到终点，不能撤销。",
             "The case has come to its end and cannot be cancelled."},
    Sentence{"case.cancelling",
             "办件正在撤销，请等待撤销完成。",
             "The case is being cancelled: wait for it."},
    Sentence{
        "case.past_pivot",
        "已共同决定或者不可撤销的事项不能撤回，只能继续办完。",
        "What was decided jointly, or stays done, cannot be undone: the case only goes forward."},
    Sentence{"command.reason", "请写明理由后重新提交。", "Give a reason and send it again."},
    Sentence{"command.two_officers",
             "该处置须由另一名经办人复核，请填写复核人。",
             "A second officer must approve: name the approver."},
    Sentence{"order.member",
             "该操作由办件的主办单位、待办或异常的责任单位作出。",
             "This order is the owner's to give, or that of the member who owes the step or the "
             "incident."},
    Sentence{"order.choice",
             "没有这种处置，请查看可选项。",
             "There is no such choice: look at the choices."},
    Sentence{
        "pause.reason",
        "暂停理由须为其一：awaiting-citizen 等待群众补件、awaiting-province 等待外省回函、"
        "judicial 司法程序、hearing 听证、inspection 检验检测检疫鉴定、expert-review 专家评审。",
        "A pause has one of these reasons: awaiting-citizen, awaiting-province, judicial, "
        "hearing, inspection, expert-review."},
    Sentence{"pause.once",
             "该理由已中止过一次计时，不能再次中止。",
             "The clock was stopped for this reason before."},
    Sentence{"incident.none", "没有这条未处理的异常。", "There is no such open incident."},
    Sentence{"incident.branch",
             "该异常不属于联办成员。",
             "The incident is of no member of the joint filing."},
    Sentence{"step.under_way",
             "对方可能正在办理，请等待结果。",
             "An office may be doing it: wait for its answer."},
    Sentence{"task.none",
             "没有这项待办，或已由他人办结。",
             "No such task waits; it may have been done."},
    Sentence{"task.member", "该待办属于其他单位。", "Another member owes this task."},
    Sentence{
        "task.action", "该待办没有这个选项。", "The task has no such action: look at its actions."},
    Sentence{"task.claimed", "该待办已由其他经办人认领。", "Another officer has taken this task."},
    Sentence{"task.four_eyes",
             "须由另一名经办人作出相同决定。",
             "A second officer must decide the same."},
    Sentence{"event.unknown",
             "该办件不等待此事件，或不应由贵单位报告。",
             "No step of this case waits for this event from this member."},
    Sentence{"event.early",
             "提前到达的事件过多，请稍后再报。",
             "Too many events came before their time: report it later."},
    Sentence{"limit.none", "此处没有期限。", "There is no deadline here."},
    Sentence{"limit.extend",
             "期限只能在届满前延长一次。",
             "A deadline is extended once, before it ends."},
    Sentence{"transfer.back",
             "不得退回原单位，请由督办人员指定。",
             "It came from there: the supervisor assigns it."},
    Sentence{"transfer.bound",
             "已作约束性指定，不得再转办。",
             "The last assignment binds: no transfer."},
    Sentence{"transfer.limit",
             "转办次数已达上限，请由督办人员指定。",
             "It was passed on often enough: the supervisor assigns it."},
    Sentence{"external.hub",
             "该办件由枢纽主办，状态随环节变化，不能由外部指定。",
             "The hub masters this case: its steps bring its states."},
    Sentence{"external.number",
             "外部编号在开启办件时确定，不能更改。",
             "The external number came with the opening and stays."},
    Sentence{"external.state", "事项没有这个状态。", "The item has no such state."},
    Sentence{"transfer.member",
             "枢纽没有这个成员单位，请核对代码；转办次数未计。",
             "The hub has no such member: check its id. Nothing was passed on."},
    Sentence{"transfer.same", "该单位已在办理。", "That member has the task already."},
};

struct Trouble {
    std::string_view code;  // or what it begins with
    item::Words words;
};

const std::array<Trouble, 22>& troubles() {
    static const std::array<Trouble, 22> all = {{
        {"call.in_doubt",
         {"已发出但未收到结果，对方可能已办理，请核对双方记录",
          "sent and not answered: the office may have done it; compare both journals"}},
        {"call.exhausted",
         {"多次请求均未成功", "asked as often as the item allows, without success"}},
        {"call.denied",
         {"枢纽不允许这次请求：缺少协议、授权或开启办件的签名",
          "the hub does not allow the call: no agreement, consent or signed opening"}},
        {"call.no_record",
         {"对方查无记录，事项未规定此时如何办理",
          "the office has no record, and the item does not say what then"}},
        {"call.refused",
         {"对方不予办理，事项未规定此时如何办理",
          "the office refuses, and the item does not say what then"}},
        {"call.returned",
         {"往来报文不符合规范或规则，见核查发现",
          "the request or the answer breaks a schema or a rule: see the findings"}},
        {"call.late",
         {"已放弃的步骤实际已办理，需人工撤回",
          "a step that was given up was done all the same: it must be undone by hand"}},
        {"call.", {"对某单位的请求未成", "a call of an office did not succeed"}},
        {"undo.", {"撤回未成，需人工处理", "what was done could not be undone"}},
        {"joint.hazard",
         {"已共同决定，但有成员不能确认", "it was decided jointly, and a member cannot confirm"}},
        {"joint.confirm.in_doubt",
         {"确认已发出但结果不明，该单位不能查询状态",
          "a confirm was sent and its outcome is not known; the office cannot be asked"}},
        {"joint.",
         {"联办成员的请求未被允许", "a call of a member of the joint filing was not allowed"}},
        {"report.",
         {"主办该办件的系统未接受状态回报",
          "the system that masters the case did not take the report of its state"}},
        {"deadline.breach", {"已超过办理期限", "the deadline has passed"}},
        {"limit.calendar",
         {"缺少工作日历，期限无法计算", "no calendar to reckon the deadline with"}},
        {"limit.steps",
         {"步骤过多，办件可能在循环", "too many steps: the case may run in a circle"}},
        {"item.step", {"事项没有该步骤", "the item has no such step"}},
        {"next.none", {"事项未规定下一步", "the item knows no way on from here"}},
        {"timer.undecided", {"等待的时间无法计算", "the time to wait for cannot be reckoned"}},
        {"case.unreadable",
         {"办件数据无法读取，需技术人员恢复", "the case cannot be read: it must be restored"}},
        {"state.", {"办件数据过大", "the case holds too much"}},
        {"", {"需要人工处理", "a person must see to it"}},
    }};
    return all;
}

constexpr std::int32_t mere_light = 3;

}  // namespace

exchange::Refusal order_refused(const Fault& fault) {
    const std::string_view code = fault.where;
    if (code == "case.moved") return exchange::refusal("case.moved", "case_revision");
    if (code == "message.reused") return exchange::refusal("request.conflict", "request_id");
    exchange::Refusal refusal = exchange::refusal("case.order", code);
    const auto* const found = std::find_if(
        refusals.begin(), refusals.end(), [&](const Sentence& one) { return one.code == code; });
    if (found == refusals.end()) return refusal;
    refusal.zh = found->zh;
    refusal.en = found->en;
    return refusal;
}

const item::Words& incident_words(std::string_view code) {
    const auto& all = troubles();
    const auto* const found = std::find_if(
        all.begin(), all.end(), [&](const Trouble& one) { return code.starts_with(one.code); });
    return found->words;
}

std::vector<std::string> choices_of(const Incident& incident) {
    if (incident.severity == mere_light) return {"skip"};
    return {"retry", "skip", "set_result"};
}

bool needs_approver(const Incident& incident, std::string_view choice) {
    if (incident.severity == mere_light) return false;
    return choice != "retry" || incident.code.ends_with("in_doubt");
}

exchange::CaseIncident incident_of(const CaseState& state,
                                   std::int64_t rev,
                                   const Incident& incident) {
    const StepRun* run = state.run(incident.step_no);
    const item::Words& words = incident_words(incident.code);
    exchange::CaseIncident out;
    out.incident = "i" + std::to_string(incident.seq);
    out.case_number = state.number;
    out.step = run == nullptr ? "" : run->step;
    out.code = incident.code;
    out.severity = std::to_string(incident.severity);
    out.zh = words.zh;
    out.en = words.en;
    out.opened_ms = incident.opened_ms;
    out.choices = choices_of(incident);
    out.case_revision = rev;
    return out;
}

}  // namespace tongban::cases::internal
