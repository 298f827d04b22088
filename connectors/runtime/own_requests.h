// OwnRequests: carries the requests of our own office to the hub, so that the office need not speak
// Thrift.
//
// The office sends its native request as it always did. What the hub must know beside the body
// (request id, officer, purpose, consent) is read from the message itself by configured paths; we
// sign it, keep it sealed until the hub has answered, and send it as often as it takes, its body
// byte for byte the same. The office's request id is the key: the same bytes again get the present
// state, other bytes under the same id are a conflict.
//
// Threads: safe from any thread.
#pragma once

#include <condition_variable>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include <tongban_wire/HubGateway.h>

#include "base/guarded.h"
#include "base/time.h"
#include "connectors/runtime/connector_store.h"
#include "connectors/runtime/hub_link.h"
#include "connectors/runtime/setup.h"
#include "connectors/runtime/signing.h"

namespace tongban::connectors {

struct OfficeReply {
    int status = 500;  // HTTP
    std::string body;  // JSON for the office's screen, Chinese and English; never a personal value
    bool settled = false;  // nothing more will come of it by waiting here
};

class OwnRequests {
public:
    OwnRequests(const CurrentSetup& setup,
                const Signer& signer,
                ConnectorStore& store,
                const Interrupter& interrupter,
                const Clock& clock);

    // Some form is posted there.
    [[nodiscard]] bool takes(const std::string& at) const;
    // `at`: the path that it was posted to; "": a file of the drop folder, of any form.
    OfficeReply receive(const std::string& native, const std::string& at = "");
    OfficeReply state_of(const std::string& request_id);
    // Sends what is still queued. True when the hub could be reached for all of it.
    bool send_queued(const std::stop_token& stop);

private:
    Result<wire::Request> read(const std::string& native, const std::string& at) const;
    [[nodiscard]] Result<wire::Request> call_of(const StoredRequest& request) const;
    Result<StoredRequest> send(StoredRequest request, Deadline deadline);
    void look_again(StoredRequest& request);

    // Fixed after construction
    const CurrentSetup& setup_;
    const Signer& signer_;
    ConnectorStore& store_;
    const Clock& clock_;
    LinkPool<wire::HubGatewayClient> links_;
    // Guarded: requests that a thread is sending
    Guarded<std::set<std::string>> sending_;
    std::condition_variable sent_;
};

}  // namespace tongban::connectors
