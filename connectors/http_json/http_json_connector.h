// HttpJsonConnector: asks an HTTP service that speaks JSON.
//
// settings:
//   url: https://192.0.2.20:8443              # and the other keys of http_client.h: ca, pin,
//   max_answer ... method: POST                              # or GET: scalar members of the
//   question become the query string path: /v1/deed-tax/query                  # may hold
//   {message_no} headers: {X-Api-Key: {file: path}} statuses: {"404": no_record, "403": refused} #
//   default: 200 answered, 204 and 404 no_record, 409 ambiguous,
//                                             # 403 and 451 refused, 501 not_covered; others
//                                             unavailable
//   code: /code                               # optional pointer to the service's own result code
//   codes: {"NO_RECORD": no_record}           # a code not listed is an answer
//   message_header: X-Message-No              # default
//   key_header: X-Op-Key                      # optional: the operation key of a case's call
//
// Threads: safe from any thread.
#pragma once

#include <memory>

#include "base/yaml.h"
#include "connectors/connector.h"

namespace tongban::connectors {

std::shared_ptr<Connector> make_http_json_connector(const YamlValue& settings);

}  // namespace tongban::connectors
