// HttpDeliverer: hands a document to the office by POST, under our message number in a header.
//
// The statuses that mean acceptance and final rejection are configured, because office systems are
// not changed; any other status, and any break of the connection, leaves it uncertain, and the same
// number is sent again.
//
// settings:
//   url: http://127.0.0.1:8090/receive
//   content_type: text/xml; charset=UTF-8
//   message_header: X-Message-No          # default
//   headers: {X-Api-Key: {file: path}}
//   accepted: [200, 201, 202, 208, 409]   # default: 200 201 202 204 208; the office's word for a
//   duplicate belongs here rejected: [400, 422]                  # default: 400 422
//
// Threads: safe from any thread.
#pragma once

#include <memory>

#include "base/yaml.h"
#include "connectors/connector.h"

namespace tongban::connectors {

std::shared_ptr<Deliverer> make_http_deliverer(const YamlValue& settings);

}  // namespace tongban::connectors
