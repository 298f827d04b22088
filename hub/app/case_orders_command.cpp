// tongban case decide | signal | pause | resume | cancel | claim | assign | prioritise | extend,
// and incidents: what a member orders about a case, signed by its key. The same --request-id again
// gets the first answer.
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "base/time.h"
#include "hub/app/case_command.h"
#include "hub/app/case_text.h"
#include "hub/cases/calendar/basis.h"

namespace tongban::app {

namespace {

constexpr std::size_t longest_detail = 64U << 10;

struct OrderOptions {
    CaseOptions base;
    CaseOrderForm form;
    std::string detail_file;
    std::string approver;
    std::string outcome;
    std::string to;      // assign
    std::string ground;  // extend
    std::int32_t count = 0;
    bool binding = false;
};

Result<Json> detail_of(const OrderOptions& options) {
    Json detail = Json::object();
    if (!options.detail_file.empty()) {
        auto bytes = read_file(options.detail_file, longest_detail);
        const char* option = options.form.action == "decide" ? "--form" : "--record";
        if (!bytes) return named(option, bytes.fault());
        auto parsed = parse_json(*bytes);
        if (!parsed || !parsed->is_object())
            return Fault{FaultKind::malformed, option, options.detail_file + ": not a JSON object"};
        detail = *std::move(parsed);
    }
    // Only a decision's detail is the form itself; of the others it is a part of it.
    if (options.form.action != "decide" && !detail.empty()) detail = Json{{"record", detail}};
    if (!options.approver.empty()) detail["approver"] = options.approver;
    if (!options.outcome.empty()) detail["name"] = options.outcome;
    if (!options.to.empty()) detail["member"] = options.to;
    if (!options.ground.empty()) detail["ground"] = options.ground;
    if (options.count != 0) detail["count"] = options.count;
    if (options.binding) detail["binding"] = true;
    return detail;
}

// Whether the legal clock stands is the item's to say: the case tells it of this reason.
void tell_clock(HubClient& client, const OrderOptions& options, Json& answer) {
    const auto document = client.show_case(options.form.case_number);
    if (!document) return;  // the order stands; the case can be looked at later
    for (const Json& pause : document->value("pauses", Json::array()))
        if (pause.value("reason", "") == options.form.choice)
            answer["clock"] = pause.value("clock", "");
}

int give(OrderOptions options) {
    Result<Json> detail = detail_of(options);
    if (!detail) return report_input(detail.fault());
    options.form.detail = *std::move(detail);
    options.form.case_number = options.base.number;
    const bool fresh = options.form.request_id.empty();
    if (fresh) options.form.request_id = uuid_v7(SystemClock().now());
    const int code = ask_hub(
        options.base,
        [&](HubClient& client) {
            auto answer = client.order(options.form);
            if (answer && options.form.action == "pause") tell_clock(client, options, *answer);
            return answer;
        },
        summary_text);
    // Nobody knows whether it arrived: the same id finds out.
    if (code == unavailable && fresh)
        std::fprintf(stderr, "  with: --request-id %s\n", options.form.request_id.c_str());
    return code;
}

using SharedOptions = std::shared_ptr<OrderOptions>;

struct Made {
    CLI::App* command = nullptr;
    SharedOptions options;
};

Made make(CLI::App& parent, const char* name, const char* what, Action& action) {
    auto options = std::make_shared<OrderOptions>();
    auto* command = parent.add_subcommand(name, what);
    add_case_number(*command, options->base);
    options->form.action = name;
    command->callback([options, &action] { action = [options] { return give(*options); }; });
    return {command, options};
}

void add_order_options(const Made& made) {
    OrderOptions& options = *made.options;
    add_case_options(*made.command, options.base);
    made.command
        ->add_option("--officer", options.form.officer, "The member's own pseudonym of the officer")
        ->required();
    made.command->add_option(
        "--request-id", options.form.request_id, "Idempotency key (a new one)");
    made.command->add_option("--revision", options.form.case_revision, "That the officer saw (any)")
        ->check(CLI::NonNegativeNumber);
}

void add_reason(const Made& made, bool required) {
    auto* reason = made.command->add_option("--reason", made.options->form.reason, "In words");
    if (required) reason->required();
}

void add_incident_order(
    CLI::App& parent, const char* name, const char* what, const char* choice, Action& action) {
    const Made made = make(parent, name, what, action);
    OrderOptions& options = *made.options;
    options.form.action = "mend";
    options.form.choice = choice;
    made.command->add_option("incident", options.form.subject, "As listed: i1; or a step's number")
        ->required();
    add_order_options(made);
    add_reason(made, true);
    made.command->add_option("--approver", options.approver, "The second officer");
    made.command->add_option("--outcome", options.outcome, "Outcome, or the step to go on with");
    if (std::string_view(name) == "mend")
        made.command->add_option("--record", options.detail_file, "JSON file: what the answer was");
}

// Who does it, and how long it may take: orders beside the decision itself.
void add_task_orders(CLI::App& parent, Action& action) {
    const Made claim = make(parent, "claim", "Take a task: it is this officer's", action);
    claim.options->form.action = "mend";
    claim.options->form.choice = "claim";
    claim.command->add_option("task", claim.options->form.subject, "As listed by tasks")
        ->required();
    claim.command->add_flag_callback(
        "--release",
        [options = claim.options] { options->form.choice = "release"; },
        "Give it back instead");
    add_order_options(claim);

    const Made assign = make(parent, "assign", "Pass a task on to another member", action);
    OrderOptions& passed = *assign.options;
    passed.form.action = "mend";
    passed.form.choice = "reassign";
    assign.command->add_option("task", passed.form.subject, "Its number in the case")->required();
    assign.command->add_option("--to", passed.to, "The member that is to do it")->required();
    assign.command->add_flag(
        "--binding", passed.binding, "With binding force, and for the last time: an operator's");
    add_order_options(assign);
    add_reason(assign, true);

    const Made rank = make(parent, "prioritise", "Say which cases it goes before", action);
    rank.options->form.action = "mend";
    rank.options->form.choice = "prioritise";
    rank.command->add_option("priority", rank.options->count, "urgent, high, normal or low")
        ->required()
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, int>{{"urgent", 0}, {"high", 1}, {"normal", 2}, {"low", 3}}));
    add_order_options(rank);
    add_reason(rank, true);

    const Made extend =
        make(parent, "extend", "Extend a deadline, once and before it ends", action);
    OrderOptions& longer = *extend.options;
    longer.form.action = "mend";
    longer.form.choice = "extend";
    extend.command->add_option("step", longer.form.subject, "A step's number (the case itself)");
    extend.command->add_option("--by", longer.count, "How many of the deadline's own unit")
        ->required()
        ->check(CLI::Range(1, 3'650));
    extend.command->add_option("--ground", longer.ground, "Article or paper that allows it")
        ->required();
    extend.command->add_option("--approver", longer.approver, "The second officer")->required();
    add_order_options(extend);
    add_reason(extend, false);
}

}  // namespace

void add_case_orders(CLI::App& parent, Action& action) {
    add_task_orders(parent, action);
    const Made decide = make(parent, "decide", "Decide a task", action);
    decide.command->add_option("task", decide.options->form.subject, "As listed by tasks")
        ->required();
    decide.command->add_option("choice", decide.options->form.choice, "One of its actions")
        ->required();
    add_order_options(decide);
    add_reason(decide, false);
    decide.command->add_option("--form", decide.options->detail_file, "JSON file: what is entered");

    const Made signal = make(parent, "signal", "Report an event that a step waits for", action);
    signal.command->add_option("event", signal.options->form.subject, "Its name")->required();
    add_order_options(signal);
    add_reason(signal, false);
    signal.command->add_option("--record", signal.options->detail_file, "JSON file: the record");

    const Made pause =
        make(parent, "pause", "Stop it; the legal clock stands where the item says so", action);
    pause.command->add_option("--for", pause.options->form.choice, "Why, in the law's words")
        ->required()
        ->check(CLI::IsMember(calendar::stop_reason_names()));
    add_order_options(pause);
    add_reason(pause, false);

    const Made resume = make(parent, "resume", "Let it go on", action);
    add_order_options(resume);
    add_reason(resume, false);

    const Made cancel =
        make(parent, "cancel", "End it; what was done is undone in reverse order", action);
    add_order_options(cancel);
    add_reason(cancel, true);
}

void add_case_incidents(CLI::App& parent, Action& action) {
    struct IncidentOptions {
        CaseOptions base;
        std::int32_t limit = 50;
    };
    auto options = std::make_shared<IncidentOptions>();
    auto* incidents = parent.add_subcommand("incidents", "What a person must see to");
    incidents->require_subcommand(1);
    auto* list = incidents->add_subcommand("list", "Open incidents: the member's own, or a case's");
    list->add_option("number", options->base.number, "The case's number (all cases)");
    add_case_options(*list, options->base);
    list->add_option("--limit", options->limit, "")
        ->check(CLI::Range(1, 200))
        ->capture_default_str();
    list->callback([options, &action] {
        action = [options] {
            return ask_hub(
                options->base,
                [&](HubClient& client) {
                    return client.list_incidents(options->base.number, options->limit);
                },
                incidents_text);
        };
    });
    add_incident_order(*incidents, "retry", "Ask the office again", "retry", action);
    add_incident_order(*incidents, "skip", "Go on without it", "skip", action);
    add_incident_order(
        *incidents, "mend", "Say what the outcome is, and go on", "set_result", action);
    const Made cancel = make(*incidents, "cancel", "End the case; what was done is undone", action);
    add_order_options(cancel);
    add_reason(cancel, true);
}

}  // namespace tongban::app
