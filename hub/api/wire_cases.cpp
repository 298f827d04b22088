// The case gateway's share of Wire.
#include "hub/api/wire.h"

namespace tongban::api {

namespace {

exchange::CaseAction action_of(wire::CaseAction::type action) {
    switch (action) {
        case wire::CaseAction::decide:
            return exchange::CaseAction::decide;
        case wire::CaseAction::signal:
            return exchange::CaseAction::signal;
        case wire::CaseAction::pause:
            return exchange::CaseAction::pause;
        case wire::CaseAction::resume:
            return exchange::CaseAction::resume;
        case wire::CaseAction::cancel:
            return exchange::CaseAction::cancel;
        case wire::CaseAction::mend:
            return exchange::CaseAction::mend;
    }
    throw to_wire(exchange::refusal("request.malformed", "action"));
}

}  // namespace

exchange::CaseOrder from_wire(const wire::CaseOrder& order) {
    exchange::CaseOrder out;
    out.revision = order.revision;
    out.hub = order.hub;
    out.request_id = order.request_id;
    out.action = action_of(order.action);
    out.case_number = order.case_number;
    out.subject = order.subject;
    out.choice = order.choice;
    out.detail = order.detail;
    out.reason = order.reason;
    out.officer = order.officer;
    out.case_revision = order.case_revision;
    out.signed_at_ms = order.signed_at_ms;
    out.signature = from_wire(order.signature);
    return out;
}

exchange::CaseQuery from_wire(const wire::CaseQuery& query) {
    exchange::CaseQuery out;
    out.item = query.item;
    out.state = query.state;
    out.status = query.status;
    out.light = query.light;
    out.attribute = query.attribute;
    out.value = query.value;
    out.after = query.after;
    out.limit = query.limit;
    out.hall = query.hall;
    out.member = query.member;
    return out;
}

wire::CaseSummary to_wire(const exchange::CaseSummary& found) {
    wire::CaseSummary out;
    out.case_number = found.case_number;
    out.item = found.item;
    out.item_zh = found.item_zh;
    out.item_en = found.item_en;
    out.state = found.state;
    out.state_zh = found.state_zh;
    out.state_en = found.state_en;
    out.status = found.status;
    out.light = found.light;
    out.owner = found.owner;
    out.hall = found.hall;
    out.opened_ms = found.opened_ms;
    out.due = found.due;
    out.revision = found.revision;
    return out;
}

wire::CaseTask to_wire(const exchange::CaseTask& task) {
    wire::CaseTask out;
    out.task = task.task;
    out.case_number = task.case_number;
    out.item = task.item;
    out.role = task.role;
    out.zh = task.zh;
    out.en = task.en;
    out.actions = task.actions;
    out.four_eyes = task.four_eyes;
    out.light = task.light;
    out.due = task.due;
    out.case_revision = task.case_revision;
    return out;
}

wire::CaseIncident to_wire(const exchange::CaseIncident& incident) {
    wire::CaseIncident out;
    out.incident = incident.incident;
    out.case_number = incident.case_number;
    out.step = incident.step;
    out.code = incident.code;
    out.severity = incident.severity;
    out.zh = incident.zh;
    out.en = incident.en;
    out.opened_ms = incident.opened_ms;
    out.exchange_id = incident.exchange_id;
    out.choices = incident.choices;
    out.case_revision = incident.case_revision;
    return out;
}

}  // namespace tongban::api
