// ProviderMiddle: placement provider: the middle of an exchange (decode .. minimise) run beside the
// office, so that the hub sees only the granted fields of a record and commitments to all of them.
//
// The versions that the hub names must be the ones we have: the same bytes and versions give the
// same record (I7). Of the rules of the whole record those run here that the part and what the hub
// tells of the request suffice for; the completion names them, and the hub judges the rest. What
// they stop is told with the granted fields all the same: the hub stops the whole.
//
// canonical         the part's granted fields, canonical JSON
// commitments_root  root over a salted commitment of each field of the whole record
//                   (docs/log-format.md); the salts come from a key of ours by field, so that we
//                   can open any of them later and nobody else can
//
// Threads: immutable; safe from any thread.
// Faults:  none; what cannot be done is an answer `unavailable` with a code, or findings.
#pragma once

#include <memory>
#include <string>

#include <tongban_wire/tongban_types.h>

#include "base/time.h"
#include "mapping/engine.h"

namespace tongban::connectors {

namespace wire = ::tongban::wire;

class ProviderMiddle {
public:
    ProviderMiddle(std::shared_ptr<const mapping::Engine> engine, std::string salt_key);

    // Fills canonical, commitments_root, findings and judged of an answered completion from its
    // native record, which obeys `native_schema`, and takes the record out. Changes the
    // completion's kind when the record cannot be used.
    void run(const wire::Job& job,
             const std::string& native_schema,
             const std::string& member,
             Instant now,
             wire::Completion& completion) const;

private:
    [[nodiscard]] std::string stale_version(const wire::ProviderWork& work) const;

    const std::shared_ptr<const mapping::Engine> engine_;
    const std::map<std::string, std::string> versions_;
    const std::string salt_key_;
};

}  // namespace tongban::connectors
