// What is sealed, hashed and written: the hub's own recorder over a real store and log.
#include <atomic>
#include <memory>
#include <thread>

#include "base/files.h"
#include "hub/audit/log.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/exchange/journals.h"
#include "hub/exchange/recorder.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/bench/stages.h"

namespace tongban::bench {

namespace {

constexpr int writers = 16;     // as many as lane `settle` has
constexpr int written = 1'600;  // exchanges a trial

void seal_all(audit::Sealing& sealing, const Sample& sample, const std::string& id) {
    std::vector<audit::Item> delivered = {
        {"document", sample.result.document.bytes, sample.subjects}};
    for (const auto& field : sample.result.fields)
        delivered.push_back({"delivered." + field.path, field.value, field.subjects});
    must(sealing.seal(id,
                      "request",
                      {{"request.head", "{}", {}},
                       {"request.body", sample.request.body, sample.subjects},
                       {"officer", sample.request.officer, {}}}));
    must(sealing.seal(id,
                      "answer/certificate",
                      {{"answer/certificate.native", sample.certificate, sample.subjects}}));
    must(sealing.seal(id, "delivered", delivered));
}

}  // namespace

Figures proof_stages(const World& world,
                     const std::vector<Sample>& samples,
                     const std::string& folder) {
    const SystemClock clock;
    auto store = must(store::open_sqlite(folder + "/hub.db"));
    must(audit::Sealing::make_key_file(folder + "/sealing.key"));
    auto sealing = must(audit::Sealing::open(*store, clock, folder + "/sealing.key"));
    audit::LogOptions options;
    options.origin = "hub.yc/log";
    options.high_water_path = folder + "/log.mark";
    auto log = must(audit::Log::open(*store, PrivateKey::generate(Suite::ed25519), clock, options));
    audit::Trail trail(*store, *log, clock, "hub.yc");
    exchange::Journals journals(*store);
    exchange::Recorder recorder(*store, trail, *sealing, journals, "hub.yc");

    Figures us;
    int round = 0;
    const auto write_all = [&] {
        std::vector<std::shared_ptr<exchange::Live>> lives;
        for (int i = 0; i < written; ++i) {
            const std::string id = "w" + std::to_string(round) + "-" + std::to_string(i);
            lives.push_back(
                make_live(world, samples[static_cast<std::size_t>(i) % samples.size()], id));
        }
        ++round;
        std::atomic<std::size_t> next{0};
        std::atomic<bool> failed{false};
        const double start = process_cpu_us();
        std::vector<std::thread> threads;
        for (int i = 0; i < writers; ++i) {
            threads.emplace_back([&] {
                for (std::size_t taken = next++; taken < lives.size(); taken = next++) {
                    if (!recorder.commit(
                            *lives[taken], samples[taken % samples.size()].result, {}, clock.now()))
                        failed = true;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        if (failed) throw std::runtime_error("an exchange was not written");
        return (process_cpu_us() - start) / written;
    };
    write_all();  // makes the subjects' keys too
    us["seal_leaf_commit"] = median({write_all(), write_all(), write_all()});
    us["seal"] =
        cpu_us_of([&](std::size_t i) { seal_all(*sealing, samples[i % samples.size()], "bench"); });
    us["artefact_versions"] = cpu_us_of([&](std::size_t) {
        auto versions = world.engine->versions();
        versions.insert(world.policy->versions().begin(), world.policy->versions().end());
    });
    return us;
}

}  // namespace tongban::bench
