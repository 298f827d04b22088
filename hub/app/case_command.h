// What the files of `tongban case` share: whom it speaks as, and how it says what to do next.
//
// Threads: one thread.
#pragma once

#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "hub/app/command.h"
#include "hub/app/hub_client.h"

namespace tongban::app {

struct CaseOptions {
    HubAddress hub;
    std::string number;
    std::string format = "text";
};

void add_case_options(CLI::App& command, CaseOptions& options);
void add_case_number(CLI::App& command, CaseOptions& options);

// The fault, and beneath it what to do about it. The exit code that fits.
int report_case(const Fault& fault);
// Of HubClient::open: keys that are not there are the caller's mistake.
int report_unopened(const Fault& fault);

// Opens the client, asks, prints: JSON as it is, text by `text`.
int ask_hub(const CaseOptions& options,
            const std::function<Result<Json>(HubClient&)>& question,
            const std::function<std::string(const Json&)>& text);

void add_case_open(CLI::App& parent, Action& action);
void add_case_orders(CLI::App& parent, Action& action);
void add_case_incidents(CLI::App& parent, Action& action);

}  // namespace tongban::app
