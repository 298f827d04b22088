#include "hub/app/case_demo.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <set>

#include "base/json.h"
#include "hub/app/case_text.h"
#include "hub/app/city.h"
#include "hub/app/command.h"
#include "hub/app/interrupt.h"
#include "hub/app/proof.h"
#include "hub/app/story_play.h"

namespace tongban::app {

namespace {

struct Flow {
    const char* name;
    const char* story;
    const char* title;
};

constexpr Flow flows[] = {
    {"certificate", "G1", "异地贷款: a loan in Yinchuan on contributions in Xi'an"},
    {"joint-filing", "G10", "一窗受理: a home is sold, tax and registry file jointly"},
};

const Flow& flow_named(const std::string& name) {
    return name == flows[1].name ? flows[1] : flows[0];
}

std::string text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// What was on the way to this case: what the citizen brought, at least one trip to each counter.
Json carried(const Json& materials) {
    int papers = 0;
    std::set<std::string> counters;
    for (const Json& material : materials) {
        if (text_of(material, "how") != "brought") continue;
        ++papers;
        counters.insert(text_of(material, "member"));
    }
    return {{"papers", papers},
            {"copies", 0},
            {"trips", counters.size()},
            {"counters", counters.size()}};
}

// Without a hub: that, and what was fetched besides.
Json on_foot(const Json& document) {
    const Json materials = document.value("materials", Json::array());
    Json sum = carried(materials);
    const Json spared = document.value("spared", Json::object());
    for (const char* what : {"papers", "copies", "trips"})
        sum[what] = sum.value(what, 0) + spared.value(what, 0);
    std::set<std::string> counters;
    for (const Json& material : materials) {
        const bool stood_at =
            text_of(material, "how") == "brought" ||
            (text_of(material, "how") == "fetched" && material.value("trips", 0) > 0);
        if (stood_at) counters.insert(text_of(material, "member"));
    }
    sum["counters"] = counters.size();
    return sum;
}

class CaseDemo {
public:
    explicit CaseDemo(const CaseDemoOptions& options)
        : options_(options),
          flow_(flow_named(options.flow)),
          started_(std::chrono::steady_clock::now()) {}

    int run() {
        City city(plan());
        heed_interrupts();
        if (auto claimed = city.claim(); !claimed) return report_input(claimed.fault());
        say("== starting the city in " + city.plan().data);
        auto done = city.start([this](const std::string& step) { say("   " + step); });
        if (done) done = play(city);
        if (const auto signal = interrupted()) {
            city.vanish();
            return end_by_signal(*signal);
        }
        if (!done) {
            std::fprintf(stderr,
                         "tongban demo: %s: %s (logs in %s/logs)\n",
                         done.fault().where.c_str(),
                         done.fault().reason.c_str(),
                         city.plan().data.c_str());
            if (!options_.keep) city.stop();
            return exit_code_for(done.fault().kind);
        }
        finish(city);
        if (const auto signal = interrupted(); signal && !options_.keep)
            return end_by_signal(*signal);
        return text_of(document_, "ending") == "completed" && all_verified() ? fine : findings;
    }

private:
    void say(const std::string& line) const {
        if (options_.format != "text") return;
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
    }

    CityPlan plan() {
        CityPlan plan;
        plan.root = find_root(options_.root);
        plan.configs = options_.configs.empty() ? plan.root + "/configs" : options_.configs;
        plan.data = city_folder(options_.data);
        plan.temporary = options_.data.empty() && !options_.keep;
        plan.seed = options_.seed;
        plan.lifetime = options_.keep ? Lifetime::own : Lifetime::with_parent;
        plan.whole = true;
        plan.story = options_.story.empty() ? flow_.story : options_.story;
        plan.today = options_.today;
        return plan;
    }

    void reached(const StateReached& one) {
        say("   " + one.day + "  " + one.state + " " + one.zh + " " + one.en + "  " +
            light_words(one.light) + "  [" + one.member + "]");
        states_.push_back({{"state", one.state},
                           {"zh", one.zh},
                           {"en", one.en},
                           {"light", one.light},
                           {"day", one.day},
                           {"member", one.member}});
    }

    Result<Done> play(const City& city) {
        say(std::string("\n== ") + flow_.title + " (" + city.plan().story +
            "); days are legal time, and pass when there is nothing to do but wait");
        StoryPlay story(
            city,
            [this](const std::string& line) { say(line); },
            [this](const StateReached& one) { reached(one); });
        if (auto played = story.play(); !played) return played;
        document_ = story.document();
        return prove(story.client(), city.plan().data);
    }

    Result<Done> prove(HubClient& client, const std::string& data) {
        for (const Json& exchange : document_.value("exchanges", Json::array())) {
            const auto proven = prove_exchange(client, exchange.get<std::string>(), data);
            if (!proven) return proven.fault();
            for (const ProvenLeaf& leaf : proven->leaves)
                receipts_.push_back(leaf.entry);
        }
        return Done{};
    }

    [[nodiscard]] bool all_verified() const {
        for (const Json& receipt : receipts_)
            if (!receipt.value("verified", false)) return false;
        return !receipts_.empty();
    }

    [[nodiscard]] Json result(const City& city, std::int64_t elapsed_ms) const {
        Json one{{"number", text_of(document_, "number")},
                 {"item", text_of(document_, "item")},
                 {"state", text_of(document_, "state")},
                 {"status", text_of(document_, "status")},
                 {"ending", text_of(document_, "ending")},
                 {"light", text_of(document_, "light")},
                 {"states", states_},
                 {"materials", document_.value("materials", Json::array())},
                 {"spared", document_.value("spared", Json::object())},
                 {"brought", carried(document_.value("materials", Json::array()))},
                 {"incidents", document_.value("incidents", Json::array())}};
        return Json{{"outcome", text_of(document_, "ending")},
                    {"cases", Json::array({std::move(one)})},
                    {"exchanges", document_.value("exchanges", Json::array())},
                    {"findings", document_.value("findings", Json::array())},
                    {"receipts", receipts_},
                    {"elapsed_ms", elapsed_ms},
                    {"seed", options_.seed},
                    {"data", city.plan().data}};
    }

    void print_result(std::int64_t elapsed_ms) const {
        const Json nothing = Json::array();
        std::printf("\n== what came of it: %s\n", summary_text(document_).c_str());
        for (const Json& material : document_.value("materials", nothing)) {
            if (text_of(material, "how") != "fetched") continue;
            std::printf("   %s %s: fetched from %s\n",
                        text_of(material, "zh").c_str(),
                        text_of(material, "en").c_str(),
                        text_of(material, "member").c_str());
        }
        std::printf("   on foot:  %s\n   here:     %s\n",
                    spared_text(on_foot(document_)).c_str(),
                    spared_text(carried(document_.value("materials", nothing))).c_str());
        const Json found = document_.value("findings", nothing);
        std::printf("   findings: %zu\n", found.size());
        for (const Json& one : found)
            std::printf("   [%s] %s %s\n       %s\n",
                        text_of(one, "severity").c_str(),
                        text_of(one, "code").c_str(),
                        text_of(one, "zh").c_str(),
                        text_of(one, "en").c_str());
        std::printf("   %zu exchanges, %zu receipts, %s\n",
                    document_.value("exchanges", nothing).size(),
                    receipts_.size(),
                    all_verified() ? "all verified" : "NOT ALL VERIFIED");
        std::printf("\n== done in %.1f s: %s\n",
                    static_cast<double>(elapsed_ms) / 1000.0,
                    text_of(document_, "ending").c_str());
    }

    void finish(City& city) {
        const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - started_);
        if (options_.format == "json")
            std::printf("%s\n", result(city, elapsed.count()).dump().c_str());
        else
            print_result(elapsed.count());
        if (options_.keep) {
            const std::string data = city.plan().data;
            city.leave_running();
            say("\nleft running. Processes, ports and restart commands: " + data +
                "/demo.json\n  the case:    tongban case show " + text_of(document_, "number") +
                " --as auditor --data " + data + "\n  stop:        jq -r '.processes[].pid' " +
                data + "/demo.json | xargs kill");
            return;
        }
        city.vanish();
    }

    const CaseDemoOptions& options_;
    const Flow& flow_;
    const std::chrono::steady_clock::time_point started_;
    Json document_ = Json::object();
    Json states_ = Json::array();
    Json receipts_ = Json::array();
};

}  // namespace

int run_case_demo(const CaseDemoOptions& options) {
    return CaseDemo(options).run();
}

}  // namespace tongban::app
