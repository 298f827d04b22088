// A store, a log, a trail and a sealing in a folder that goes away; a clock that the test moves.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/crypto.h"
#include "base/json.h"
#include "base/sqlite.h"
#include "base/text.h"
#include "hub/audit/log.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

namespace tongban::audit_tests {

using support::need;

class SetClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return Instant{ms.load()}; }
    std::atomic<std::int64_t> ms{1'790'000'000'000};
};

inline PrivateKey fixed_key(char byte) {
    return need(PrivateKey::ed25519_from_seed(std::string(32, byte)));
}

struct Hub {
    support::TemporaryFolder folder;
    SetClock clock;
    std::string database = folder / "hub.db";
    std::string mark = folder / "high-water";
    std::string seal_key = folder / "seal.key";
    PrivateKey witness_key = fixed_key('w');
    std::string witness_vkey = need(NoteVerifier::of("640100.tax/witness",
                                                     NoteKeyType::ed25519_cosignature,
                                                     witness_key.public_key().raw_ed25519()))
                                   .vkey();
    audit::LogOptions options{.origin = "hub.test/log",
                              .high_water_path = mark,
                              .witness_vkeys = {witness_vkey},
                              .witnesses_needed = 1};
    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Log> log;
    std::unique_ptr<audit::Trail> trail;
    std::unique_ptr<audit::Sealing> sealing;

    Hub() {
        need(audit::Sealing::make_key_file(seal_key));
        start();
    }
    void start() {
        store = need(store::open_sqlite(database, {}));
        log = need(audit::Log::open(*store, fixed_key('k'), clock, options));
        trail = std::make_unique<audit::Trail>(*store, *log, clock, "hub.test");
        sealing = need(audit::Sealing::open(*store, clock, seal_key));
    }
    void stop() {
        sealing.reset();
        trail.reset();
        log.reset();
        store.reset();
    }

    int next = 0;
    [[nodiscard]] std::string new_exchange() {
        return store::new_exchange_id(
            clock.now(), store::shard_of("640100.housing-fund", std::to_string(++next)));
    }
    [[nodiscard]] audit::Facts facts(const std::string& exchange_id) const {
        audit::Facts facts;
        facts.exchange_id = exchange_id;
        facts.kind = "fetch";
        facts.requester = "640100.housing-fund";
        facts.resource = "housing-fund/loan-eligibility";
        facts.purpose = "loan-approval";
        facts.agreement = "A-1@1";
        facts.decision = "delivered";
        facts.versions = {{"engine", "1"}};
        facts.parts.push_back(
            {.part = "certificate", .provider = "610100.housing-fund", .status = "answered"});
        facts.delivered = {"applicant.name"};
        return facts;
    }
    // The row that the exchange module writes beside a leaf of these facts.
    [[nodiscard]] store::PutExchange row_of(const audit::Facts& facts, bool denied) const {
        Json detail{{"officer_commitment", facts.officer_commitment},
                    {"document_sha256", facts.document_sha256},
                    {"parts", Json::object()},
                    {"findings", Json::array()}};
        for (const audit::PartFact& part : facts.parts)
            detail["parts"][part.part] = {
                {"provider", part.provider},
                {"open", false},
                {"status", 0},
                {"source_ms", part.source_ms},
                {"journal", {{"number", part.journal.number}, {"hash", hex(part.journal.hash)}}},
                {"envelope", {{"native_sha256", part.native_sha256}}}};
        if (denied) detail["refusal"] = {{"code", facts.decision}};
        store::ExchangeRow row;
        row.exchange_id = facts.exchange_id;
        row.requester = facts.requester;
        row.request_id = facts.exchange_id;
        row.resource = facts.resource;
        row.purpose = facts.purpose;
        row.state = denied ? 7 : 2;
        row.delivery = 1;
        row.open = false;
        row.created_ms = row.updated_ms = clock.now().ms;
        row.detail = detail.dump();
        return {std::move(row)};
    }
    void intend(const audit::Facts& facts, store::Batch batch = {}) {
        (void)need(trail->intend(facts, std::move(batch.add(row_of(facts, false)))));
    }
    void deny(const audit::Facts& facts) {
        (void)need(trail->denied(facts, store::Batch{}.add(row_of(facts, true))));
    }
    [[nodiscard]] static store::ConsentRow consent(const std::string& id) {
        return {"640100.housing-fund",
                id,
                "housing-fund/loan-eligibility",
                "loan-approval",
                "640100.housing-fund",
                5,
                1'900'000'000'000,
                "counter",
                "ab",
                "07ff",
                0};
    }
    // Puts a consent on file with an exchange that rests on it, and withdraws it.
    void use_and_withdraw(const std::string& consent_id) {
        const std::string id = new_exchange();
        audit::Facts used = facts(id);
        used.consent = consent_id;
        intend(used, store::Batch{}.add(store::PutConsent{consent(consent_id)}));
        const auto row = consent(consent_id);
        (void)need(trail->consent_withdrawn(
            {row.member, consent_id, row.resource, row.purpose, row.receiver, row.given_ms},
            store::Batch{store::shard_of(row.member, consent_id), {}}.add(
                store::WithdrawConsent{row.member, consent_id, clock.now().ms})));
    }
    // An exchange with a sealed record about two people and an intent leaf.
    std::string exchange(const std::string& first, const std::string& second) {
        const std::string id = new_exchange();
        const auto sealed =
            need(sealing->seal(id,
                               "delivered",
                               {{"applicant.name", "name of " + first, {first}},
                                {"spouse.name", "name of " + second, {second}},
                                {"document", "about " + first + " and " + second, {first, second}},
                                {"officer", "O-7", {}}}));
        audit::Facts all = facts(id);
        all.records = {"delivered"};
        all.commitments = sealed.digests();
        all.officer_commitment = sealed.commitment_of("officer");
        intend(all, store::Batch{}.add(store::PutRecord{sealed.row}));
        return id;
    }
    void settle() {  // every leaf stands in a released checkpoint
        while (!need(store->unlogged(1)).empty() ||
               log->head().size != need(store->log_head()).size)
            std::this_thread::yield();
    }
    [[nodiscard]] static Deadline soon() { return Deadline::after(std::chrono::seconds(20)); }
};

}  // namespace tongban::audit_tests
