// Live: an exchange under way, in memory. It is made when a request is admitted or an open exchange
// is taken up again after a restart, and forgotten when it has ended: from then on the store
// answers for it.
//
// Threads: see the groups. `transition` orders the steps of one exchange and may be held while one
// of them blocks on the
//          store; nobody else's exchange waits for it, and a caller who waits for the outcome does
//          not either.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/time.h"
#include "hub/exchange/middle.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"
#include "hub/exchange/router.h"
#include "hub/policy/policy.h"

namespace tongban::exchange {

struct PartInHand {
    RoutedPart routed;
    bool open = true;  // not answered yet
    mapping::PartStatus status = mapping::PartStatus::unavailable;
    std::string reason;
    std::string native;  // placement hub
    std::optional<std::string>
        canonical;                 // placement provider: minimised there; we never see the rest
    std::string commitments_root;  // and the provider's commitments to all of it
    std::vector<schemas::Finding> findings;  // what its middle found
    std::vector<std::string> judged;         // and which units of rules it has judged
    std::string judgement;                   // both, as it signed them
    std::optional<SignedEnvelope> envelope;
    std::int64_t source_time_ms = 0;
    JournalHead journal;
    std::int32_t asked = 0;  // attempts that came to nothing
    // Of a submission with an effect.
    bool out = false;            // with a connector now
    bool maybe_done = false;     // it was, and no answer came: it may have been done
    bool asking_status = false;  // what is asked now is what became of it
    bool by_status = false;      // and that is where the answer came from
    bool in_doubt = false;       // closed without knowing
    std::optional<std::chrono::steady_clock::time_point> offer_at;  // not on the board: no room yet

    void close(mapping::PartStatus with, std::string why) {
        open = false;
        status = with;
        reason = std::move(why);
    }
    // The job that stands for the part now.
    [[nodiscard]] std::string job_id() const {
        return asking_status ? routed.job_id + "/status" : routed.job_id;
    }
};

struct Live {
    // Fixed after construction.
    std::string id;
    std::int32_t shard = 0;
    Request request;
    std::string member;  // the requester
    Digest content{};    // of the signed form
    Instant admitted;
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const mapping::Engine> engine;

    // Touched only under `transition`.
    std::mutex transition;
    policy::Covering covering;
    std::optional<schemas::Grant> grant;
    std::optional<mapping::CanonicalRecord>
        question;                            // none: the request could not be read; see findings
    std::vector<schemas::Finding> findings;  // of the request
    std::vector<std::string> subjects;       // in the question
    std::string subject_hash;
    std::vector<PartInHand> parts;
    Instant deadline;
    bool asking = false;                           // the questions are out
    std::int32_t handed = 0;                       // intake: times that the cases could not take it
    std::chrono::steady_clock::time_point next{};  // and when it is handed to them again
    bool durable = false;
    bool concluding = false;  // the middle has been queued
    bool ended = false;
    std::int64_t rev = 0;
    std::string officer_commitment;
    std::map<std::string, std::vector<Digest>> records;  // sealed and durable, by name

    // Guarded: what those wait for who asked.
    struct End {
        std::optional<Reply<Outcome>> reply;
        bool hurry = false;  // the hub stops: whoever waits takes what there is
    };
    Guarded<End> end;
    std::condition_variable ended_changed;

    // What sending its questions once more does at the offices.
    [[nodiscard]] policy::Effect effect() const {
        return request.kind == policy::Kind::submit ? covering.resource->effect
                                                    : policy::Effect::read;
    }
    [[nodiscard]] bool goes_into_case() const {
        return covering.resource != nullptr && covering.resource->intake.has_value();
    }
    // Whatever has an effect, and whatever a case asks, is durable before anything goes out.
    [[nodiscard]] bool durable_first() const {
        return request.kind == policy::Kind::submit || request.of_case.has_value();
    }
    [[nodiscard]] bool all_in() const {
        for (const PartInHand& part : parts) {
            if (part.open) return false;
        }
        return true;
    }
    [[nodiscard]] PartInHand* part_of_job(std::string_view job_id) {
        for (PartInHand& part : parts) {
            if (part.job_id() == job_id) return &part;
        }
        return nullptr;
    }
    void finish(Reply<Outcome> reply) {
        end.lock()->reply = std::move(reply);
        ended_changed.notify_all();
    }
    void hurry() {
        end.lock()->hurry = true;
        ended_changed.notify_all();
    }
    // Nothing when the deadline passed first.
    [[nodiscard]] std::optional<Reply<Outcome>> wait(Deadline until) {
        auto locked = end.lock();
        ended_changed.wait_until(locked.native(), until.at(), [&locked] {
            return locked->reply.has_value() || locked->hurry;
        });
        return locked->reply;
    }
};

}  // namespace tongban::exchange
