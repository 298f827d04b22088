// CaseGateway: cases as members see and order them, as a Thrift handler over the CaseDesk port. A
// hub without cases answers `cases.none`.
//
// Threads: safe from any thread; one call runs in its connection's thread.
#pragma once

#include <memory>

#include <tongban_wire/CaseGateway.h>

#include "hub/api/gateways.h"

namespace tongban::api {

std::shared_ptr<wire::CaseGatewayIf> case_handler(const GatewayLinks& links);

}  // namespace tongban::api
