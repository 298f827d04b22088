// Receipt: the proof that a leaf is in a signed, witnessed log: c2sp.org/tlog-proof@v1 text,
// checked offline.
//
// A receipt and its leaf prove inclusion years later, without the hub. Text in a receipt's `extra`
// line is never trusted, so the hub writes none.
//
// Threads: values and pure functions.
// Faults:  malformed (not a receipt, checkpoint or policy), refused (it does not prove what it
// claims).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"

namespace tongban::audit {

struct WitnessPolicy;

enum class Proof { signed_by_hub, witnessed };

struct Receipt {
    std::string text;  // tlog-proof, file suffix .tlog-proof
    std::string leaf;  // the entry that it proves
    std::uint64_t index = 0;
    std::uint64_t size = 0;  // of the checkpoint in it
};

struct ReceiptFacts {
    std::string origin;
    std::uint64_t index = 0;
    std::uint64_t size = 0;
    Digest root{};
    std::vector<std::string> witnesses;  // names of those of the policy that cosigned
    bool witnessed = false;              // the policy's quorum is met
};

std::string write_receipt(std::uint64_t index,
                          const std::vector<Digest>& proof,
                          std::string_view cosigned_checkpoint);
// Offline: the log's signature, the leaf's inclusion, every known cosignature. A bad known
// signature refuses it. A policy without witnesses (WitnessPolicy::of_log) checks the log alone;
// `witnessed` says whether the quorum is met.
Result<ReceiptFacts> receipt_verify(std::string_view receipt,
                                    std::string_view leaf,
                                    const WitnessPolicy& policy);

}  // namespace tongban::audit
