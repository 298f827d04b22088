// tongban case: cases as a member's clerk or an operator sees them and orders about them.
#include "hub/app/case_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "hub/app/case_text.h"

namespace tongban::app {

namespace {

struct Advice {
    std::string_view code;
    std::string_view what;
};

constexpr std::array advices = {
    Advice{"case.unknown",
           "look for it: tongban case list --member M (numbers are as the list prints them)"},
    Advice{"case.moved", "look at it again with tongban case show, then order with its --revision"},
    Advice{"case.order", "tongban case show says what the case waits for, and from whom"},
    Advice{"request.conflict", "leave --request-id out, or give one that was never used"},
    Advice{"cases.none", "this hub has no service items: put them in CONFIGS/items and restart it"},
    Advice{"call.role",
           "orders need a member's or an operator's certificate: name it with --member"},
    Advice{"signature.key", "the key in DATA/pki/M is not the one in the hub's directory: --data"},
    Advice{"clock.old", "the clocks of this machine and the hub differ: set them"},
    Advice{"clock.future", "the clocks of this machine and the hub differ: set them"},
    Advice{"consent.missing", "give --consent and --consent-evidence"},
    Advice{"schema.not_agreed",
           "the agreement's `request` names the schema: give it with --schema"},
    Advice{"hub", "start the hub, or name it with --data, --host and --port"},
    Advice{"busy", "wait a moment and send it again with the same --request-id"},
    Advice{"unavailable", "wait a moment and send it again with the same --request-id"},
};

struct ListOptions {
    CaseOptions base;
    CaseFilter filter;
};

int list(const ListOptions& options) {
    return ask_hub(
        options.base,
        [&](HubClient& client) { return client.list_cases(options.filter); },
        list_text);
}

void add_list(CLI::App& parent, Action& action) {
    auto options = std::make_shared<ListOptions>();
    auto* command = parent.add_subcommand("list", "Cases of the member, by their due day");
    add_case_options(*command, options->base);
    CaseFilter& filter = options->filter;
    command->add_option("--item", filter.item, "Service item, or ITEM@VERSION");
    command->add_option("--state", filter.state, "State word of the item: A_CERTIFIED");
    command->add_option("--status", filter.status, "")
        ->check(CLI::IsMember({"running", "waiting", "paused", "incident", "done", "cancelled"}));
    command->add_option("--light", filter.light, "")
        ->check(CLI::IsMember({"green", "yellow", "orange", "red"}));
    command->add_option("--hall", filter.hall, "Member whose window took the application in");
    command->add_option("--owner", filter.member, "Member that owns the case");
    command->add_option(
        "--attribute", filter.attribute, "Search attribute of the item, with --value");
    command->add_option("--value", filter.value, "Its value")->needs("--attribute");
    command->add_option("--limit", filter.limit, "Cases a page")
        ->check(CLI::Range(1, 200))
        ->capture_default_str();
    command->add_option("--after", filter.after, "`more` of the page before");
    command->callback([options, &action] { action = [options] { return list(*options); }; });
}

void add_show(CLI::App& parent, Action& action) {
    auto options = std::make_shared<CaseOptions>();
    auto* command =
        parent.add_subcommand("show", "One case: steps, materials, deadlines, findings, incidents");
    add_case_number(*command, *options);
    add_case_options(*command, *options);
    command->callback([options, &action] {
        action = [options] {
            return ask_hub(
                *options,
                [&](HubClient& client) { return client.show_case(options->number); },
                case_text);
        };
    });
}

void add_tasks(CLI::App& parent, Action& action) {
    struct TaskOptions {
        CaseOptions base;
        std::string role;
        std::int32_t limit = 50;
    };
    auto options = std::make_shared<TaskOptions>();
    auto* command = parent.add_subcommand("tasks", "What waits for an officer of the member");
    add_case_options(*command, options->base);
    command->add_option("--role", options->role, "Role of the officer");
    command->add_option("--limit", options->limit, "")
        ->check(CLI::Range(1, 200))
        ->capture_default_str();
    command->callback([options, &action] {
        action = [options] {
            return ask_hub(
                options->base,
                [&](HubClient& client) { return client.list_tasks(options->role, options->limit); },
                tasks_text);
        };
    });
}

}  // namespace

void add_case_options(CLI::App& command, CaseOptions& options) {
    command
        .add_option(
            "--member,--as", options.hub.identity, "Whose keys to use: those in DATA/pki/<member>")
        ->required();
    command.add_option("--data", options.hub.data, "Data folder")->capture_default_str();
    command.add_option("--hub-id", options.hub.hub_id, "Hub id")->capture_default_str();
    command.add_option("--host", options.hub.host, "Host of the hub")->capture_default_str();
    command
        .add_option("--port", options.hub.rpc_port, "Port of the hub (from DATA/hub/ready.json)")
        ->check(CLI::Range(0, 65'535));
    command.add_option("--format", options.format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
}

void add_case_number(CLI::App& command, CaseOptions& options) {
    command.add_option("number", options.number, "The case's number, or its external one")
        ->required();
}

int report_case(const Fault& fault) {
    const int code = report(fault);
    const auto* found = std::find_if(
        advices.begin(), advices.end(), [&](const Advice& one) { return one.code == fault.where; });
    if (found != advices.end())
        std::fprintf(stderr, "  do: %s\n", std::string(found->what).c_str());
    return code;
}

int report_unopened(const Fault& fault) {
    const int code = report_case(fault);
    return code == unavailable || code == internal ? code : usage;
}

int ask_hub(const CaseOptions& options,
            const std::function<Result<Json>(HubClient&)>& question,
            const std::function<std::string(const Json&)>& text) {
    auto client = HubClient::open(options.hub);
    if (!client) return report_unopened(client.fault());
    const Result<Json> answer = question(**client);
    if (!answer) return report_case(answer.fault());
    if (options.format == "json")
        std::printf("%s\n", answer->dump().c_str());
    else
        std::fputs(text(*answer).c_str(), stdout);
    return fine;
}

void add_case_command(CLI::App& root, Action& action) {
    auto* parent = root.add_subcommand("case", "Cases: open, list, show, decide, pause, mend");
    parent->require_subcommand(1);
    add_case_open(*parent, action);
    add_list(*parent, action);
    add_show(*parent, action);
    add_tasks(*parent, action);
    add_case_orders(*parent, action);
    add_case_incidents(*parent, action);
}

}  // namespace tongban::app
