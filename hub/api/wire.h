// Wire: the only place that translates between the hub's own structs and the generated Thrift
// types.
//
// Threads: pure functions.
// Faults:  Refusal of the wire (exception) with code request.malformed, for enum values and hashes
// that are none.
#pragma once

#include <string>
#include <vector>

#include <tongban_wire/tongban_types.h>

#include "hub/audit/log.h"
#include "hub/exchange/case_desk.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"

namespace tongban::api {

exchange::Request from_wire(const wire::Request& request);
exchange::Signature from_wire(const wire::Signature& signature);
exchange::JournalHead from_wire(const wire::JournalHead& head);
exchange::LeaseRequest from_wire(const wire::LeaseRequest& request);
exchange::Completion from_wire(const wire::Completion& completion);
exchange::DeliveryReport from_wire(const wire::DeliveryReport& report);
exchange::Token from_wire(const wire::Token& token);
exchange::CaseOrder from_wire(const wire::CaseOrder& order);
exchange::CaseQuery from_wire(const wire::CaseQuery& query);

wire::Outcome to_wire(const exchange::Outcome& outcome);
wire::LeaseReply to_wire(const exchange::LeaseReply& reply);
wire::Token to_wire(const exchange::Token& token);
wire::CheckpointReply to_wire(const audit::ConsistencyReply& reply);
wire::Refusal to_wire(const exchange::Refusal& refusal);
wire::CaseSummary to_wire(const exchange::CaseSummary& summary);
wire::CaseTask to_wire(const exchange::CaseTask& task);
wire::CaseIncident to_wire(const exchange::CaseIncident& incident);

}  // namespace tongban::api
