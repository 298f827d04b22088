// Cases as a clerk reads them: the gateway's JSON as lines, each with the Chinese and the English
// word.
//
// Threads: pure functions.
#pragma once

#include <string>

#include "base/json.h"

namespace tongban::app {

std::string list_text(const Json& page);
std::string case_text(const Json& document);
std::string tasks_text(const Json& tasks);
std::string incidents_text(const Json& incidents);
std::string summary_text(const Json& summary);

// "红 red"; of a status "等待 waiting".
std::string light_words(const std::string& light);
std::string status_words(const std::string& status);
// "3 个工作日 (cn-64, 2026-03-02 +)": what a deadline was reckoned from.
std::string basis_text(const Json& deadline);
// "4 papers, 6 trips, 2 counters": what nobody carried.
std::string spared_text(const Json& spared);

}  // namespace tongban::app
