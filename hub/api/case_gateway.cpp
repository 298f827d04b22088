#include "hub/api/case_gateway.h"

#include <algorithm>

#include "hub/api/door.h"
#include "hub/exchange/case_desk.h"

namespace tongban::api {

namespace {

using exchange::Caller;
using exchange::refusal;

constexpr std::int32_t most_rows = 200;

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
    throw to_wire(refusal("request.malformed", "action"));
}

exchange::CaseOrder order_of(const wire::CaseOrder& order) {
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

exchange::CaseQuery query_of(const wire::CaseQuery& query) {
    exchange::CaseQuery out;
    out.item = query.item;
    out.state = query.state;
    out.status = query.status;
    out.light = query.light;
    out.attribute = query.attribute;
    out.value = query.value;
    out.after = query.after;
    out.limit = std::clamp(query.limit, 1, most_rows);
    return out;
}

wire::CaseSummary summary_of(const exchange::CaseSummary& found) {
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
    out.opened_ms = found.opened_ms;
    out.due = found.due;
    out.revision = found.revision;
    return out;
}

wire::CaseTask task_of(const exchange::CaseTask& task) {
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

wire::CaseIncident incident_of(const exchange::CaseIncident& incident) {
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

class CaseHandler final : public wire::CaseGatewayIf {
public:
    explicit CaseHandler(const GatewayLinks& links) : links_(links), door_(links) {}

    void list_cases(wire::CasePage& page, const wire::CaseQuery& query) override {
        answered([&] {
            const Caller caller = admit();
            if (query.revision != exchange::contract_revision)
                throw to_wire(refusal("version", "revision"));
            exchange::CasePage found = value_of(links_.cases->list(query_of(query), caller));
            for (const exchange::CaseSummary& one : found.cases)
                page.cases.push_back(summary_of(one));
            page.more = std::move(found.next);
        });
    }
    void show_case(std::string& json, const std::string& case_number) override {
        answered([&] {
            const Caller caller = admit();
            json = value_of(links_.cases->show(case_number, caller));
        });
    }
    void list_tasks(std::vector<wire::CaseTask>& tasks,
                    const std::string& role,
                    const std::int32_t limit) override {
        answered([&] {
            const Caller caller = admit();
            for (const exchange::CaseTask& task :
                 value_of(links_.cases->tasks(role, std::clamp(limit, 1, most_rows), caller)))
                tasks.push_back(task_of(task));
        });
    }
    void list_incidents(std::vector<wire::CaseIncident>& incidents,
                        const std::string& case_number,
                        const std::int32_t limit) override {
        answered([&] {
            const Caller caller = admit();
            for (const exchange::CaseIncident& incident : value_of(
                     links_.cases->incidents(case_number, std::clamp(limit, 1, most_rows), caller)))
                incidents.push_back(incident_of(incident));
        });
    }
    void order(wire::CaseSummary& summary, const wire::CaseOrder& given) override {
        answered([&] {
            const Caller caller = admit();
            const exchange::CaseOrder order = order_of(given);
            static_cast<void>(value_of(links_.exchanges.admit_order(order, caller)));
            summary = summary_of(value_of(links_.cases->order(order, caller)));
        });
    }

private:
    Caller admit() const {
        Caller caller = door_.admit({"connector", "client", "operator"});
        if (links_.cases == nullptr) throw to_wire(refusal("cases.none", "hub"));
        return caller;
    }
    const GatewayLinks links_;
    const DoorKeeper door_;
};

}  // namespace

std::shared_ptr<wire::CaseGatewayIf> case_handler(const GatewayLinks& links) {
    return std::make_shared<CaseHandler>(links);
}

}  // namespace tongban::api
