// ConnectorConfig: everything that one connector is told at its start and at a reload;
// configs/connectors/<member>.yaml, whose grammar is docs/formats/connector.md.
//
// Threads: value, immutable once loaded.
// Faults:  ConfigError with every fault of the file; unknown keys are faults.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "connectors/connector.h"
#include "connectors/native_fields.h"
#include "connectors/runtime/variables.h"

namespace tongban::connectors {

struct HubPlace {
    std::string id;  // "hub.yc": what its certificate must say, and what we sign for
    std::string host;
    int rpc_port = 0;    // HubGateway
    int lease_port = 0;  // ConnectorGateway
    std::string ca;      // PEM files
    std::string certificate;
    std::string key;
    std::string log_vkey;  // the log's verifier key; empty: this connector does not witness
    bool operator==(const HubPlace&) const = default;
};

struct OperationConfig {
    std::shared_ptr<Connector> connector;
    std::int64_t timeout_ms = 20'000;
    std::string answers;  // native schema of the answers; needed for placement provider only
    bool live =
        false;  // the office answers from its live system: a record is as current as its answer
};

struct DeliveryConfig {
    std::shared_ptr<Deliverer> deliverer;
    std::int64_t timeout_ms = 20'000;
};

// A value written in the file, or the path of one in the native message.
struct NativeValue {
    std::string literal;
    std::string path;
    [[nodiscard]] std::string from(const NativeFields& fields) const {
        return path.empty() ? literal : fields.value(path);
    }
};

struct ConsentPaths {
    NativeValue id, given_at, valid_until, channel, evidence_sha256;
};

// One kind of request that the office may send, recognised by where it is posted and by its root
// element.
struct RequestForm {
    std::string at = "/requests";  // path of the local endpoint
    std::string schema;
    NativeFormat format = NativeFormat::xml;
    std::string root;  // XML: local name; empty: any
    std::string resource;
    NativeValue kind;  // after `kinds` has translated it: fetch | verify | submit | publish
    std::map<std::string, std::string> kinds;
    NativeValue purpose, request_id, officer, case_ref;
    std::optional<ConsentPaths> consent;
    [[nodiscard]] std::vector<std::string> paths() const;
};

struct RequestsConfig {
    int port = 0;           // of the local HTTP endpoint on 127.0.0.1; 0: any free one
    std::string port_file;  // where the port is written, for whoever needs to find it; may be empty
    std::string drop_in;    // folder that the office drops requests into; empty: none
    std::string drop_out;   // folder for our replies, `<name>.json`
    std::size_t max_body = 1U << 20;
    std::int64_t wait_ms = 5000;  // how long POST waits for the hub before it answers "queued"
    std::vector<RequestForm> forms;
};

struct ConnectorConfig {
    std::string member;
    std::string data;  // this connector's own folder
    HubPlace hub;
    std::string signing_key;  // PEM, owner only
    std::string witness_key;  // Ed25519 PEM, owner only; empty: made at the first start in `data`
    int lanes = 2;            // questions asked of the office at once
    int lease_jobs = 16;      // jobs taken in one lease
    std::int64_t lease_wait_ms = 20'000;
    std::map<std::string, OperationConfig> operations;
    std::optional<DeliveryConfig> delivery;
    std::optional<RequestsConfig> requests;
    std::string engine;  // root that holds schemas/ and mapping/, for placement provider; empty:
                         // not offered
};

ConnectorConfig load_connector_config(const std::string& path,
                                      const Variables& variables,
                                      const Protocols& protocols);

}  // namespace tongban::connectors
