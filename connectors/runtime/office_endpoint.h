// OfficeEndpoint: where our own office's system hands in its requests: HTTP on 127.0.0.1, and a
// drop folder.
//
//   POST /requests, or where a form says: the native request as its body; 202
//   {"request","exchange","state",...}, or a refusal in Chinese
//                         and English that the office can show:
//                         {"state":"refused","code","where","zh","en"}
//   GET /requests/{id}    what has become of it
//   GET /health           {"state":"ready"}
// The drop folder takes whole files (size unchanged between two looks) and answers `<name>.json`
// beside them; a file that was answered finally goes to `taken/`.
//
// Threads: the server's own; start and stop from one thread.
// Faults:  unavailable, when the port is taken.
#pragma once

#include <memory>

#include "base/result.h"
#include "connectors/runtime/connector_config.h"
#include "connectors/runtime/own_requests.h"

namespace tongban::connectors {

class OfficeEndpoint {
public:
    OfficeEndpoint(const RequestsConfig& config, OwnRequests& requests);
    ~OfficeEndpoint();
    OfficeEndpoint(const OfficeEndpoint&) = delete;
    OfficeEndpoint& operator=(const OfficeEndpoint&) = delete;

    Result<Done> start();
    void stop();
    [[nodiscard]] int port() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tongban::connectors
