// XianLoans: the co-operation service of Xi'an's fund centre for loans made in other cities.
//
// Threads: safe from any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "connectors/sandbox/office.h"

namespace tongban::sandbox {

struct SoapOutcome {
    int status = 200;
    Result<std::string> bytes;  // GB18030
    const char* note;           // for the book of requests
};

SoapOutcome answer_loan_call(OfficeSetting& setting,
                             const Conduct& conduct,
                             const std::string& soap_action,
                             const std::string& body);

}  // namespace tongban::sandbox
