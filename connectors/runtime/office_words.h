// Office words: the JSON that our own office's people and programs read about their request.
//
// Threads: pure functions.
#pragma once

#include <string>

#include <tongban_wire/tongban_types.h>

#include "connectors/runtime/connector_store.h"

namespace tongban::connectors {

namespace wire = ::tongban::wire;

// {"state":..., "exchange":..., "findings":[...], "verdicts":[...]}
std::string words_of(const wire::Outcome& outcome);
// {"state":"refused","code","where","zh","en"}
std::string words_of(const wire::Refusal& refusal);
// With the request's id, its exchange, and the last that the hub said of it.
std::string words_of(const StoredRequest& request);
bool is_final(wire::ExchangeState::type state);
wire::Refusal refusal(std::string code, std::string where, std::string zh, std::string en);
int http_status_of(const std::string& refusal_code);

}  // namespace tongban::connectors
