#include "hub/cases/internal/officers_order.h"

#include <charconv>
#include <string_view>

#include "base/json.h"
#include "hub/cases/internal/entered.h"
#include "hub/cases/internal/words.h"

namespace tongban::cases::internal {

using exchange::Caller;
using exchange::CaseAction;

namespace {

std::int32_t number_in(std::string_view text) {
    std::int32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// "retry" "skip" "set_result" "reassign" "claim" "extend" ... are mend's choices.
std::optional<Order> order_named(const exchange::CaseOrder& order) {
    switch (order.action) {
        case CaseAction::pause:
            return Order::pause;
        case CaseAction::resume:
            return Order::resume;
        case CaseAction::cancel:
            return Order::cancel;
        case CaseAction::signal:
            return Order::signal;
        case CaseAction::decide:
        case CaseAction::mend:
            break;
    }
    for (int one = 0; one <= static_cast<int>(Order::external); ++one)
        if (name_of(static_cast<Order>(one)) == order.choice) return static_cast<Order>(one);
    return std::nullopt;
}

exchange::Refusal no_such_choice() {
    return order_refused({FaultKind::refused, "order.choice", "no such choice"});
}

std::string text_in(const Json& detail, const char* name) {
    const auto found = detail.is_object() ? detail.find(name) : detail.end();
    return found != detail.end() && found->is_string() ? found->get<std::string>() : "";
}

bool flag_in(const Json& detail, const char* name) {
    const auto found = detail.is_object() ? detail.find(name) : detail.end();
    return found != detail.end() && found->is_boolean() && found->get<bool>();
}

std::int32_t count_in(const Json& detail, const char* name) {
    const auto found = detail.is_object() ? detail.find(name) : detail.end();
    return found != detail.end() && found->is_number_integer() ? found->get<std::int32_t>() : 0;
}

Decided decision_of(const exchange::CaseOrder& order) {
    Decided decision;
    decision.step_no = number_in(order.subject);
    decision.action = order.choice;
    decision.reason = order.reason;
    return decision;
}

Ordered command_of(Order named,
                   const exchange::CaseOrder& order,
                   const Json& detail,
                   const Caller& caller) {
    Ordered what;
    what.order = named;
    what.reason = named == Order::pause && !order.choice.empty() ? order.choice : order.reason;
    if (named == Order::signal) what.name = order.subject;
    if (named == Order::signal) what.member = caller.member;
    // "i3" is an incident, "7" a step.
    if (order.subject.starts_with('i'))
        what.incident = number_in(std::string_view(order.subject).substr(1));
    else
        what.step_no = number_in(order.subject);
    what.ground = text_in(detail, "ground");
    what.approver = text_in(detail, "approver");
    if (what.name.empty()) what.name = text_in(detail, "name");
    if (what.member.empty()) what.member = text_in(detail, "member");
    what.binding = flag_in(detail, "binding") && caller.role == "operator";
    what.count = count_in(detail, "count");
    return what;
}

const item::Step* step_of(const CaseView& view, std::int32_t step_no) {
    const StepRun* run = view.state.run(step_no);
    return run == nullptr ? nullptr : view.item->step(run->step);
}

std::string type_of_form(const CaseView& view, std::int32_t step_no) {
    const item::Step* step = step_of(view, step_no);
    const auto* task = step == nullptr ? nullptr : std::get_if<item::Task>(&step->what);
    return task == nullptr ? "" : task->form;
}

std::string type_of_event(const CaseView& view, const std::string& event) {
    for (const item::Step& step : view.item->steps)
        if (const auto* wait = std::get_if<item::Wait>(&step.what))
            for (const item::Expected& one : wait->any)
                if (one.event == event) return one.type;
    return "";
}

// What the step brings; "" where that has no type of its own.
std::string type_of_result(const CaseView& view, const Ordered& command) {
    std::int32_t step_no = command.step_no;
    for (const Incident& one : view.state.incidents)
        if (command.incident != 0 && one.seq == command.incident) step_no = one.step_no;
    const item::Step* step = step_of(view, step_no);
    if (step == nullptr) return "";
    if (const auto* call = std::get_if<item::Call>(&step->what)) return call->record;
    const auto* wait = std::get_if<item::Wait>(&step->what);
    if (wait == nullptr) return "";
    for (const item::Expected& one : wait->any)
        if (one.event == command.name || wait->any.size() == 1) return one.type;
    return "";
}

// The part of the order that is a record, read by the type that it must have.
exchange::Reply<schemas::Group> record_of(const Ordered& command,
                                          const Json& detail,
                                          const CaseView& view) {
    const auto found = detail.find("record");
    const Json record = found == detail.end() ? Json::object() : *found;
    const schemas::Catalogue* types = view.types.get();
    if (command.order == Order::signal) {
        const std::string type = type_of_event(view, command.name);
        if (type.empty() && types == nullptr) return untyped(record);
        // An event that no step waits for is the engine's to refuse.
        if (type.empty()) return schemas::Group{};
        return entered(record, type, types, Whole::required);
    }
    const std::string type = type_of_result(view, command);
    if (type.empty()) return untyped(record);
    return entered(record, type, types, Whole::may_lack);
}

}  // namespace

std::string order_source(const Caller& caller) {
    return "orders/" + caller.member;
}

std::string order_id(const exchange::CaseOrder& order) {
    return order.case_number + "/" + order.request_id;
}

exchange::Reply<Cause> cause_of(const exchange::CaseOrder& order,
                                const Caller& caller,
                                const CaseView& view,
                                Entry entry) {
    const Result<Json> detail = order.detail.empty() ? Json::object() : parse_json(order.detail);
    if (!detail || !detail->is_object()) return no_such_choice();
    Cause cause;
    cause.source = order_source(caller);
    cause.id = order_id(order);
    cause.actor = caller.member;
    cause.officer = order.officer;
    cause.seen_rev = order.case_revision;
    if (!detail->empty()) cause.content = order.detail;
    if (order.action == CaseAction::decide) {
        Decided decision = decision_of(order);
        if (entry == Entry::fresh) {
            auto form = entered(
                *detail, type_of_form(view, decision.step_no), view.types.get(), Whole::required);
            if (!form) return std::move(form).refusal();
            decision.form = *std::move(form);
        }
        cause.what = std::move(decision);
        return cause;
    }
    const std::optional<Order> named = order_named(order);
    if (!named) return no_such_choice();
    Ordered command = command_of(*named, order, *detail, caller);
    if (entry == Entry::fresh) {
        auto record = record_of(command, *detail, view);
        if (!record) return std::move(record).refusal();
        command.record = *std::move(record);
    }
    cause.what = std::move(command);
    return cause;
}

bool may_order(const CaseState& state, const Cause& cause, const Caller& caller) {
    const auto* command = std::get_if<Ordered>(&cause.what);
    if (command == nullptr || command->order == Order::signal) return true;
    if (command->order == Order::claim || command->order == Order::release) {
        const StepRun* run = state.run(command->step_no);
        return run == nullptr || run->member == caller.member;
    }
    if (caller.role == "operator" || caller.member == state.owner) return true;
    const bool mends = command->order == Order::retry || command->order == Order::skip ||
                       command->order == Order::set_result;
    if (!mends || command->incident == 0) return false;
    for (const Incident& one : state.incidents)
        if (one.seq == command->incident) return one.owner == caller.member;
    return false;
}

}  // namespace tongban::cases::internal
