// Records: each office's copy of a world in that office's own names, units, codes and encoding.
//
// Written by hand, string by string, as the offices' old programs do: the sandbox knows nothing of
// the hub's mappings.
//
// Threads: pure functions.
// Faults:  internal, when a name cannot be written in GB18030.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

// 610100.housing-fund/certificate@1, GB18030. `application` is the asker's YWBH.
Result<std::string> certificate_answer(const World& world, std::string_view application);
Result<std::string> soap_fault(std::string_view code, std::string_view text);  // GB18030

struct SpellRow {  // 610100.social-security/employment@1, in the order of spell_columns()
    std::vector<std::string> values;  // empty text is NULL
};
const std::vector<std::string>& spell_columns();
std::vector<SpellRow> spell_rows(const World& world);
std::string spell_lines(const World& world);  // as JSON lines

// 640100.real-estate/homes@1; `now` is yyyy-MM-ddTHH:mm:ss.
std::string homes_answer(const World& world, std::string_view message_id, std::string_view now);
std::string homes_refusal(std::string_view message_id, std::string_view now, std::string_view code);

// 640100.tax/deed-tax@1
std::string tax_answer(const World& world, std::string_view case_number);
std::string tax_refusal(std::string_view case_number, std::string_view code, std::string_view text);

// Every way in which the offices write a person's name and number.
std::vector<std::string> written_forms(const Person& person);

// 640100.housing-fund/loan-eligibility-request@1
std::string enquiry_message(const World& world, bool verify);

}  // namespace tongban::sandbox
