#include "hub/audit/receipt.h"

#include <charconv>
#include <set>

#include "base/merkle.h"
#include "base/text.h"
#include "hub/audit/witness.h"

namespace tongban::audit {
namespace {

constexpr std::string_view header = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t longest_proof = 63;

Fault malformed(std::string_view reason) {
    return Fault{FaultKind::malformed, "receipt", std::string(reason)};
}
Fault refused(std::string_view reason) {
    return Fault{FaultKind::refused, "receipt", std::string(reason)};
}

struct Parsed {
    std::uint64_t index = 0;
    std::vector<Digest> proof;
    std::string checkpoint;
};

std::optional<std::string_view> next_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

Result<Parsed> parse(std::string_view text) {
    if (!text.starts_with(header)) return malformed("not a tlog-proof of version 1");
    text.remove_prefix(header.size());
    auto line = next_line(text);
    if (line && line->starts_with("extra ")) line = next_line(text);
    if (!line || !line->starts_with("index ")) return malformed("the index line is missing");
    line->remove_prefix(6);
    Parsed parsed;
    const auto [end, error] =
        std::from_chars(line->data(), line->data() + line->size(), parsed.index);
    if (error != std::errc() || end != line->data() + line->size() ||
        (line->size() > 1 && line->front() == '0'))
        return malformed("the index is not a plain number");
    for (line = next_line(text); line && !line->empty(); line = next_line(text)) {
        const auto hash = from_base64(*line);
        if (!hash || hash->size() != 32) return malformed("a proof's line is a hash in base64");
        parsed.proof.push_back(*digest_from(*hash));
        if (parsed.proof.size() > longest_proof) return malformed("the proof is too long");
    }
    if (!line) return malformed("the empty line before the checkpoint is missing");
    parsed.checkpoint = text;
    return parsed;
}

}  // namespace

std::string write_receipt(std::uint64_t index,
                          const std::vector<Digest>& proof,
                          std::string_view cosigned_checkpoint) {
    std::string text(header);
    text += "index " + std::to_string(index) + "\n";
    for (const Digest& hash : proof)
        text += base64(bytes_of(hash)) + "\n";
    return text + "\n" + std::string(cosigned_checkpoint);
}

Result<ReceiptFacts> receipt_verify(std::string_view receipt,
                                    std::string_view leaf,
                                    const WitnessPolicy& policy) {
    const auto parsed = parse(receipt);
    if (!parsed) return parsed.fault();
    const auto opened = open_checkpoint(parsed->checkpoint, policy.log);
    if (!opened) return opened.fault();
    const Checkpoint& checkpoint = opened->checkpoint;
    ReceiptFacts facts{
        checkpoint.origin, parsed->index, checkpoint.size, checkpoint.root, {}, false};
    if (parsed->index >= checkpoint.size ||
        !verify_inclusion(
            parsed->index, checkpoint.size, merkle_leaf(leaf), parsed->proof, checkpoint.root))
        return refused("the leaf is not in the log at that place");
    std::set<std::string> witnesses;
    for (const auto& [name, witness] : policy.witnesses) {
        const auto cosigned = signed_by(opened->note, witness);
        if (!cosigned) return cosigned.fault();
        if (*cosigned) witnesses.insert(name);
    }
    facts.witnesses.assign(witnesses.begin(), witnesses.end());
    facts.witnessed = policy.satisfied_by(witnesses);
    return facts;
}

}  // namespace tongban::audit
