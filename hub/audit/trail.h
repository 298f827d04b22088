// Trail: the only way into the audit log, and the only maker of an Intent: no durable leaf, no
// delivery.
//
// A leaf commits in one transaction with the business change that it tells of; leaves are unique by
// (exchange, kind), those of a case by (case, rev). A leaf is RFC 8785 JSON of integers and strings
// (docs/log-format.md) and holds no personal data: metadata, counts, hashes of what was signed, and
// the root of salted commitments. If the log cannot be written, the caller refuses.
//
// Threads: safe from any thread; every call blocks until the commit is durable.
// Faults:  conflict "audit" (that exchange has a leaf of this kind), conflict of the business
// batch, unavailable (log
//          frozen, store), refused (a leaf over 65,535 bytes), not_found, expired (receipt not
//          ready in time).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/audit/case_leaf.h"
#include "hub/audit/receipt.h"
#include "hub/store/store.h"

namespace tongban::audit {

class Log;
namespace internal {
struct LeafBody;
}

enum class LeafKind : std::int32_t {
    denied = 1,
    intent = 2,
    outcome = 3,
    case_step = 4,
    erasure = 5,
    key = 6,
    config = 7,
    freeze = 8,
    consent = 9
};
std::string_view name_of(LeafKind kind);
Result<LeafKind> leaf_kind_named(std::string_view name);

struct JournalFact {  // head of a connector's journal as its message carried it; number 0: none
    std::int64_t number = 0;
    Digest hash{};
};

struct PartFact {
    std::string part{};      // "certificate"
    std::string provider{};  // member
    std::string
        status;  // answered | no_record | not_covered | refused | unavailable | ambiguous | expired
    std::string schema{};         // native schema id
    std::string mapping{};        // plan that converted it in, "" when none ran
    std::string native_sha256{};  // hex; "" without an answer
    // Placement provider, hex: what was told in the place of the native bytes, as it is signed.
    std::string canonical_sha256{};
    std::string commitments_root{};
    std::string judgement_sha256{};
    std::string envelope_suite{};
    std::string envelope_key_id{};
    std::int64_t envelope_ms = 0;
    std::int64_t source_ms = 0;  // when the office's data was current; 0 unknown
    JournalFact journal{};
};

struct FindingFact {
    std::string code{};
    std::string severity{};
    std::int64_t count = 0;
};

struct CallFact {  // of an exchange that a case asked for in its member's name
    std::string case_id{};
    std::string item{};     // service item
    std::string opening{};  // the exchange whose signature the leaf's `request` names
    std::string op_key{};
    std::int64_t attempt = 0;
};

struct Facts {  // of a denied or an intent leaf
    std::string exchange_id{};
    std::string kind{};  // fetch | verify | submit | publish
    std::string requester{};
    std::string resource{};
    std::string purpose{};
    std::string ground{};     // legal ground as the agreement states it
    std::string agreement{};  // id@version, "" when none covers
    std::string consent{};    // consent id or ""
    std::string
        decision;  // intent: delivered | verified | refused | failed; denied: the refusal code
    std::string traceparent{};    // only its trace id is kept
    std::string request_suite{};  // of the request's signature
    std::string request_key_id{};
    std::string request_sha256{};  // hex, of the signed body
    std::int64_t request_signed_ms = 0;
    JournalFact journal{};          // the requester's connector
    std::string engine{};           // engine semantics version
    std::string mapping_out{};      // plan that made the delivered document, or ""
    std::string document_sha256{};  // hex, of the delivered document's bytes, or ""
    std::map<std::string, std::string>
        versions;  // artefact id -> sha256; the leaf keeps the hash of the map
    std::vector<PartFact> parts{};
    std::vector<std::string> delivered{};  // canonical field paths, never values
    std::vector<FindingFact> findings{};
    std::string officer_commitment{};  // hex; from SealedRecord::commitment_of("officer")
    std::vector<std::string>
        records;  // names of the sealed records that the commitment root covers
    std::vector<Digest> commitments{};  // of all of them, any order
    CallFact call{};                    // op_key "": the requester asked itself
};

struct OutcomeFacts {
    std::string exchange_id{};
    std::string outcome{};                 // acknowledged | rejected | expired | collected ...
    std::string reason{};                  // a code, or ""
    std::string document_sha256{};         // as the requester acknowledged it
    std::string acknowledgement_sha256{};  // of its office's own acknowledgement, or ""
    std::string signature_suite{};
    std::string signature_key_id{};
    JournalFact journal{};  // of the requester's connector
};

struct ErasureFacts {
    std::string ordered_by{};  // member
    std::string basis{};       // code of the legal basis
    std::string key_id{};      // the destroyed subject key
    std::vector<std::uint64_t>
        leaves;  // log indices whose commitments can no longer be opened by it
};

struct ConsentFacts {          // a person has withdrawn a consent; who that is stands in no leaf
    std::string member{};      // who recorded it
    std::string consent_id{};  // the member's id of it
    std::string resource{};
    std::string purpose{};
    std::string receiver{};
    std::int64_t given_ms = 0;
};

// Where a leaf stands. Its log index follows at once, through the sequencer.
struct LeafPlace {
    std::int32_t shard = 0;
    std::int64_t seq = 0;
    std::string leaf;
};

class Intent {  // a durable intent leaf; only Trail makes one
public:
    [[nodiscard]] const std::string& exchange_id() const { return exchange_id_; }
    [[nodiscard]] const LeafPlace& place() const { return place_; }

private:
    friend class Trail;
    Intent(std::string exchange_id, LeafPlace place)
        : exchange_id_(std::move(exchange_id)), place_(std::move(place)) {}
    std::string exchange_id_;
    LeafPlace place_;
};

class Trail {
public:
    Trail(store::Store& store, Log& log, const Clock& clock, std::string hub);

    // The leaf joins `business` (its shard is the exchange's) and both commit, or neither.
    Result<Intent> intend(const Facts& facts, store::Batch business);
    Result<LeafPlace> denied(const Facts& facts, store::Batch business);
    // Waits for the intent's log index first (it has a receipt by then), which the leaf names as
    // `previous`.
    Result<LeafPlace> outcome(const OutcomeFacts& facts, store::Batch business);
    Result<LeafPlace> erasure(const ErasureFacts& facts, store::Batch business);
    // A consent's withdrawal; `business` sets the mark, and fails the whole when it was set before.
    Result<LeafPlace> consent_withdrawn(const ConsentFacts& facts, store::Batch business);
    // The artefact versions and the configuration now in force; written when they differ from the
    // last such leaf.
    Result<Done> config(const std::map<std::string, std::string>& versions);
    // The same leaf whatever the last one said: the log grows, so every witness signs, with its
    // time.
    Result<Done> restate_config(const std::map<std::string, std::string>& versions);
    // A key that came into use or went out of it: role "log", "hub", "witness/<name>"; no private
    // bytes.
    Result<LeafPlace> key(const std::string& role,
                          const std::string& key_text,
                          const std::string& change);

    // One transition of a case, with its rows (their shard is the case's).
    Result<LeafPlace> case_step(const CaseFacts& facts, store::Batch business);
    // For who commits by itself: the leaf of a transition, refused as long as the log is frozen;
    // and after the commit, wake().
    Result<store::PutCaseLeaf> case_leaf(const CaseFacts& facts) const;
    void wake();
    Result<Receipt> case_receipt(std::int64_t case_id,
                                 std::int64_t rev,
                                 Deadline deadline,
                                 Proof proof = Proof::signed_by_hub);

    // The durable intent of an exchange, after a restart; nothing when it has none.
    Result<std::optional<Intent>> intent_of(std::string_view exchange_id);
    // The proof of a leaf; waits until it is in a signed checkpoint (Proof::witnessed: in a
    // cosigned one).
    Result<Receipt> receipt(std::string_view exchange_id,
                            LeafKind kind,
                            Deadline deadline,
                            Proof proof = Proof::signed_by_hub);

private:
    Result<LeafPlace> put(LeafKind kind,
                          const std::string& exchange_id,
                          const std::string& actor,
                          store::Batch business,
                          const internal::LeafBody& body);

    // Fixed after construction.
    store::Store& store_;
    Log& log_;
    const Clock& clock_;
    const std::string hub_;
};

}  // namespace tongban::audit
