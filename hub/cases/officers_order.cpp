#include "hub/cases/internal/officers_order.h"

#include <charconv>
#include <string_view>

#include "base/json.h"

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

schemas::Group form_of(const Json& detail) {
    schemas::Group form;
    if (!detail.is_object()) return form;
    for (const auto& [name, value] : detail.items()) {
        schemas::Value field;
        if (value.is_string()) field.data = value.get<std::string>();
        if (value.is_boolean()) field.data = value.get<bool>();
        if (value.is_number_integer()) field.data = schemas::Decimal{value.get<std::int64_t>(), 0};
        if (value.is_object()) field.data = form_of(value);
        if (!field.absent()) form.set(name, std::move(field));
    }
    return form;
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

Decided decision_of(const exchange::CaseOrder& order, const Json& detail) {
    Decided decision;
    decision.step_no = number_in(order.subject);
    decision.action = order.choice;
    decision.reason = order.reason;
    decision.form = form_of(detail);
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
    if (detail.contains("record")) what.record = form_of(detail["record"]);
    return what;
}

}  // namespace

std::optional<Cause> cause_of(const exchange::CaseOrder& order, const Caller& caller) {
    const Result<Json> detail = order.detail.empty() ? Json::object() : parse_json(order.detail);
    if (!detail || !detail->is_object()) return std::nullopt;
    Cause cause;
    cause.source = "orders/" + caller.member;
    cause.id = order.case_number + "/" + order.request_id;
    cause.actor = caller.member;
    cause.officer = order.officer;
    cause.seen_rev = order.case_revision;
    if (order.action == CaseAction::decide) {
        cause.what = decision_of(order, *detail);
        return cause;
    }
    const std::optional<Order> named = order_named(order);
    if (!named) return std::nullopt;
    cause.what = command_of(*named, order, *detail, caller);
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
