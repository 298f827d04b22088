#include "connectors/runtime/witness.h"

#include <filesystem>
#include <utility>

#include "base/files.h"
#include "base/log.h"

namespace tongban::connectors {

Witness::Witness(
    ConnectorStore& store, NoteVerifier log, PrivateKey key, std::string name, std::string evidence)
    : store_(store),
      log_(std::move(log)),
      key_(std::move(key)),
      name_(std::move(name)),
      evidence_(std::move(evidence)) {}

Result<std::uint64_t> Witness::seen_size() {
    auto seen = store_.checkpoint();
    if (!seen) return std::move(seen).fault();
    return seen->has_value() ? (*seen)->size : std::uint64_t{0};
}

bool Witness::cosigned_all() {
    auto seen = store_.checkpoint();
    return seen && seen->has_value() && (*seen)->cosigned;
}

bool Witness::saw_fork() const {
    std::error_code error;
    return std::filesystem::exists(evidence_, error);
}

Fault Witness::fork(const std::string& seen_note,
                    const OfferedCheckpoint& offered,
                    std::string reason) const {
    std::string evidence = "Two checkpoints of one log that are not consistent: " + reason +
                           "\n\nseen before:\n" + seen_note + "\noffered now:\n" + offered.note +
                           "\nproof:\n";
    for (const Digest& step : offered.consistency)
        evidence += hex(step) + "\n";
    static_cast<void>(write_file_durably(evidence_, evidence));
    log::error("witness.fork", {{"log", log_.name()}, {"reason", reason}, {"evidence", evidence_}});
    return {FaultKind::refused, "fork", std::move(reason)};
}

Result<Cosignature> Witness::observe(const OfferedCheckpoint& offered, Instant now) {
    if (saw_fork()) return Fault{FaultKind::refused, "fork", "a fork was seen before"};
    auto opened = open_checkpoint(offered.note, log_);
    if (!opened) return std::move(opened).fault();
    auto stored = store_.checkpoint();
    if (!stored) return std::move(stored).fault();

    TreeHead seen{0, merkle_empty()};
    std::string seen_note;
    if (stored->has_value()) {
        seen = {(*stored)->size, (*stored)->root};
        seen_note = (*stored)->note;
    }
    const TreeHead head{opened->checkpoint.size, opened->checkpoint.root};
    if (head.size < seen.size) return fork(seen_note, offered, "the log has shrunk");
    // Whatever the hub says it starts from, the proof is checked from what we have seen ourselves.
    if (!verify_consistency(seen, head, offered.consistency)) {
        return fork(seen_note, offered, "the consistency proof does not verify");
    }
    if (auto kept = store_.keep_checkpoint({head.size, head.root, offered.note, false}); !kept) {
        return std::move(kept).fault();
    }
    return Cosignature{head.size, cosign_line(key_, name_, opened->note.text, now.ms / 1000)};
}

Result<Done> Witness::cosigned(const Cosignature& cosignature) {
    auto stored = store_.checkpoint();
    if (!stored) return std::move(stored).fault();
    if (!stored->has_value() || (*stored)->size != cosignature.size) return Done{};
    SeenCheckpoint seen = **stored;
    seen.cosigned = true;
    return store_.keep_checkpoint(seen);
}

}  // namespace tongban::connectors
