// HttpReply: sends an office's answer, well or badly as its conduct says.
//
// Threads: safe from any thread.
#pragma once

#include <string>

#include <httplib.h>

#include "connectors/sandbox/misconduct.h"

namespace tongban::sandbox {

// `half` declares the whole length, sends half and breaks the connection.
void reply(httplib::Response& response,
           const Conduct& conduct,
           int status,
           std::string bytes,
           const std::string& type);

}  // namespace tongban::sandbox
