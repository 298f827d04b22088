// Log: the sequencer thread and the tree it grows: audit rows into C2SP tlog-tiles, signed
// checkpoints, proofs.
//
// It integrates when idle or at 64 leaves, within 10 ms, checks the new tiles against the last
// checkpoint and only then signs. A high-water mark on a second file remembers the largest head
// ever signed: a database behind it was restored from an old copy, and the signer freezes rather
// than fork the log.
//
// Invariant 1: no checkpoint is released before its head and the mark are durable.
// Invariant 2: an entry's position never changes once a checkpoint has signed over it.
//
// Threads: safe from any thread; one sequencer thread of its own.
// Faults:  unavailable (frozen, stopped, store), refused (a cosignature that does not verify),
// not_found, expired.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/merkle.h"
#include "base/result.h"
#include "base/time.h"
#include "hub/audit/receipt.h"
#include "hub/audit/witness.h"
#include "hub/store/store.h"

namespace tongban::audit {

struct LogOptions {
    std::string origin{};                      // = the key name: "<hub id>/log"
    std::string high_water_path{};             // not beside the database, best on other media
    std::vector<std::string> witness_vkeys{};  // type 0x04
    std::size_t witnesses_needed = 0;          // k of them
    bool adopt_missing_mark = false;  // a log with entries and no mark: only an operator says yes
    std::size_t gather = 64;
    std::chrono::milliseconds gather_for{10};
};

struct ConsistencyReply {
    std::string note;  // the newest checkpoint with its cosignatures
    std::uint64_t old_size = 0;
    std::uint64_t size = 0;
    std::vector<Digest> proof;
};

class Log {
public:
    // A log that may not sign (database behind its mark) opens frozen: still read and served.
    static Result<std::unique_ptr<Log>> open(store::Store& store,
                                             PrivateKey key,
                                             const Clock& clock,
                                             LogOptions options);
    ~Log();  // integrates what is there, then ends the sequencer
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void wake();  // new audit rows are durable
    // Why nothing is signed any more, or nothing. New leaves are refused then.
    [[nodiscard]] std::optional<std::string> frozen() const;
    [[nodiscard]] const std::string& vkey() const;
    // Whose cosignatures count, as of now.
    [[nodiscard]] std::shared_ptr<const WitnessPolicy> policy() const;
    // A policy with other witnesses, of whom as many are needed as before: checked here, in force
    // once it is adopted. What was proven by the old one stays so by whoever is still in the new.
    [[nodiscard]] Result<WitnessPolicy> with_witnesses(const std::vector<std::string>& vkeys) const;
    void adopt(WitnessPolicy policy);

    [[nodiscard]] TreeHead head() const;  // of the newest released checkpoint
    Result<std::string> checkpoint();     // newest, with cosignatures
    Result<ConsistencyReply> consistency(std::uint64_t old_size);  // old_size 0: no proof
    Result<Done> add_cosignature(std::uint64_t size, std::string_view line);
    // Called with each witness whose cosignature was taken, and the time that it signed. Set before
    // the first comes.
    void on_cosigned(std::function<void(std::string_view witness, Instant time)> cosigned);

    Result<std::uint64_t> wait_for(const store::AuditRow& row,
                                   Deadline deadline);  // its index, once released
    Result<Receipt> receipt(const store::AuditRow& row, Deadline deadline, Proof proof);
    Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size);

private:
    struct State;
    explicit Log(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::audit
