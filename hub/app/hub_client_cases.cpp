// The client's share of the case gateway.
#include <optional>

#include <tongban_wire/tongban_constants.h>

#include "hub/app/internal/hub_client_state.h"

namespace tongban::app {

using of_client::grace;
using of_client::value_of;

namespace {

Json json_of(const wire::CaseSummary& one) {
    return Json{{"number", one.case_number},
                {"item", one.item},
                {"item_zh", one.item_zh},
                {"item_en", one.item_en},
                {"state", one.state},
                {"state_zh", one.state_zh},
                {"state_en", one.state_en},
                {"status", one.status},
                {"light", one.light},
                {"owner", one.owner},
                {"hall", one.hall},
                {"opened_ms", one.opened_ms},
                {"due", one.due},
                {"revision", one.revision}};
}

Json json_of(const wire::CaseTask& one) {
    return Json{{"task", one.task},
                {"number", one.case_number},
                {"item", one.item},
                {"role", one.role},
                {"zh", one.zh},
                {"en", one.en},
                {"actions", one.actions},
                {"four_eyes", one.four_eyes},
                {"light", one.light},
                {"due", one.due},
                {"revision", one.case_revision}};
}

Json json_of(const wire::CaseIncident& one) {
    return Json{{"incident", one.incident},
                {"number", one.case_number},
                {"step", one.step},
                {"code", one.code},
                {"severity", one.severity},
                {"zh", one.zh},
                {"en", one.en},
                {"opened_ms", one.opened_ms},
                {"choices", one.choices},
                {"revision", one.case_revision}};
}

std::optional<wire::CaseAction::type> action_named(const std::string& name) {
    for (const auto& [value, text] : wire::_CaseAction_VALUES_TO_NAMES)
        if (name == text) return static_cast<wire::CaseAction::type>(value);
    return std::nullopt;
}

template <typename Row>
Json array_of(const std::vector<Row>& rows) {
    Json all = Json::array();
    for (const Row& row : rows)
        all.push_back(json_of(row));
    return all;
}

}  // namespace

Result<Json> HubClient::list_cases(const CaseFilter& filter) {
    wire::CaseQuery query;
    query.revision = wire::g_tongban_constants.REVISION;
    query.item = filter.item;
    query.state = filter.state;
    query.status = filter.status;
    query.light = filter.light;
    query.attribute = filter.attribute;
    query.value = filter.value;
    query.after = filter.after;
    query.limit = filter.limit;
    query.hall = filter.hall;
    query.member = filter.member;
    auto page = value_of<wire::CasePage>(
        state_->cases.call(Deadline::after(grace), [&](wire::CaseGatewayClient& client) {
            wire::CasePage value;
            client.list_cases(value, query);
            return value;
        }));
    if (!page) return std::move(page).fault();
    return Json{{"cases", array_of(page->cases)}, {"more", page->more}};
}

Result<Json> HubClient::show_case(const std::string& number) {
    auto text = value_of<std::string>(
        state_->cases.call(Deadline::after(grace), [&](wire::CaseGatewayClient& client) {
            std::string value;
            client.show_case(value, number);
            return value;
        }));
    if (!text) return std::move(text).fault();
    return parse_json(*text);
}

Result<Json> HubClient::list_tasks(const std::string& role, std::int32_t limit) {
    auto tasks = value_of<std::vector<wire::CaseTask>>(
        state_->cases.call(Deadline::after(grace), [&](wire::CaseGatewayClient& client) {
            std::vector<wire::CaseTask> value;
            client.list_tasks(value, role, limit);
            return value;
        }));
    if (!tasks) return std::move(tasks).fault();
    return array_of(*tasks);
}

Result<Json> HubClient::list_incidents(const std::string& number, std::int32_t limit) {
    auto incidents = value_of<std::vector<wire::CaseIncident>>(
        state_->cases.call(Deadline::after(grace), [&](wire::CaseGatewayClient& client) {
            std::vector<wire::CaseIncident> value;
            client.list_incidents(value, number, limit);
            return value;
        }));
    if (!incidents) return std::move(incidents).fault();
    return array_of(*incidents);
}

Result<Json> HubClient::order(const CaseOrderForm& form) {
    const auto action = action_named(form.action);
    if (!action) return Fault{FaultKind::malformed, "action", "no such action on a case"};
    wire::CaseOrder order;
    order.revision = wire::g_tongban_constants.REVISION;
    order.request_id = form.request_id;
    order.action = *action;
    order.case_number = form.case_number;
    order.subject = form.subject;
    order.choice = form.choice;
    if (!form.detail.empty()) order.detail = canonical_json(form.detail);
    order.reason = form.reason;
    order.officer = form.officer;
    order.case_revision = form.case_revision;
    order.signed_at_ms = SystemClock().now().ms;
    state_->signer.sign_order(order);
    auto summary = value_of<wire::CaseSummary>(
        state_->cases.call(Deadline::after(grace), [&](wire::CaseGatewayClient& client) {
            wire::CaseSummary value;
            client.order(value, order);
            return value;
        }));
    if (!summary) return std::move(summary).fault();
    return json_of(*summary);
}

}  // namespace tongban::app
