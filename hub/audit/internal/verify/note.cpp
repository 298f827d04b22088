#include "hub/audit/internal/verify/note.h"

#include "base/text.h"

namespace tongban::audit::verify {
namespace {

const std::string dash = "\xE2\x80\x94 ";

struct Line {
    std::string name;
    std::string id;
    std::string rest;
};

std::optional<Line> read_line(std::string_view line) {
    const auto words = split(line, ' ');
    if (words.size() != 3 || words[0] + " " != dash) return std::nullopt;
    const auto bytes = from_base64(words[2]);
    if (!bytes || bytes->size() < 5) return std::nullopt;
    return Line{words[1], bytes->substr(0, 4), bytes->substr(4)};
}

}  // namespace

std::optional<Key> read_vkey(std::string_view vkey) {
    const std::string text = trim(vkey);
    const std::size_t one = text.find('+');
    const std::size_t two = one == std::string::npos ? one : text.find('+', one + 1);
    if (two == std::string::npos) return std::nullopt;
    const auto id = from_hex(text.substr(one + 1, two - one - 1));
    const auto typed = from_base64(text.substr(two + 1));
    if (!id || !typed || typed->size() != 33) return std::nullopt;
    const std::string name = text.substr(0, one);
    if (bytes_of(sha256(name + "\n" + *typed)).substr(0, 4) != *id) return std::nullopt;
    const std::string spki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
    auto key = PublicKey::from_der(spki + typed->substr(1));
    if (!key) return std::nullopt;
    return Key{name, *id, typed->front(), *std::move(key)};
}

Read read_checkpoint(std::string_view note, const Key& log) {
    const std::size_t empty = note.rfind("\n\n");
    if (empty == std::string_view::npos || !note.ends_with('\n'))
        return {std::nullopt, "it is not a signed note"};
    Head head;
    head.text = note.substr(0, empty + 1);
    const auto lines = split(head.text.substr(0, head.text.size() - 1), '\n');
    if (lines.size() != 3) return {std::nullopt, "its text is not origin, size and root"};
    head.origin = lines[0];
    for (const char c : lines[1]) {
        if (c < '0' || c > '9' || lines[1].size() > 18)
            return {std::nullopt, "its size is not a number"};
        head.size = head.size * 10 + static_cast<std::uint64_t>(c - '0');
    }
    const auto root = from_base64(lines[2]);
    if (!root || root->size() != 32) return {std::nullopt, "its root is not a hash"};
    head.root = *root;
    bool good = false;
    for (const std::string& text : split(note.substr(empty + 2, note.size() - empty - 3), '\n')) {
        const auto line = read_line(text);
        if (!line) return {std::nullopt, "a signature line cannot be read"};
        if (line->name != log.name || line->id != log.id) continue;
        if (!log.key->verify(head.text, line->rest))
            return {std::nullopt, "its signature does not verify"};
        good = true;
    }
    if (!good) return {std::nullopt, "it is not signed by the log"};
    return {head, {}};
}

bool good_cosignature(std::string_view text_line, std::string_view text, const Key& witness) {
    const auto line = read_line(trim(text_line));
    if (!line || line->name != witness.name || line->id != witness.id || line->rest.size() != 72)
        return false;
    std::uint64_t time = 0;
    for (const char c : line->rest.substr(0, 8))
        time = time * 256 + static_cast<unsigned char>(c);
    return witness.key->verify(
        "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text),
        line->rest.substr(8));
}

}  // namespace tongban::audit::verify
