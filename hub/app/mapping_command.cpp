// tongban mapping test: runs the examples that every mapping and every rule carries, without a hub.
// An integrator's tool: what it prints is a file, a line and what came out otherwise.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/json.h"
#include "hub/app/command.h"
#include "mapping/engine.h"
#include "mapping/examples.h"
#include "mapping/rule_set.h"

namespace tongban::app {

namespace {

struct TestOptions {
    std::string only;
    std::string root;
    std::string format = "text";
};

class ExamplesRun {
public:
    ExamplesRun(const TestOptions& options, const mapping::Engine& engine) : options_(options) {
        for (const auto& each : engine.library->mappings()) {
            if (wanted(each->version)) add(mapping::run_examples(*each, *engine.library));
        }
        for (const auto& each : engine.rules->rules()) {
            if (wanted(each->version)) add(mapping::run_examples(*each));
        }
    }

    [[nodiscard]] bool any() const { return !outcomes_.empty(); }
    [[nodiscard]] bool passed() const { return failed_ == 0; }

    void print() const {
        if (options_.format == "json") return print_json();
        for (const mapping::ExampleOutcome& outcome : outcomes_) {
            for (const std::string& difference : outcome.differences)
                std::printf("%s:%d: %s: %s\n",
                            outcome.file.c_str(),
                            outcome.line,
                            outcome.example.c_str(),
                            difference.c_str());
        }
        std::printf("%zu examples, %zu failed\n", outcomes_.size(), failed_);
    }

private:
    // "C-07" means every version of it; so does a mapping without one, or a member alone.
    [[nodiscard]] bool wanted(const std::string& version) const {
        const std::string& only = options_.only;
        return only.empty() || version == only || version.starts_with(only + "@") ||
               version.starts_with(only + "/");
    }

    void add(std::vector<mapping::ExampleOutcome> outcomes) {
        for (mapping::ExampleOutcome& outcome : outcomes) {
            if (!outcome.passed()) ++failed_;
            outcomes_.push_back(std::move(outcome));
        }
    }

    void print_json() const {
        Json failures = Json::array();
        for (const mapping::ExampleOutcome& outcome : outcomes_) {
            if (outcome.passed()) continue;
            failures.push_back(Json{{"of", outcome.of},
                                    {"file", outcome.file},
                                    {"line", outcome.line},
                                    {"example", outcome.example},
                                    {"differences", outcome.differences}});
        }
        std::printf("%s\n",
                    Json{{"examples", outcomes_.size()}, {"failures", failures}}.dump(2).c_str());
    }

    const TestOptions& options_;
    std::vector<mapping::ExampleOutcome> outcomes_;
    std::size_t failed_ = 0;
};

int test_examples(const TestOptions& options) {
    const auto engine = mapping::load_engine(find_root(options.root));
    const ExamplesRun run(options, *engine);
    if (!run.any()) {
        report({FaultKind::not_found, options.only, "no mapping, member or rule of that name"});
        return usage;
    }
    run.print();
    return run.passed() ? fine : findings;
}

}  // namespace

void add_mapping_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<TestOptions>();
    auto* command = root.add_subcommand("mapping", "Mappings and rules");
    command->require_subcommand(1);
    auto* test = command->add_subcommand("test", "Run the examples that mappings and rules carry");
    test->add_option("only",
                     options->only,
                     "A mapping (610100.housing-fund/certificate), a member or a rule (C-07); all");
    test->add_option("--root", options->root, "Folder with schemas/ and mapping/");
    test->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    test->callback([options, &action] { action = [options] { return test_examples(*options); }; });
}

}  // namespace tongban::app
