// tongban-sandbox: the five office systems of the demo city pair, and what their generator knows.
//
// Exit codes: 0 fine, 2 usage, 3 an office that cannot serve.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>
#include <csignal>

#include "base/text.h"
#include "base/time.h"
#include "base/xml.h"
#include "connectors/sandbox/answer_sheet.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/records.h"
#include "connectors/sandbox/sale_story.h"
#include "connectors/sandbox/story_drive.h"

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
    std::string reason = "04";  // of a withdrawn certificate
    bool verify = false;
    DrivePlan drive;
    std::string flow;  // of `stories`
};

std::vector<std::string> all_stories() {
    std::vector<std::string> names = story_names();
    names.insert(names.end(), sale_story_names().begin(), sale_story_names().end());
    return names;
}

// Of one of the demo's flows (tongban demo --case), or all.
std::vector<std::string> stories_of(const std::string& flow) {
    if (flow == "certificate") return story_names();
    if (flow == "joint-filing") return sale_story_names();
    return all_stories();
}

void add_seed(CLI::App& command, Options& options) {
    command
        .add_option("--seed", options.office.population.seed, "the people: a whole number from 1")
        ->check([](const std::string& text) {
            const bool digits = !text.empty() && text.size() <= 18 && text.front() != '0' &&
                                text.find_first_not_of("0123456789") == std::string::npos;
            return digits ? std::string() : "'" + text + "' is not a whole number from 1";
        });
}

void add_population(CLI::App& command, Options& options) {
    add_seed(command, options);
    command.add_option("--people", options.office.population.people, "how many of them")
        ->check(CLI::Range(1, 1000000));
    command.add_flag("--dirty", options.office.population.dirty, "with faults");
    command.add_option(
        "--fault", options.office.population.only, "with this one fault, by its class");
    command
        .add_option("--story",
                    options.office.population.story,
                    "books as in that story; G10,G14: of each one in turn")
        ->check([](const std::string& stories) {
            const std::vector<std::string> known = all_stories();
            for (std::size_t i = 0; i < stories_in(stories); ++i) {
                if (std::ranges::find(known, story_of(stories, i)) == known.end())
                    return std::string("no such story");
            }
            return std::string();
        });
    command.add_option(
        "--today", options.today, "business day, yyyy-MM-dd; default: today in Shanghai");
}

void add_case(CLI::App& command, Options& options) {
    add_population(command, options);
    command.add_option("--index", options.index, "which of the people");
}

// The world of a story is that story's, whatever else was asked for.
void add_story(CLI::App& command, Options& options) {
    StoryPlan& story = options.drive.story;
    command
        .add_option("story", story.name, "G1 to G3 and what goes otherwise (story.h), G10 to G15")
        ->required()
        ->check(CLI::IsMember(all_stories()));
    add_seed(command, options);
    command.add_option("--index", options.index, "which of the people");
    command.add_option("--today", options.today, "day of the application, yyyy-MM-dd");
    command.add_option(
        "--report-after", story.report_after, "working days from pay-out to receipt");
    command.add_flag("--at-once", story.at_once, "every day is the first");
}

void print_line(const Json& line) {
    std::cout << line.dump() << "\n" << std::flush;
}

int said(const Result<Done>& done) {
    if (done) return 0;
    std::cerr << "tongban-sandbox: " << done.fault().where << ": " << done.fault().reason << "\n";
    return done.fault().kind == FaultKind::refused ? 2 : 3;
}

int tell_sale(const CLI::App& app, const Options& options) {
    const PopulationPlan& plan = options.office.population;
    const Sale sale = make_sale(plan.seed, options.index, plan.today, options.drive.story.name);
    if (app.got_subcommand("drive")) return said(drive_sale(sale, options.drive, print_line));
    std::cout << sale_sheet(sale, plan.seed).dump() << "\n";
    return 0;
}

int tell_story(const CLI::App& app, Options& options) {
    PopulationPlan plan = options.office.population;
    plan.story = options.drive.story.name;
    const auto& sales = sale_story_names();
    if (std::find(sales.begin(), sales.end(), plan.story) != sales.end())
        return tell_sale(app, options);
    const World world = world_of(plan, options.index);
    if (app.got_subcommand("story")) {
        const Result<Json> sheet = story_sheet(world, options.drive.story);
        if (!sheet) return 2;
        std::cout << sheet->dump() << "\n";
        return 0;
    }
    return said(drive_story(world, options.drive, print_line));
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
        plan.people = std::max<std::uint64_t>(plan.people, stories_in(plan.story));
        return said(run_office(options.office, told_to_stop));
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
    if (app.got_subcommand("stories")) {
        for (const std::string& name : stories_of(options.flow))
            std::cout << name << "\n";
        return 0;
    }
    if (app.got_subcommand("story") || app.got_subcommand("drive")) return tell_story(app, options);
    World world = world_of(plan, options.index);
    if (app.got_subcommand("revocation")) {
        const RemoteLoan loan = make_remote_loan(world, {});
        const std::string serial =
            options.serial.empty() ? "ZF" + loan.certificate : options.serial;
        const Result<std::string> bytes =
            utf8_to_gb18030(revocation_notice(world, loan, serial, options.reason));
        if (bytes) std::cout << *bytes;
        return bytes ? 0 : 3;
    }
    if (!options.serial.empty()) world.enquiry.serial = options.serial;
    if (app.got_subcommand("answer-sheet")) std::cout << answer_sheet(world).dump() << "\n";
    if (app.got_subcommand("request")) std::cout << enquiry_message(world, options.verify);
    if (app.got_subcommand("record"))
        std::cout << record_of(world, options.office.member, options.verify);
    return 0;
}

void add_drive(CLI::App& app, Options& options) {
    CLI::App* drive =
        app.add_subcommand("drive", "post a story's messages, as the offices' systems do");
    add_story(*drive, options);
    drive->add_option("--to", options.drive.url, "of G1 to G3: http://HOST:PORT/requests");
    drive->add_option(
        "--connectors", options.drive.connectors, "of a sale: DATA/connectors of the city");
    drive->add_option("--from", options.drive.from, "first message");
    drive->add_option("--until", options.drive.until, "last message");
    drive->add_option("--case", options.drive.case_number, "the hub's number of the case");
}

int parse_and_run(int argc, char** argv) {
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
    office->add_option("--clock",
                       options.office.clock,
                       "a file with the milliseconds that the city's clock is ahead");
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

    add_story(*app.add_subcommand("story", "a golden case: its messages, and what must come of it"),
              options);
    app.add_subcommand("stories", "names of the golden cases, one a line")
        ->add_option("--of", options.flow, "certificate or joint-filing (all)")
        ->check(CLI::IsMember({"certificate", "joint-filing"}));
    add_drive(app, options);
    CLI::App* revocation =
        app.add_subcommand("revocation", "Xi'an's notice that a certificate is withdrawn, GB18030");
    add_case(*revocation, options);
    revocation->add_option("--reason", options.reason, "yydm, 01 to 06");
    revocation->add_option("--serial", options.serial, "number of the notice");

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

}  // namespace

int main(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const std::exception& error) {  // CLI11 and the standard library throw
        std::fputs(error.what(), stderr);
        return 4;
    }
}
