#include "base/note.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace tongban {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t most_signatures = 100;
constexpr std::string_view ed25519_spki =
    std::string_view("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

Fault malformed(std::string_view reason) {
    return Fault{FaultKind::malformed, "note", std::string(reason)};
}

std::string key_id_of(std::string_view name, std::string_view typed_key) {
    const Digest digest = sha256(std::string(name) + "\n" + std::string(typed_key));
    return std::string(bytes_of(digest).substr(0, 4));
}

std::string vkey_of(std::string_view name, std::string_view typed_key) {
    return std::string(name) + "+" + hex(key_id_of(name, typed_key)) + "+" + base64(typed_key);
}

std::string line_of(std::string_view name, std::string_view key_id, std::string_view payload) {
    return std::string(dash) + std::string(name) + " " +
           base64(std::string(key_id) + std::string(payload)) + "\n";
}

std::string cosigned_message(std::int64_t unix_seconds, std::string_view text) {
    return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + std::string(text);
}

std::string big_endian(std::uint64_t value) {
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>((value >> (56 - 8 * i)) & 0xFF);
    return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

std::string own_key_id(const PrivateKey& key, std::string_view name, NoteKeyType type) {
    return key_id_of(name, static_cast<char>(type) + std::string(key.public_key().raw_ed25519()));
}

std::optional<std::uint64_t> plain_decimal(std::string_view text) {
    std::uint64_t value = 0;
    if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

bool valid_key_name(std::string_view name) {
    if (name.empty() || invalid_utf8(name) != std::string_view::npos) return false;
    for (const char32_t point : code_points(name)) {
        if (point <= 0x20 || point == '+' || point == 0x7F || point == 0x85 || point == 0xA0)
            return false;
        if (point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 ||
            point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000)
            return false;
    }
    return true;
}

Result<NoteVerifier> NoteVerifier::of(std::string_view name,
                                      NoteKeyType type,
                                      std::string_view raw_ed25519) {
    if (!valid_key_name(name)) return malformed("a key name is empty or has a space or a plus");
    if (raw_ed25519.size() != 32) return malformed("an Ed25519 key has 32 bytes");
    auto key = PublicKey::from_der(std::string(ed25519_spki) + std::string(raw_ed25519));
    if (!key) return key.fault();
    NoteVerifier verifier;
    verifier.name_ = name;
    verifier.type_ = type;
    verifier.raw_ = raw_ed25519;
    verifier.key_id_ = key_id_of(name, static_cast<char>(type) + std::string(raw_ed25519));
    verifier.key_ = *std::move(key);
    return verifier;
}

Result<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
    const std::size_t first = vkey.find('+');
    const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
    if (second == std::string_view::npos) return malformed("a vkey is name+key id+key");
    const auto key_id = from_hex(vkey.substr(first + 1, second - first - 1));
    const auto typed = from_base64(vkey.substr(second + 1));
    if (!key_id || key_id->size() != 4 || !typed || typed->size() < 2)
        return malformed("a vkey is name+key id+key");
    const auto type = static_cast<std::uint8_t>(typed->front());
    if (type != 0x01 && type != 0x04) return malformed("this type of key is not known here");
    auto verifier = of(
        vkey.substr(0, first), static_cast<NoteKeyType>(type), std::string_view(*typed).substr(1));
    if (verifier && verifier->key_id_ != *key_id)
        return malformed("the vkey's key id is not its key's");
    return verifier;
}

Result<NoteVerifier> NoteVerifier::of_log(std::string_view vkey) {
    auto verifier = parse(trim(vkey));
    if (verifier && verifier->type_ != NoteKeyType::ed25519)
        return malformed("a log's vkey is of type 0x01");
    return verifier;
}

std::string NoteVerifier::vkey() const {
    return vkey_of(name_, static_cast<char>(type_) + raw_);
}

bool NoteVerifier::verify(std::string_view text, std::string_view payload) const {
    if (!key_) return false;
    if (type_ == NoteKeyType::ed25519) return key_->verify(text, payload);
    if (payload.size() != 72) return false;
    const auto time = from_big_endian(payload.substr(0, 8));
    if (time > static_cast<std::uint64_t>(INT64_MAX)) return false;
    return key_->verify(cosigned_message(static_cast<std::int64_t>(time), text), payload.substr(8));
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    const std::string whole = std::string(line) + "\n";
    if (!line.starts_with(dash))
        return malformed("a signature line begins with a dash and a space");
    line.remove_prefix(dash.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !valid_key_name(line.substr(0, space)))
        return malformed("a signature line is a name and a signature");
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5)
        return malformed("a signature is base64 of a key id and bytes");
    return NoteSignature{
        std::string(line.substr(0, space)), bytes->substr(0, 4), bytes->substr(4), whole};
}

Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > (1U << 20)) return malformed("a note has at most 1 MiB");
    if (invalid_utf8(bytes) != std::string_view::npos) return malformed("a note is UTF-8");
    const bool controlled = std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n';
    });
    if (controlled) return malformed("a note has no control characters");
    const std::size_t split_at = bytes.rfind("\n\n");
    if (split_at == std::string_view::npos || !bytes.ends_with('\n'))
        return malformed("a note is text, an empty line and signature lines");
    Note note;
    note.text = bytes.substr(0, split_at + 1);
    std::string_view rest = bytes.substr(split_at + 2);
    if (rest.empty()) return malformed("a note has at least one signature line");
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        auto signature = parse_signature_line(rest.substr(0, end + 1));
        if (!signature) return signature.fault();
        note.signatures.push_back(*std::move(signature));
        if (note.signatures.size() > most_signatures)
            return malformed("a note has too many signatures");
        rest.remove_prefix(end + 1);
    }
    return note;
}

std::string sign_line(const PrivateKey& key, std::string_view name, std::string_view text) {
    return line_of(name, own_key_id(key, name, NoteKeyType::ed25519), key.sign(text));
}

std::string cosign_line(const PrivateKey& key,
                        std::string_view name,
                        std::string_view text,
                        std::int64_t unix_seconds) {
    return line_of(name,
                   own_key_id(key, name, NoteKeyType::ed25519_cosignature),
                   big_endian(static_cast<std::uint64_t>(unix_seconds)) +
                       key.sign(cosigned_message(unix_seconds, text)));
}

std::string cosigner_vkey(std::string_view name, const PublicKey& key) {
    return vkey_of(name, static_cast<char>(NoteKeyType::ed25519_cosignature) + key.raw_ed25519());
}

std::int64_t cosignature_time(const NoteSignature& signature) {
    if (signature.payload.size() != 72) return 0;
    return static_cast<std::int64_t>(
        from_big_endian(std::string_view(signature.payload).substr(0, 8)));
}

Result<bool> signed_by(const Note& note, const NoteVerifier& verifier) {
    bool found = false;
    for (const NoteSignature& signature : note.signatures) {
        if (signature.name != verifier.name() || signature.key_id != verifier.key_id()) continue;
        if (!verifier.verify(note.text, signature.payload))
            return Fault{FaultKind::refused,
                         "note",
                         "a signature of " + verifier.name() + " does not verify"};
        found = true;
    }
    return found;
}

std::string write_checkpoint(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
           base64(bytes_of(checkpoint.root)) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    if (!text.ends_with('\n')) return malformed("a checkpoint ends with a line feed");
    const auto lines = split(text.substr(0, text.size() - 1), '\n');
    if (lines.size() < 3 || lines[0].empty())
        return malformed("a checkpoint is origin, size and root");
    for (std::size_t i = 3; i < lines.size(); ++i)
        if (lines[i].empty()) return malformed("an extension line is not empty");
    const auto size = plain_decimal(lines[1]);
    const auto root = from_base64(lines[2]);
    if (!size || !root || root->size() != 32)
        return malformed("a checkpoint is origin, size and root");
    return Checkpoint{lines[0], *size, *digest_from(*root)};
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const NoteVerifier& log) {
    const auto refused = [](std::string_view reason) {
        return Fault{FaultKind::refused, "checkpoint", std::string(reason)};
    };
    auto note = parse_note(bytes);
    if (!note) return note.fault();
    const auto by_log = signed_by(*note, log);
    if (!by_log) return refused("the log's signature does not verify");
    if (!*by_log) return refused("not signed by the log");
    auto checkpoint = parse_checkpoint(note->text);
    if (!checkpoint) return checkpoint.fault();
    if (checkpoint->origin != log.name()) return refused("of another log");
    return OpenedCheckpoint{*std::move(note), *std::move(checkpoint)};
}

}  // namespace tongban
