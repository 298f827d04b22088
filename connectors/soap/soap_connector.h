// SoapConnector: asks a SOAP 1.1 service by POST of the native envelope, exactly as the hub wrote
// it.
//
// settings:
//   url: http://192.0.2.10:8080/services/Certificate     # and the other keys of http_client.h: ca,
//   pin, max_answer ... soap_action: urn:certificate charset: GB18030 # of the bytes sent; default
//   UTF-8 headers: {X-Api-Key: {file: path}} fault_code: /Envelope/Body/Fault/detail/code         #
//   default /Envelope/Body/Fault/faultcode faults: {Client.NoRecord: no_record, Server:
//   unavailable}   # a fault not listed is unavailable result_code: /Envelope/Body/Reply/RtnCode #
//   optional: a service that says no in an ordinary answer results: {"0001": no_record} # a code
//   not listed is an answer
//
//   message_header: X-Message-No  # optional: carries our message number, for an office that
//   deduplicates by a header; key_header: X-Op-Key # optional: the operation key of a case's call
//
// A prefix of the fault code ("soap:Client.NoRecord") is not compared. An answer that cannot be
// read here is passed on as it is: the hub's validation says what is wrong with it, to the line.
//
// Threads: safe from any thread.
#pragma once

#include <memory>

#include "base/yaml.h"
#include "connectors/connector.h"

namespace tongban::connectors {

std::shared_ptr<Connector> make_soap_connector(const YamlValue& settings);

}  // namespace tongban::connectors
