// A whole hub in one process, without its doors: real store, log, sealing, policy and engine data
// in a folder that goes away; offices that answer with the examples of their native schemas.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/xml.h"
#include "hub/audit/log.h"
#include "hub/exchange/exchange.h"
#include "hub/exchange/signed_forms.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "mapping/engine.h"
#include "tests/support/need.h"
#include "tests/unit/hub/policy/policy_fixture.h"

namespace tongban::test {

using support::need;

inline std::shared_ptr<const mapping::Engine> the_engine() {
    static const std::shared_ptr<const mapping::Engine> engine = [] {
        prepare_xml();
        return mapping::load_engine(TONGBAN_SOURCE_DIR);
    }();
    return engine;
}

inline std::string example(const std::string& schema_and_file) {
    return slurp(std::string(TONGBAN_SOURCE_DIR "/schemas/native/") + schema_and_file);
}

class MovingClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        return Instant{SystemClock().now().ms + offset_ms};
    }
    std::atomic<std::int64_t> offset_ms{0};
};

struct TestHub {
    inline static const std::string asker = "640100.housing-fund";
    City city;
    MovingClock clock;
    Metrics metrics;
    exchange::ExchangeTerms terms;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Log> log;
    std::unique_ptr<audit::Trail> trail;
    std::unique_ptr<audit::Sealing> sealing;
    std::unique_ptr<policy::CurrentPolicy> policy;
    exchange::CurrentEngine engine{the_engine()};
    std::unique_ptr<policy::Revocations> revocations;
    std::unique_ptr<exchange::Exchanges> exchanges;

    std::function<void(exchange::Exchanges&)> attach;  // cases, before anything is resumed

    TestHub() : TestHub([](exchange::ExchangeTerms&) {}) {}
    explicit TestHub(
        const std::function<void(exchange::ExchangeTerms&)>& change,
        const std::function<void(City&)>& prepare = [](City&) {},
        std::function<void(exchange::Exchanges&)> attach_cases = nullptr)
        : attach(std::move(attach_cases)) {
        prepare(city);
        terms.admission.hub = "hub.yc";
        terms.ask_pause = std::chrono::milliseconds(10);
        terms.tick = std::chrono::milliseconds(5);
        change(terms);
        need(audit::Sealing::make_key_file(city.folder / "sealing.key"));
        start();
    }
    ~TestHub() { stop(); }

    void start() {
        store = need(store::open_sqlite(city.folder / "hub.db", {}));
        audit::LogOptions options;
        options.origin = "hub.yc/log";
        options.high_water_path = city.folder / "log.mark";
        log = need(audit::Log::open(
            *store, need(PrivateKey::ed25519_from_seed(std::string(32, 'k'))), clock, options));
        trail = std::make_unique<audit::Trail>(*store, *log, clock, "hub.yc");
        sealing = need(audit::Sealing::open(*store, clock, city.folder / "sealing.key"));
        policy = std::make_unique<policy::CurrentPolicy>(
            policy::Policy::load(city.sources(), catalogue()));
        revocations = std::make_unique<policy::Revocations>(city.folder / "pki/ca.pem",
                                                            city.folder / "pki/crl.pem");
        exchanges = std::make_unique<exchange::Exchanges>(
            exchange::ExchangeLinks{
                *store, *trail, *sealing, *policy, engine, *revocations, clock, metrics},
            terms);
        if (attach) attach(*exchanges);
        need(exchanges->resume());
    }
    // As if the process had died, but for what destructors must free.
    void stop() {
        exchanges.reset();
        revocations.reset();
        policy.reset();
        sealing.reset();
        trail.reset();
        log.reset();
        store.reset();
    }

    static exchange::Caller caller(const std::string& member) {
        return {member, "connector", "01"};
    }

    exchange::Signature sign(const std::string& member, const std::string& form) const {
        const PrivateKey& key = city.signers.at(member);
        return {"es256", key.public_key().key_id(), key.sign(form)};
    }
    exchange::Request request(const std::string& id) const {
        exchange::Request request;
        request.revision = 1;
        request.hub = "hub.yc";
        request.request_id = id;
        request.resource = "housing-fund/loan-eligibility";
        request.purpose = "loan-approval";
        request.officer = "YC-2031";
        const Instant now = clock.now();
        request.consent = policy::ConsentTerms{"SQ-" + id,
                                               "housing-fund/loan-eligibility",
                                               "loan-approval",
                                               asker,
                                               Instant{now.ms - 86'400'000},
                                               Instant{now.ms + 86'400'000},
                                               "counter",
                                               std::string(64, 'a')};
        request.case_ref = "YD1";
        request.schema = "640100.housing-fund/loan-eligibility-request@1";
        request.body = example("640100.housing-fund/loan-eligibility-request/v1/example.xml");
        request.signed_at_ms = now.ms;
        request.wait_ms = 15'000;
        return signed_again(std::move(request));
    }
    exchange::Request signed_again(exchange::Request request) const {
        request.signature = sign(asker, exchange::signed_form(request));
        return request;
    }

    exchange::LeaseReply lease(const std::string& member, std::int64_t wait_ms = 3'000) {
        exchange::Reply<exchange::LeaseReply> reply =
            exchanges->lease({1, 8, wait_ms, exchange::JournalHead{}}, caller(member));
        BOOST_REQUIRE(reply.ok());
        return *std::move(reply);
    }
    static std::string answer_of(const std::string& operation) {
        if (operation == "certificate")
            return example("610100.housing-fund/certificate/v1/example.xml");
        if (operation == "employment")
            return example("610100.social-security/employment/v1/example.jsonl");
        if (operation == "homes") return example("640100.real-estate/homes/v1/example.xml");
        std::string tax =
            example("640100.tax/deed-tax/v1/example.json");  // paid on this very purchase
        const auto put = [&tax](const std::string& from, const std::string& to) {
            tax.replace(tax.find(from), from.size(), to);
        };
        put("YCWQ2019030800412", "YCWQ2026110200871");
        put("640106400203GB00005F00010203", "640104014005GB00065F00060095");
        return tax;
    }
    exchange::Completion answered(const std::string& member,
                                  const exchange::Job& job,
                                  const std::string& native) const {
        exchange::Completion completion;
        completion.token = job.token;
        completion.exchange_id = job.exchange_id;
        completion.job_id = job.job_id;
        completion.kind = mapping::PartStatus::answered;
        completion.native_record = native;
        completion.source_time_ms = clock.now().ms - 1'000;
        exchange::SignedEnvelope& envelope = completion.envelope;
        envelope.member = member;
        envelope.exchange_id = job.exchange_id;
        envelope.job_id = job.job_id;
        envelope.native_sha256 = hex(sha256(native));
        envelope.time_ms = clock.now().ms;
        envelope.signature = sign(member, exchange::signed_form(envelope, "hub.yc"));
        return completion;
    }
    static exchange::Completion not_answered(const exchange::Job& job,
                                             mapping::PartStatus kind,
                                             const std::string& why) {
        exchange::Completion completion;
        completion.token = job.token;
        completion.exchange_id = job.exchange_id;
        completion.job_id = job.job_id;
        completion.kind = kind;
        completion.reason = why;
        return completion;
    }
    exchange::Reply<Done> complete(const std::string& member, exchange::Completion completion) {
        return exchanges->complete(
            {std::move(completion)}, {}, exchange::JournalHead{}, caller(member));
    }
};

// Every provider's connector, answering with the examples until it goes away. `spoil` may change a
// completion.
class Offices {
public:
    using Spoil =
        std::function<void(const std::string& member, const exchange::Job&, exchange::Completion&)>;
    explicit Offices(TestHub& hub, Spoil spoil = nullptr) : hub_(hub), spoil_(std::move(spoil)) {
        for (const char* member : {"610100.housing-fund",
                                   "610100.social-security",
                                   "640100.real-estate",
                                   "640100.tax"}) {
            threads_.emplace_back([this, name = std::string(member)](const std::stop_token& stop) {
                run(name, stop);
            });
        }
    }

private:
    void run(const std::string& member, const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            exchange::Reply<exchange::LeaseReply> reply =
                hub_.exchanges->lease({1, 8, 20, exchange::JournalHead{}}, TestHub::caller(member));
            if (!reply) return;
            for (const exchange::Job& job : reply->jobs) {
                exchange::Completion completion =
                    hub_.answered(member, job, TestHub::answer_of(job.operation));
                if (spoil_) spoil_(member, job, completion);
                static_cast<void>(hub_.complete(member, std::move(completion)));
            }
        }
    }
    TestHub& hub_;
    Spoil spoil_;
    std::vector<std::jthread> threads_;
};

inline std::string codes_of(const std::vector<schemas::Finding>& findings) {
    std::string codes;
    for (const schemas::Finding& finding : findings)
        codes += finding.part + ":" + finding.code + " " + finding.en + "\n";
    return codes;
}

}  // namespace tongban::test
