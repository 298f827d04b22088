#include "hub/api/case_gateway.h"

#include <algorithm>

#include "hub/api/door.h"
#include "hub/exchange/case_desk.h"

namespace tongban::api {

namespace {

using exchange::Caller;
using exchange::refusal;

constexpr std::int32_t most_rows = 200;

exchange::CaseQuery in_bounds(exchange::CaseQuery query) {
    query.limit = std::clamp(query.limit, 1, most_rows);
    return query;
}

class CaseHandler final : public wire::CaseGatewayIf {
public:
    explicit CaseHandler(const GatewayLinks& links) : links_(links), door_(links) {}

    void list_cases(wire::CasePage& page, const wire::CaseQuery& query) override {
        answered([&] {
            const Caller caller = reader();
            if (query.revision != exchange::contract_revision)
                throw to_wire(refusal("version", "revision"));
            exchange::CasePage found =
                value_of(links_.cases->list(in_bounds(from_wire(query)), caller));
            for (const exchange::CaseSummary& one : found.cases)
                page.cases.push_back(to_wire(one));
            page.more = std::move(found.next);
        });
    }
    void show_case(std::string& json, const std::string& case_number) override {
        answered([&] {
            const Caller caller = reader();
            json = value_of(links_.cases->show(case_number, caller));
        });
    }
    void list_tasks(std::vector<wire::CaseTask>& tasks,
                    const std::string& role,
                    const std::int32_t limit) override {
        answered([&] {
            const Caller caller = reader();
            for (const exchange::CaseTask& task :
                 value_of(links_.cases->tasks(role, std::clamp(limit, 1, most_rows), caller)))
                tasks.push_back(to_wire(task));
        });
    }
    void list_incidents(std::vector<wire::CaseIncident>& incidents,
                        const std::string& case_number,
                        const std::int32_t limit) override {
        answered([&] {
            const Caller caller = reader();
            for (const exchange::CaseIncident& incident : value_of(
                     links_.cases->incidents(case_number, std::clamp(limit, 1, most_rows), caller)))
                incidents.push_back(to_wire(incident));
        });
    }
    void order(wire::CaseSummary& summary, const wire::CaseOrder& given) override {
        answered([&] {
            const Caller caller = admit({"connector", "client", "operator"});
            const exchange::CaseOrder order = from_wire(given);
            static_cast<void>(value_of(links_.exchanges.admit_order(order, caller)));
            summary = to_wire(value_of(links_.cases->order(order, caller)));
        });
    }

private:
    Caller reader() const { return admit({"connector", "client", "operator", "auditor"}); }
    Caller admit(std::initializer_list<std::string_view> roles) const {
        Caller caller = door_.admit(roles);
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
