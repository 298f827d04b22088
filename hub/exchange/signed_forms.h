// SignedForms: the exact bytes that members sign: RFC 8785 objects, as
// schemas/thrift/tongban.thrift states them.
//
// Threads: pure functions.
#pragma once

#include <string>

#include "hub/exchange/case_desk.h"
#include "hub/exchange/request.h"

namespace tongban::exchange {

std::string signed_form(const Request& request);
// What makes two requests the same: all that is signed but the time, so that a repetition may be
// signed anew.
Digest content_of(const Request& request);
std::string signed_form(const SignedEnvelope& envelope, const std::string& hub);

std::string signed_form(const CaseOrder& order);

struct AcknowledgedDelivery {
    std::string exchange_id;
    std::string job_id;  // "" when the caller of result() acknowledges
    std::string document_sha256;
    std::string acknowledgement_sha256;  // "" then
};
std::string signed_form(const AcknowledgedDelivery& acknowledged, const std::string& hub);

}  // namespace tongban::exchange
