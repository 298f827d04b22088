// tongban-sandbox: the five office systems of the demo city pair, and what their generator knows.
//
// Exit codes: 0 fine, 2 usage, 3 an office that cannot serve.
#include <atomic>
#include <iostream>

#include <CLI/CLI.hpp>
#include <csignal>

#include "base/time.h"
#include "base/xml.h"
#include "connectors/sandbox/answer_sheet.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/records.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a signal handler reaches
// nothing else
std::atomic<bool> told_to_stop{false};

struct Options {
    OfficePlan office;
    std::uint64_t index = 0;
    std::string today;
    std::string serial;
    bool verify = false;
};

void add_population(CLI::App& command, Options& options) {
    command.add_option("--seed", options.office.population.seed, "the people");
    command.add_option("--people", options.office.population.people, "how many of them")
        ->check(CLI::Range(1, 1000000));
    command.add_flag("--dirty", options.office.population.dirty, "with faults");
    command.add_option(
        "--fault", options.office.population.only, "with this one fault, by its class");
    command.add_option(
        "--today", options.today, "business day, yyyy-MM-dd; default: today in Shanghai");
}

void add_case(CLI::App& command, Options& options) {
    add_population(command, options);
    command.add_option("--index", options.index, "which of the people");
}

std::string record_of(const World& world, const std::string& member, bool verify) {
    if (member == "610100.housing-fund") {
        Result<std::string> bytes = certificate_answer(world, world.enquiry.application);
        return bytes ? *std::move(bytes) : "";
    }
    if (member == "610100.social-security") return spell_lines(world);
    if (member == "640100.real-estate")
        return homes_answer(world, "0", iso(world.today) + "T10:02:31");
    if (member == "640100.tax") return tax_answer(world, world.enquiry.application);
    return enquiry_message(world, verify);
}

int run(const CLI::App& app, Options& options) {
    PopulationPlan& plan = options.office.population;
    if (options.today.empty()) {
        plan.today = shanghai_date(SystemClock().now());
    } else {
        const Result<Date> day = parse_iso_date(options.today);
        if (!day) {
            std::cerr << "--today: not a day\n";
            return 2;
        }
        plan.today = *day;
    }
    if (app.got_subcommand("office")) {
        const Result<Done> done = run_office(options.office, told_to_stop);
        if (done) return 0;
        std::cerr << "tongban-sandbox: " << done.fault().where << ": " << done.fault().reason
                  << "\n";
        return done.fault().kind == FaultKind::refused ? 2 : 3;
    }
    if (app.got_subcommand("office-sql")) {
        std::cout << social_security_script(Population(plan));
        return 0;
    }
    if (app.got_subcommand("population")) {
        for (const std::string& text : personal_strings(Population(plan).worlds()))
            std::cout << text << "\n";
        return 0;
    }
    World world = world_of(plan, options.index);
    if (!options.serial.empty()) world.enquiry.serial = options.serial;
    if (app.got_subcommand("answer-sheet")) std::cout << answer_sheet(world).dump() << "\n";
    if (app.got_subcommand("request")) std::cout << enquiry_message(world, options.verify);
    if (app.got_subcommand("record"))
        std::cout << record_of(world, options.office.member, options.verify);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("The office systems of the demo, and their generator", "tongban-sandbox");
    app.require_subcommand(1);

    CLI::App* office = app.add_subcommand("office", "serve one office until stopped");
    office->add_option("member", options.office.member, "640100.tax ...")->required();
    office->add_option("--data", options.office.data, "the office's folder")->required();
    office->add_option("--port", options.office.port, "0: the last one, or a free one");
    office->add_option("--ready-file",
                       options.office.ready_file,
                       "JSON {member, pid, port ...}, written when it serves");
    office->add_option(
        "--delay-ms", options.office.delay_ms, "of an office that answers through folders");
    add_population(*office, options);

    CLI::App* sql = app.add_subcommand("office-sql", "the social-security view as an SQL script");
    std::string of;
    sql->add_option("member", of, "610100.social-security")->required();
    add_population(*sql, options);

    add_population(*app.add_subcommand("population", "every personal string, one a line"), options);
    add_case(*app.add_subcommand("answer-sheet", "the findings that must come, and the outcome"),
             options);
    CLI::App* request = app.add_subcommand("request", "Yinchuan's request");
    add_case(*request, options);
    request->add_flag("--verify", options.verify, "claims to verify, no data");
    request->add_option("--serial", options.serial, "another serial number");
    CLI::App* record = app.add_subcommand("record", "what an office holds, in its own format");
    record->add_option("member", options.office.member, "640100.tax ...")->required();
    add_case(*record, options);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    prepare_xml();
    std::signal(SIGTERM, [](int) { told_to_stop = true; });
    std::signal(SIGINT, [](int) { told_to_stop = true; });
    std::signal(SIGPIPE, SIG_IGN);
    return run(app, options);
}
