// tongban demo: the whole thing on one machine. Starts a city pair, has Yinchuan's own system ask
// its question, shows every step as it happens, prints what was delivered and the proof of it, and
// stops all that it started.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "base/time.h"
#include "connectors/http/http_client.h"
#include "hub/app/case_demo.h"
#include "hub/app/city.h"
#include "hub/app/command.h"
#include "hub/app/hub_client.h"
#include "hub/app/interrupt.h"
#include "hub/app/proof.h"
#include "hub/app/trace_text.h"

namespace tongban::app {

namespace {

constexpr std::chrono::seconds exchange_patience{90};
constexpr std::chrono::milliseconds look_again{50};

struct DemoOptions {
    std::string data;
    std::string root;
    std::string configs;
    std::string format = "text";
    std::string odbc_connection;
    std::uint64_t seed = 1;
    bool dirty = false;
    bool keep = false;
    bool no_exchange = false;
    bool whole = false;
    std::string story;
    std::string today;
    std::string flow;  // --case
};

class Demo {
public:
    explicit Demo(const DemoOptions& options)
        : options_(options), started_(std::chrono::steady_clock::now()) {}

    int run() {
        CityPlan plan;
        plan.root = find_root(options_.root);
        plan.configs = options_.configs.empty() ? plan.root + "/configs" : options_.configs;
        plan.data = city_folder(options_.data);
        plan.temporary = options_.data.empty() && !options_.keep;
        plan.seed = options_.seed;
        plan.dirty = options_.dirty;
        plan.lifetime = options_.keep ? Lifetime::own : Lifetime::with_parent;
        plan.odbc_connection = options_.odbc_connection;
        plan.whole = options_.whole;
        plan.story = options_.story;
        plan.today = options_.today;
        City city(plan);
        heed_interrupts();
        if (auto claimed = city.claim(); !claimed) return report_input(claimed.fault());
        say("== starting a city pair in " + plan.data);
        auto done = city.start([this](const std::string& step) { say("   " + step); });
        if (done && !options_.no_exchange) done = one_exchange(city);
        if (const auto signal = interrupted()) {
            client_.reset();
            city.vanish();
            return end_by_signal(*signal);
        }
        if (!done) {
            std::fprintf(stderr,
                         "tongban demo: %s: %s (logs in %s/logs)\n",
                         done.fault().where.c_str(),
                         done.fault().reason.c_str(),
                         plan.data.c_str());
            city.stop();
            return exit_code_for(done.fault().kind);
        }
        finish(city);
        if (const auto signal = interrupted(); signal && !options_.keep)
            return end_by_signal(*signal);
        return outcome_ == "delivered" || options_.no_exchange ? fine : findings;
    }

private:
    void say(const std::string& line) const {
        if (options_.format != "text") return;
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
    }

    Result<Done> one_exchange(City& city) {
        auto enquiry = city.enquiry();
        if (!enquiry) return std::move(enquiry).fault();
        say("\n== Yinchuan's fund system posts its own XML to its connector (" +
            std::to_string(enquiry->size()) + " bytes)");
        connectors::HttpSettings settings;
        settings.url = "http://127.0.0.1:" + std::to_string(city.requests_port()) + "/requests";
        connectors::HttpClient office(settings);
        connectors::HttpRequest post;
        post.url = settings.url;
        post.headers = {{"Content-Type", "application/xml; charset=UTF-8"}};
        post.body = *std::move(enquiry);
        auto answer = office.send(post, Deadline::after(exchange_patience));
        if (!answer) return std::move(answer).fault();
        auto state = parse_json(answer->body);
        if (!state) return std::move(state).fault();
        say("   HTTP " + std::to_string(answer->status) + ", request " +
            state->value("request", "") + ", exchange " + state->value("exchange", ""));
        if (auto done = follow(city, office, *std::move(state)); !done) return done;
        return prove(city);
    }

    // Shows each event of the trace once, until the office's request has ended.
    Result<Done> follow(City& city, connectors::HttpClient& office, Json state) {
        HubAddress address;
        address.data = city.plan().data;
        address.rpc_port = city.rpc_port();
        address.identity = "auditor";
        auto client = HubClient::open(address);
        if (!client) return std::move(client).fault();
        client_ = *std::move(client);
        const auto url = "http://127.0.0.1:" + std::to_string(city.requests_port()) + "/requests/" +
                         state.value("request", "");
        const auto deadline = Deadline::after(exchange_patience);
        say("\n== what the log and the hub say, as it happens");
        while (!state.value("final", false)) {
            if (interrupted()) return interruption();
            if (deadline.passed())
                return Fault{FaultKind::expired, "demo", "the exchange did not end in time"};
            std::this_thread::sleep_for(look_again);
            connectors::HttpRequest get;
            get.method = "GET";
            get.url = url;
            auto answer = office.send(get, deadline);
            if (!answer) return std::move(answer).fault();
            auto parsed = parse_json(answer->body);
            if (!parsed) return std::move(parsed).fault();
            state = *std::move(parsed);
            show_new_events(state.value("exchange", ""));
        }
        exchange_ = state.value("exchange", "");
        outcome_ = state.value("state", "");
        findings_ = state.value("findings", Json::array());
        if (state.contains("code")) refusal_ = state;
        show_new_events(exchange_);
        return Done{};
    }

    void show_new_events(const std::string& exchange) {
        if (exchange.empty() || options_.format != "text") return;
        auto trace = client_->trace(exchange);
        if (!trace) return;  // not in the log yet
        for (const auto& line : trace_events(*trace)) {
            if (shown_.insert(line).second) say("   " + line);
        }
    }

    Result<Done> prove(City& city) {
        if (exchange_.empty()) return Done{};
        auto proven = prove_exchange(*client_, exchange_, city.plan().data);
        if (!proven) return std::move(proven).fault();
        trace_ = std::move(proven->trace);
        for (const ProvenLeaf& leaf : proven->leaves) {
            receipts_.push_back(leaf.entry);
            if (leaf.kind == "intent" || leaf.kind == "denied") receipt_text_ = leaf.receipt;
            if (auto kept = keep_proof(city, leaf.kind, leaf.receipt, leaf.leaf); !kept)
                return kept;
        }
        return keep_envelopes(city);
    }

    // Proofs hold no personal data; they stand beside the hub's folder for whoever wants to check
    // them by other tools.
    Result<Done> keep_proof(const City& city,
                            const std::string& kind,
                            const std::string& receipt,
                            const std::string& leaf) {
        const auto base = city.plan().data + "/proof/" + kind;
        if (auto made = make_folders(city.plan().data + "/proof"); !made) return made;
        if (auto done = write_file_durably(base + ".tlog-proof", receipt); !done) return done;
        return write_file_durably(base + ".tlog-proof.leaf", leaf);
    }

    Result<Done> keep_envelopes(const City& city) {
        for (const auto& envelope : trace_envelopes(trace_)) {
            const auto base = city.plan().data + "/proof/envelope." + envelope.part;
            if (auto done = write_file_durably(base + ".json", envelope.text); !done) return done;
            if (auto done = write_file_durably(base + ".sig", envelope.signature); !done)
                return done;
            auto certificate =
                read_file(city.plan().data + "/pki/" + envelope.member + "/signing.pem");
            if (!certificate) return std::move(certificate).fault();
            auto key = PublicKey::from_pem(*certificate);
            if (!key) return std::move(key).fault();
            if (auto done = write_file_durably(base + ".pub.pem", key->pem()); !done) return done;
        }
        return Done{};
    }

    void finish(City& city) {
        auto record = city.received();
        const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - started_);
        if (options_.format == "json") {
            Json whole{{"outcome", outcome_},
                       {"exchanges", Json::array()},
                       {"findings", findings_},
                       {"receipts", receipts_},
                       {"elapsed_ms", elapsed.count()},
                       {"seed", options_.seed},
                       {"data", city.plan().data}};
            if (!exchange_.empty()) whole["exchanges"].push_back(exchange_);
            if (!refusal_.is_null())
                whole["refusal"] = {{"code", refusal_.value("code", "")},
                                    {"zh", refusal_.value("zh", "")},
                                    {"en", refusal_.value("en", "")}};
            std::printf("%s\n", whole.dump().c_str());
        } else if (!options_.no_exchange) {
            print_result(record ? *record : "");
            std::printf("\n== done in %.1f s: %s\n",
                        static_cast<double>(elapsed.count()) / 1000.0,
                        outcome_.c_str());
        }
        client_.reset();
        if (options_.keep) {
            leave(city);
            return;
        }
        city.vanish();
    }

    void print_result(const std::string& record) const {
        if (!findings_.empty()) {
            std::printf("\n== findings\n");
            for (const auto& finding : findings_)
                std::printf("   [%s] %s %s %s\n       %s\n       %s\n",
                            finding.value("severity", "").c_str(),
                            finding.value("code", "").c_str(),
                            finding.value("part", "").c_str(),
                            finding.value("field", "").c_str(),
                            finding.value("zh", "").c_str(),
                            finding.value("en", "").c_str());
        }
        if (!record.empty() && outcome_ == "delivered")
            std::printf("\n== what Yinchuan's fund system received, in its own format\n%s\n",
                        record.c_str());
        if (!receipt_text_.empty())
            std::printf("\n== the receipt (verifies offline: tongban receipt verify)\n%s",
                        receipt_text_.c_str());
        for (const auto& receipt : receipts_)
            std::printf("   leaf %s: %s\n",
                        receipt.value("kind", "").c_str(),
                        receipt.value("verified", false) ? "verified" : "NOT VERIFIED");
        std::printf("\n== trace\n%s", trace_text(trace_).c_str());
    }

    // Every line may be copied and run.
    void leave(City& city) {
        const auto data = city.plan().data;
        const auto port = city.requests_port();
        city.leave_running();
        if (options_.format != "text") return;
        const std::string request = program_beside("tongban-sandbox") + " request --seed " +
                                    std::to_string(options_.seed) +
                                    (options_.dirty ? " --dirty" : "");
        std::printf(
            "\nleft running. Processes, ports and restart commands: %s/demo.json\n"
            "  ask again:   %s --serial AGAIN-$(date +%%s) | curl --data-binary @- "
            "http://127.0.0.1:%d/requests\n"
            "  trace:       %s trace %s --data %s\n"
            "  stop:        jq -r '.processes[].pid' %s/demo.json | xargs kill\n",
            data.c_str(),
            request.c_str(),
            port,
            own_program().c_str(),
            exchange_.empty() ? "EXCHANGE" : exchange_.c_str(),
            data.c_str(),
            data.c_str());
    }

    const DemoOptions& options_;
    const std::chrono::steady_clock::time_point started_;
    std::unique_ptr<HubClient> client_;
    std::set<std::string> shown_;
    std::string exchange_, outcome_, receipt_text_;
    Json findings_ = Json::array(), receipts_ = Json::array(), trace_, refusal_;
};

// The generator alone knows its stories.
Result<Done> story_is_known(const std::string& story, const std::string& flow) {
    if (story.empty()) return Done{};
    const auto list = (std::filesystem::temp_directory_path() /
                       ("tongban-stories-" + uuid_v7(SystemClock().now())))
                          .string();
    std::vector<std::string> command{program_beside("tongban-sandbox"), "stories"};
    if (!flow.empty()) command.insert(command.end(), {"--of", flow});
    auto process = Process::start(command, list);
    if (!process) return std::move(process).fault();
    const bool told = process->wait(std::chrono::seconds(10)) == 0;
    const auto text = read_file(list);
    std::error_code ignored;
    std::filesystem::remove(list, ignored);
    if (!told || !text)
        return Fault{FaultKind::unavailable, "tongban-sandbox", "it could not tell its stories"};
    const std::vector<std::string> known = split(trim(*text), '\n');
    const std::vector<std::string> wanted =
        flow.empty() ? split(story, ',') : std::vector<std::string>{story};
    for (const std::string& one : wanted) {
        if (std::find(known.begin(), known.end(), one) != known.end()) continue;
        std::string why = one + " is no story";
        if (!flow.empty()) why += " of --case " + flow;
        why += ": one of";
        for (const std::string& name : known) {
            why += name == known.front() ? " " : ", ";
            why += name;
        }
        return Fault{FaultKind::malformed, "--story", why};
    }
    return Done{};
}

int run_demo(const DemoOptions& options) {
    if (auto known = story_is_known(options.story, options.flow); !known)
        return report_input(known.fault());
    if (options.flow.empty()) return Demo(options).run();
    CaseDemoOptions of_case;
    of_case.flow = options.flow;
    of_case.story = options.story;
    of_case.data = options.data;
    of_case.root = options.root;
    of_case.configs = options.configs;
    of_case.format = options.format;
    of_case.today = options.today;
    of_case.seed = options.seed;
    of_case.keep = options.keep;
    return run_case_demo(of_case);
}

}  // namespace

void add_demo_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<DemoOptions>();
    auto* demo = root.add_subcommand(
        "demo", "A city pair on this machine: one loan-eligibility record from Xi'an to Yinchuan");
    demo->add_option("--data", options->data, "Data folder (a temporary one, removed at the end)");
    demo->add_option("--root", options->root, "Folder with schemas/, mapping/ and configs/");
    demo->add_option("--configs", options->configs, "Configuration folder (ROOT/configs)");
    demo->add_option("--seed", options->seed, "Other people: a whole number from 1")
        ->check(whole_positive)
        ->capture_default_str();
    auto* dirty =
        demo->add_flag("--dirty", options->dirty, "Plant faults in what the offices hold");
    demo->add_flag("--keep", options->keep, "Leave it running and say how to reach it");
    auto* alone =
        demo->add_flag("--no-exchange", options->no_exchange, "Only start the city (with --keep)");
    demo->add_flag("--whole", options->whole, "Every office of the city, and a clock for cases");
    demo->add_option("--story", options->story, "The offices' books are as in this story: G1 ...");
    demo->add_option("--today", options->today, "The offices' first day, yyyy-MM-dd")
        ->check(iso_day);
    auto* odbc = demo->add_option("--odbc-connection",
                                  options->odbc_connection,
                                  "Another database for the social-security office");
    demo->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    demo->add_option(
            "--case", options->flow, "One case to its end instead, in accelerated legal time")
        ->check(CLI::IsMember({"certificate", "joint-filing"}))
        ->excludes(dirty)  // a golden case is clean, and has its exchanges
        ->excludes(alone)
        ->excludes(odbc);
    demo->callback([options, &action] { action = [options] { return run_demo(*options); }; });
}

}  // namespace tongban::app
