// ConnectorKeys: the keys that a connector makes for itself in its data folder, readable by its
// owner only: seal.key (32 bytes, AES-256-GCM, for bodies at rest) and witness.key (Ed25519),
// beside witness.vkey for everybody.
//
// Threads: value.
// Faults:  unavailable, refused (a key that others can read).
#pragma once

#include <string>

#include "base/crypto.h"
#include "base/result.h"

namespace tongban::connectors {

struct ConnectorKeys {
    std::string seal_key;
    PrivateKey witness_key;
    std::string witness_name;  // "<member>/witness"
};

// `witness_key`: a key issued beforehand, so that the hub can know its verifier key from the start;
// empty: our own.
Result<ConnectorKeys> open_connector_keys(const std::string& folder,
                                          const std::string& member,
                                          const std::string& witness_key);

}  // namespace tongban::connectors
