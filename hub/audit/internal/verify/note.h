// A verifier's own reading of signed notes: as much as it takes to check a checkpoint and a
// cosignature.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace tongban::audit::verify {

struct Key {  // of a vkey
    std::string name;
    std::string id;  // 4 bytes
    char type = 0;
    std::optional<PublicKey> key;
};
std::optional<Key> read_vkey(std::string_view vkey);

struct Head {
    std::string origin;
    std::uint64_t size = 0;
    std::string root;  // 32 bytes
    std::string text;  // what is signed
};
// The text of a note with exactly one good signature of that key; why not, otherwise.
struct Read {
    std::optional<Head> head;
    std::string why;
};
Read read_checkpoint(std::string_view note, const Key& log);
// A witness's line over that text.
bool good_cosignature(std::string_view line, std::string_view text, const Key& witness);

}  // namespace tongban::audit::verify
