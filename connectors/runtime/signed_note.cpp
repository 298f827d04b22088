#include "connectors/runtime/signed_note.h"

#include <charconv>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tongban::connectors {
namespace {

constexpr char log_type = 0x01;
constexpr char cosigner_type = 0x04;
constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a blank
constexpr std::size_t most_signatures = 100;

Fault malformed(std::string where, std::string reason) {
    return {FaultKind::malformed, std::move(where), std::move(reason)};
}

std::string key_id_of(std::string_view name, char type, std::string_view raw) {
    std::string text(name);
    text.push_back('\n');
    text.push_back(type);
    text.append(raw);
    return std::string(bytes_of(sha256(text)).substr(0, 4));
}

// SPKI of an Ed25519 key: a fixed head before its 32 bytes (RFC 8410).
std::string spki(std::string_view raw) {
    constexpr std::string_view head("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
    return std::string(head) + std::string(raw);
}

Result<TreeHead> read_head(const std::vector<std::string>& lines) {
    TreeHead head;
    const std::string& size = lines[1];
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), head.size);
    const bool leading_zero = size.size() > 1 && size.front() == '0';
    if (error != std::errc() || end != size.data() + size.size() || leading_zero) {
        return malformed("checkpoint line 2", "not a tree size");
    }
    auto raw = from_base64(lines[2]);
    if (!raw) return malformed("checkpoint line 3", "not base64");
    auto root = digest_from(*raw);
    if (!root) return malformed("checkpoint line 3", "not a root hash");
    head.root = *root;
    return head;
}

}  // namespace

Result<LogVerifier> LogVerifier::from_vkey(std::string_view vkey) {
    const std::string text = trim(vkey);
    const auto first = text.find('+');
    const auto second = first == std::string::npos ? first : text.find('+', first + 1);
    if (second == std::string::npos || first == 0) return malformed("vkey", "not name+id+key");
    const std::string name = text.substr(0, first);
    const auto id = from_hex(text.substr(first + 1, second - first - 1));
    const auto key = from_base64(text.substr(second + 1));
    if (!id || !key || key->size() != 33 || key->front() != log_type) {
        return malformed("vkey", "not an Ed25519 log key");
    }
    const std::string raw = key->substr(1);
    if (*id != key_id_of(name, log_type, raw)) return malformed("vkey", "the key id does not fit");
    auto public_key = PublicKey::from_der(spki(raw));
    if (!public_key) return std::move(public_key).fault();
    return LogVerifier(name, *id, *std::move(public_key));
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note, const LogVerifier& log) {
    const auto split_at = note.rfind("\n\n");
    if (split_at == std::string_view::npos || !note.ends_with('\n')) {
        return malformed("checkpoint", "not a signed note");
    }
    SignedCheckpoint checkpoint;
    checkpoint.text = std::string(note.substr(0, split_at + 1));
    const std::vector<std::string> lines = split(checkpoint.text, '\n');
    if (lines.size() < 4) return malformed("checkpoint", "too few lines");

    bool is_signed = false;
    std::vector<std::string> signatures = split(note.substr(split_at + 2), '\n');
    signatures.pop_back();  // what follows the last LF
    if (signatures.size() > most_signatures) return malformed("checkpoint", "too many signatures");
    for (const std::string& line : signatures) {
        const auto blank = line.find(' ', dash.size());
        if (!line.starts_with(dash) || blank == std::string::npos) {
            return malformed("checkpoint", "not a signature line");
        }
        const auto blob = from_base64(line.substr(blank + 1));
        if (!blob || blob->size() < 5) return malformed("checkpoint", "not a signature");
        const std::string name = line.substr(dash.size(), blank - dash.size());
        if (name != log.name() || blob->substr(0, 4) != log.key_id()) continue;
        // Known but bad refuses the whole note, whatever stands in its other lines.
        if (!log.verify(checkpoint.text, std::string_view(*blob).substr(4))) {
            return Fault{FaultKind::refused, "checkpoint", "the log's signature does not verify"};
        }
        is_signed = true;
    }
    if (!is_signed) return Fault{FaultKind::refused, "checkpoint", "not signed by the log"};
    if (lines[0] != log.name())
        return Fault{FaultKind::refused, "checkpoint", "another log's origin"};
    checkpoint.origin = lines[0];
    auto head = read_head(lines);
    if (!head) return std::move(head).fault();
    checkpoint.head = *head;
    return checkpoint;
}

std::string cosigner_vkey(std::string_view name, const PublicKey& key) {
    const std::string raw = key.raw_ed25519();
    return std::string(name) + "+" + hex(std::string_view(key_id_of(name, cosigner_type, raw))) +
           "+" + base64(std::string(1, cosigner_type) + raw);
}

std::string cosignature_line(const PrivateKey& key,
                             std::string_view name,
                             std::string_view checkpoint_text,
                             std::int64_t unix_seconds) {
    const std::string message = "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" +
                                std::string(checkpoint_text);
    std::string blob = key_id_of(name, cosigner_type, key.public_key().raw_ed25519());
    for (int shift = 56; shift >= 0; shift -= 8) {
        blob.push_back(
            static_cast<char>((static_cast<std::uint64_t>(unix_seconds) >> shift) & 0xFFU));
    }
    blob += key.sign(message);
    return std::string(dash) + std::string(name) + " " + base64(blob) + "\n";
}

}  // namespace tongban::connectors
