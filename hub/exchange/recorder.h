// Recorder: writes an exchange down: what was asked and answered, sealed by subject; the leaf; the
// work that is left. It is the only caller of the audit trail for exchanges, and every method is
// one durable transaction.
//
// Threads: safe from any thread; the caller holds the exchange's transition.
// Faults:  of the store and the trail; conflict "consent": the consent is another person's by now,
//          "consent.withdrawn": it was withdrawn before this could be durable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/exchange/journals.h"
#include "hub/exchange/live.h"
#include "hub/exchange/middle.h"
#include "hub/exchange/stored_forms.h"
#include "hub/store/store.h"

namespace tongban::exchange {

struct Denied {  // what is known of a request that goes no further
    std::string exchange_id;
    const Request* request = nullptr;
    std::string member;
    Refusal refusal;
};

class Recorder {
public:
    Recorder(store::Store& store,
             audit::Trail& trail,
             audit::Sealing& sealing,
             Journals& journals,
             std::string hub)
        : store_(store),
          trail_(trail),
          sealing_(sealing),
          journals_(journals),
          hub_(std::move(hub)) {}

    // The question, what has been answered, and a job for each part that is still asked: after this
    // `pending` is the truth.
    struct OpenedJobs {
        std::vector<std::pair<std::string, std::int64_t>> seqs;  // job id, its seq in the outbox
    };
    Result<OpenedJobs> keep_open(Live& live, Instant now);
    // One more part is in, of an exchange that is durable.
    Result<Done> keep_answer(Live& live, const PartInHand& part, Instant now);
    // The intent leaf, the end state, all sealed records and the delivery job in one transaction
    // (invariant I1).
    struct Ended {
        audit::Intent intent;
        State state;
        std::string document_sha256;
    };
    Result<Ended> commit(Live& live,
                         const MiddleResult& result,
                         std::vector<store::Mutation> more,
                         Instant now);
    // A denial of an admitted request keeps the request id; one at the door keeps nothing but its
    // leaf.
    Result<Done> deny(Live& live, const Refusal& refusal, Instant now);
    Result<Done> deny_at_door(const Denied& denied);

    // The consent that an exchange brings, as it is put on file; nothing when it brings none.
    static std::optional<store::ConsentRow> consent_row(const Live& live);

    static std::string delivery_job(const std::string& exchange_id) {
        return exchange_id + "/deliver";
    }

private:
    [[nodiscard]] audit::Facts facts_of(const Live& live, const std::string& decision) const;
    Result<Done> add_request(Live& live, store::Batch& batch);
    Result<Done> add_answer(Live& live,
                            const PartInHand& part,
                            const std::vector<std::string>& subjects,
                            store::Batch& batch,
                            Instant now);
    Result<Done> add_document(Live& live, const MiddleResult& result, store::Batch& batch);
    // `must_stand`: what the batch does rests on it.
    static void add_consent(const Live& live, bool must_stand, store::Batch& batch);
    struct Standing {  // of an exchange at a moment
        State state = State::pending;
        bool open = true;
        Instant now{};
    };
    static void add_exchange(const Live& live,
                             const Detail& detail,
                             const Standing& standing,
                             store::Batch& batch);
    Result<Done> add_answers(Live& live,
                             const MiddleResult& result,
                             store::Batch& batch,
                             Instant now);
    audit::Facts facts_of_end(const Live& live, const MiddleResult& result) const;
    std::vector<std::string> add_journals(const Live& live, store::Batch& batch);
    void journals_saved(const store::Batch& batch);
    [[nodiscard]] Detail detail_of(const Live& live) const;

    store::Store& store_;
    audit::Trail& trail_;
    audit::Sealing& sealing_;
    Journals& journals_;
    const std::string hub_;
};

}  // namespace tongban::exchange
