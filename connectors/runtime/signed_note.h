// SignedNote: as much of C2SP signed-note, tlog-checkpoint and tlog-cosignature as a witness needs.
//
// Written apart from the hub's own reader on purpose: a witness shares no judgement with the log
// that it watches. Ed25519 of a log is type 0x01 and signs the text; a witness's is 0x04 and signs
// "cosignature/v1", "time <unix>" and the text.
//
// Threads: values and pure functions.
// Faults:  malformed, refused (no good signature of the log).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/merkle.h"
#include "base/result.h"

namespace tongban::connectors {

class LogVerifier {  // a vkey: name+hex8(key id)+base64(0x01 || key)
public:
    static Result<LogVerifier> from_vkey(std::string_view vkey);
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] bool verify(std::string_view text, std::string_view signature) const {
        return key_.verify(text, signature);
    }
    [[nodiscard]] const std::string& key_id() const { return key_id_; }

private:
    LogVerifier(std::string name, std::string key_id, PublicKey key)
        : name_(std::move(name)), key_id_(std::move(key_id)), key_(std::move(key)) {}
    std::string name_;
    std::string key_id_;
    PublicKey key_;
};

struct SignedCheckpoint {
    std::string text;  // with its final LF
    std::string origin;
    TreeHead head;
};

// Good only when the log's own signature is there and verifies, and the origin is the log's name.
Result<SignedCheckpoint> open_checkpoint(std::string_view note, const LogVerifier& log);

std::string cosigner_vkey(std::string_view name, const PublicKey& key);
// "— <name> <base64>" with its LF.
std::string cosignature_line(const PrivateKey& key,
                             std::string_view name,
                             std::string_view checkpoint_text,
                             std::int64_t unix_seconds);

}  // namespace tongban::connectors
