// FileDropConnector and FileDropDeliverer: an office that speaks through folders (drop_box.h has
// the settings).
//
// Settings beside those of the drop box:
//   code: /Message/Head/RtnCode          # optional: where an answer says how it went
//   codes: {"1001": no_record}           # a code not listed is an answer; what is `unavailable`
//                                        # is not kept, and asked for again
// and for deliveries, whose answer is the office's acknowledgement:
//   rejected: ["1001"]                   # codes that finally refuse the document
//   again: ["9009"]                      # codes that say "not now": handed over again
//
// Threads: safe from any thread.
#pragma once

#include <memory>

#include "base/yaml.h"
#include "connectors/connector.h"

namespace tongban::connectors {

std::shared_ptr<Connector> make_file_drop_connector(const YamlValue& settings);
std::shared_ptr<Deliverer> make_file_drop_deliverer(const YamlValue& settings);

}  // namespace tongban::connectors
