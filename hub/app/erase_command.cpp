// tongban erase: an operator carries out an order of erasure: what the hub has sealed about one
// person becomes unreadable for ever, the others' stays theirs, and the log still verifies. The hub
// must be stopped meanwhile. Whether retention or a legal hold forbids it is for whoever gives the
// order; the leaf keeps which order it was and on which ground.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "hub/app/command.h"
#include "hub/app/hub.h"
#include "schemas/identifiers.h"

namespace tongban::app {

namespace {

struct EraseOptions {
    HubPlan plan;
    std::string order;
    std::string basis;
    std::string format = "text";
};

bool well_worded(const std::string& text, std::size_t most) {
    return !trim(text).empty() && text.size() <= most && invalid_utf8(text) == std::string::npos &&
           std::none_of(
               text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

// Both stand in the log for ever, where no person may be named.
Result<Done> check(const std::string& option,
                   const std::string& text,
                   std::size_t most,
                   const std::string& number) {
    if (!well_worded(text, most))
        return Fault{FaultKind::malformed, option, "expected one line of UTF-8 text, not too long"};
    if (schemas::normalise_identity(text).find(number) != std::string::npos)
        return Fault{FaultKind::malformed,
                     option,
                     "the identity number may not stand in it: it goes into the log for ever"};
    return Done{};
}

int erase(EraseOptions& options) {
    std::string number;
    std::getline(std::cin, number);
    number = schemas::normalise_identity(trim(number));
    if (number.empty() || number.size() > 64)
        return report({FaultKind::malformed, "stdin", "expected one identity number on one line"});
    if (auto good = check("--order", options.order, 160, number); !good)
        return report(good.fault());
    if (auto good = check("--basis", options.basis, 400, number); !good)
        return report(good.fault());
    options.plan.root = find_root(options.plan.root);
    if (options.plan.configs.empty()) options.plan.configs = options.plan.root + "/configs";
    if (options.plan.config.empty()) options.plan.config = options.plan.configs + "/hub.yaml";
    log::start(log::Level::warn, "erase");
    Hub hub(options.plan);
    auto erased = hub.erase(number, options.order, options.basis);
    hub.stop();
    if (!erased) return report(erased.fault());
    if (options.format == "json") {
        const Json said{{"exchanges", erased->exchanges}, {"leaves", erased->leaves}};
        std::printf("%s\n", said.dump().c_str());
    } else {
        std::printf(
            "已销毁密钥：涉及 %zu 次交换、%zu 条存证，相关内容不可再读。\n"
            "The key is destroyed: %zu exchanges, %zu leaves; nothing about this person "
            "opens any more.\n",
            erased->exchanges,
            erased->leaves,
            erased->exchanges,
            erased->leaves);
    }
    return fine;
}

}  // namespace

void add_erase_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<EraseOptions>();
    auto* command = root.add_subcommand("erase", "Destroy what is sealed about one person");
    command->require_subcommand(1);
    auto* subject = command->add_subcommand(
        "subject",
        "Of the person whose identity number comes on standard input; the hub must be stopped");
    subject->add_option("--order", options->order, "Which order it carries out")->required();
    subject->add_option("--basis", options->basis, "The legal ground of that order")->required();
    subject->add_option("--config", options->plan.config, "hub.yaml (CONFIGS/hub.yaml)");
    subject->add_option("--configs", options->plan.configs, "As of `tongban hub` (ROOT/configs)");
    subject->add_option("--root", options->plan.root, "Folder with schemas/ and mapping/");
    subject->add_option("--data", options->plan.data, "Data folder")->default_val("data");
    subject->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    subject->callback([options, &action] { action = [options] { return erase(*options); }; });
}

}  // namespace tongban::app
