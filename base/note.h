// Note: C2SP signed notes, checkpoints and cosignatures, read and written (signed-note,
// tlog-checkpoint, tlog-cosignature).
//
// Note = text, one empty line, signature lines "— <name> <base64(key id ‖ signature)>". Ed25519 of
// a log is type 0x01 and signs the text; of a witness type 0x04 and signs "cosignature/v1", "time
// <unix>" and the text. Unknown (name, key id) lines are ignored; a known one that does not verify
// refuses the whole note.
//
// Hub and connectors read by this one; `audit verify` and tests/tools have readers of their own.
//
// Threads: values and pure functions.
// Faults:  malformed, refused (a known key's line does not verify, or the log's is missing).
// Source:  c2sp.org signed-note v1.0.0, tlog-checkpoint v1.0.0, tlog-cosignature v1.0.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"

namespace tongban {

enum class NoteKeyType : std::uint8_t { ed25519 = 0x01, ed25519_cosignature = 0x04 };

class NoteVerifier {  // a vkey: name+hex8(key id)+base64(type ‖ public key)
public:
    NoteVerifier() = default;
    static Result<NoteVerifier> parse(std::string_view vkey);
    // Of a file or a config: of type 0x01, blanks around it do no harm.
    static Result<NoteVerifier> of_log(std::string_view vkey);
    static Result<NoteVerifier> of(std::string_view name,
                                   NoteKeyType type,
                                   std::string_view raw_ed25519);
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] NoteKeyType type() const { return type_; }
    [[nodiscard]] const std::string& key_id() const { return key_id_; }  // 4 bytes
    [[nodiscard]] std::string vkey() const;
    // `payload` is what follows the key id in a signature line; a cosignature's begins with 8 bytes
    // of time.
    [[nodiscard]] bool verify(std::string_view text, std::string_view payload) const;

private:
    std::string name_, key_id_, raw_;
    NoteKeyType type_ = NoteKeyType::ed25519;
    std::optional<PublicKey> key_;
};

struct NoteSignature {
    std::string name;
    std::string key_id;  // 4 bytes
    std::string payload;
    std::string line;  // with its LF
};

struct Note {
    std::string text;  // with its final LF
    std::vector<NoteSignature> signatures;
};

Result<Note> parse_note(std::string_view bytes);
Result<NoteSignature> parse_signature_line(std::string_view line);  // with or without LF
std::string sign_line(const PrivateKey& key, std::string_view name, std::string_view text);
std::string cosign_line(const PrivateKey& key,
                        std::string_view name,
                        std::string_view text,
                        std::int64_t unix_seconds);
std::string cosigner_vkey(std::string_view name, const PublicKey& key);
std::int64_t cosignature_time(
    const NoteSignature& signature);  // of a type 0x04 payload; 0 when it is none
// True: a line of this verifier is there and good; false: none is there. refused: there and bad.
Result<bool> signed_by(const Note& note, const NoteVerifier& verifier);

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Digest root{};
};
std::string write_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(std::string_view text);

struct OpenedCheckpoint {
    Note note;
    Checkpoint checkpoint;
};
// Good only when the log's own line is there and verifies, and the origin is the log's name.
Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const NoteVerifier& log);
bool valid_key_name(std::string_view name);

}  // namespace tongban
