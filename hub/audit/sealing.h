// Sealing: what an exchange's record held stays encrypted, and each person in it can be erased
// alone.
//
// A record has a data key; each item belongs to a group with the subjects it is about, and a
// group's key needs the data key and every one of those subjects' keys, all wrapped by the hub's
// key. Destroying a subject's key makes exactly the groups about that subject unreadable; leaves
// and receipts still verify. Each item is committed to with a fresh salt, sealed beside it; the
// leaf holds the root over the commitments (docs/log-format.md). A document that
// speaks of several persons is one item with all of them as subjects: erasing any one erases it.
//
// Threads: safe from any thread.
// Faults:  not_found (no such record), refused (does not open: wrong key or altered), unavailable
// (store).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"
#include "hub/store/store.h"

namespace tongban::audit {

class Trail;

struct Item {
    std::string path;  // "request.body", "answer.certificate.native", "delivered.applicant.name"
    std::string value;
    std::vector<std::string>
        subjects;  // the persons it is about, by normalised identity number; none: nobody
};

struct SealedRecord {
    store::RecordRow row;  // batch.add(store::PutRecord{sealed.row}) in the business batch
    std::vector<std::pair<std::string, Digest>> commitments;               // by path
    [[nodiscard]] std::string commitment_of(std::string_view path) const;  // hex, or ""
    [[nodiscard]] std::vector<Digest> digests() const;
};

struct OpenedItem {
    std::string path;
    std::string value;
};

struct OpenedRecord {
    std::vector<OpenedItem> items;
    std::size_t erased_groups = 0;  // whose subject's key is destroyed
    [[nodiscard]] const std::string* find(std::string_view path) const;
};

struct ErasureReport {
    std::vector<std::string> exchanges;  // that held something about the subject
    std::vector<std::uint64_t> leaves;   // their log indices
};

class Sealing {
public:
    // A new random hub key, owner-only; refuses to overwrite.
    static Result<Done> make_key_file(const std::string& path);
    static Result<std::unique_ptr<Sealing>> open(store::Store& store,
                                                 const Clock& clock,
                                                 const std::string& key_path);
    ~Sealing();
    Sealing(const Sealing&) = delete;
    Sealing& operator=(const Sealing&) = delete;

    // Makes keys for subjects seen for the first time (durable), seals; the caller commits the row
    // with its batch.
    Result<SealedRecord> seal(const std::string& exchange_id,
                              const std::string& record,
                              const std::vector<Item>& items);
    // Makes the keys of those seen for the first time in one commit, before anything is sealed.
    Result<Done> meet(const std::vector<std::string>& subjects);
    Result<OpenedRecord> open_record(std::string_view exchange_id, std::string_view record);
    // Of a row that its owner keeps elsewhere than in the record table.
    Result<OpenedRecord> open_row(const store::RecordRow& row);
    // For bytes that are not a record, such as an outbox body: sealed by the hub's key alone, bound
    // to `context`.
    [[nodiscard]] std::string seal_bytes(std::string_view plain, std::string_view context) const;
    [[nodiscard]] Result<std::string> unseal_bytes(std::string_view sealed,
                                                   std::string_view context) const;
    // The same under one person's key too, made when it is missing (durable); nothing commits to
    // them. not_found: the person was erased.
    Result<std::string> seal_bytes_of(std::string_view subject,
                                      std::string_view plain,
                                      std::string_view context);
    Result<std::string> unseal_bytes_of(std::string_view sealed, std::string_view context);
    // Keyed hash by which a subject is looked up; never the number itself. Hex.
    [[nodiscard]] std::string subject_hash(std::string_view subject) const;

    // Destroys the subject's key and appends the erasure leaf, in one commit. not_found: nothing is
    // held.
    Result<ErasureReport> erase(std::string_view subject,
                                const std::string& ordered_by,
                                const std::string& basis,
                                Trail& trail);

private:
    struct State;
    explicit Sealing(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::audit
