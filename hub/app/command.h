// Commands of the program `tongban`: each adds itself to the command line and answers with an exit
// code.
//
// Exit codes: 0 fine; 1 findings, a refusal or a verification that fails; 2 usage or
// configuration; 3 unavailable; 4 internal.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace tongban::app {

enum ExitCode : int { fine = 0, findings = 1, usage = 2, unavailable = 3, internal = 4 };

// What the chosen command does; set by the command line parser, run by main.
using Action = std::function<int()>;

void add_pki_command(CLI::App& root, Action& action);
void add_hub_command(CLI::App& root, Action& action);
void add_connector_command(CLI::App& root, Action& action);
void add_exchange_command(CLI::App& root, Action& action);
void add_consent_command(CLI::App& root, Action& action);
void add_erase_command(CLI::App& root, Action& action);
void add_convert_command(CLI::App& root, Action& action);
void add_mapping_command(CLI::App& root, Action& action);
void add_trace_command(CLI::App& root, Action& action);
void add_audit_command(CLI::App& root, Action& action);
void add_receipt_command(CLI::App& root, Action& action);
void add_demo_command(CLI::App& root, Action& action);
void add_item_command(CLI::App& root, Action& action);
void add_case_command(CLI::App& root, Action& action);

ExitCode exit_code_for(FaultKind kind);
// One line to standard error: what, where, why. The exit code that fits.
int report(const Fault& fault);
// The same of what the caller gave us and nothing was done with: usage, unless another try may
// help.
int report_input(const Fault& fault);
// A fault about a file as one of the option that named it.
Fault named(const std::string& option, const Fault& fault);

// For options that hold a seed, and a day: what is wrong with the text, "" nothing. CLI11 sets the
// option's name before it.
std::string whole_positive(const std::string& text);
std::string iso_day(const std::string& text);

// The folder that holds schemas/, mapping/ and configs/: --root, else TONGBAN_ROOT, else found
// upwards from the program and the working folder.
std::string find_root(const std::string& given);

}  // namespace tongban::app
