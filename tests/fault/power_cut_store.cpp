#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/merkle.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/fault/power_cut.h"
#include "tests/support/case_samples.h"

namespace tongban::fault {
namespace {

using support::SampleCase;

struct Acknowledged {
    std::map<std::int64_t, std::int64_t> cases;    // id -> rev
    std::map<std::int64_t, std::int32_t> decided;  // case id -> decision of its group
    std::vector<std::string> exchanges;
};

// What a hub does to its store, as a stream of batches. It stops at the cut or when it has done
// enough.
class Load {
public:
    Load(store::Store& store, const PowerCutDisk& disk, std::uint64_t seed, std::string prefix)
        : store_(store), disk_(disk), dice_(seed), prefix_(std::move(prefix)) {}

    // `resumed`: cases that an earlier life of the store acknowledged; what has become of each
    // since is read.
    void run(int steps, const Acknowledged& resumed) {
        for (const auto& [id, rev] : resumed.cases) {
            const auto row = store_.find_case(id);
            if (!row || !*row) continue;
            SampleCase sample;
            sample.row = **row;
            sample.row.rev = (*row)->rev - 1;
            sample.key = "";
            sample.step_no = static_cast<std::int32_t>((*row)->rev);
            cases_.push_back(std::move(sample));
            if (cases_.size() == 4) break;
        }
        for (int i = 0; i < steps && !disk_.is_cut(); ++i)
            one(i);
    }
    [[nodiscard]] const Acknowledged& acknowledged() const { return acknowledged_; }

private:
    // Only what was answered while there was power counts.
    bool committed(const Result<store::Committed>& answer) {
        return answer.ok() && !disk_.is_cut();
    }
    void one(int i) {
        switch (dice_() % 16) {
            case 0:
            case 1:
                return open_case(i);
            case 2:
                return exchange(i);
            case 3:
                return decide();
            case 4:
                if (dice_() % 8 == 0) (void)store_.scrub();
                return;
            default:
                return steps(1 + dice_() % 4);
        }
    }
    void open_case(int i) {
        SampleCase sample = support::sample_case(store_, prefix_ + std::to_string(i));
        if (!committed(store_.apply(
                support::opening(sample).add(store::PutJoint{{sample.row.case_id, "w", 0, 0, 9}}))))
            return;
        acknowledged_.cases[sample.row.case_id] = 1;
        cases_.push_back(std::move(sample));
    }
    void steps(std::size_t count) {
        std::vector<store::Batch> batches;
        std::vector<SampleCase*> moved;
        for (std::size_t i = 0; i < count && i < cases_.size(); ++i) {
            SampleCase& sample = cases_[(dice_() + i) % cases_.size()];
            if (std::find(moved.begin(), moved.end(), &sample) != moved.end()) continue;
            batches.push_back(support::next_step(sample));
            moved.push_back(&sample);
        }
        const auto answers = store_.apply_all(std::move(batches));
        for (std::size_t i = 0; i < answers.size(); ++i)
            if (committed(answers[i]))
                acknowledged_.cases[moved[i]->row.case_id] = moved[i]->row.rev + 1;
    }
    void decide() {
        if (cases_.empty()) return;
        const SampleCase& sample = cases_[dice_() % cases_.size()];
        const auto decision = static_cast<std::int32_t>(1 + dice_() % 2);
        if (committed(store_.apply(store::Batch{
                sample.shard(), {store::DecideJoint{sample.row.case_id, "w", decision, 1}}})))
            acknowledged_.decided[sample.row.case_id] = decision;
    }
    void exchange(int i) {
        store::ExchangeRow row;
        row.requester = "640100.tax";
        row.request_id = prefix_ + std::to_string(i);
        const std::int32_t shard = store::shard_of(row.requester, row.request_id);
        row.exchange_id = store::new_exchange_id(Instant{support::case_epoch_ms + i}, shard);
        row.request = std::string(dice_() % 30'000, 'q');  // some have pages of their own
        store::Batch batch{shard, {store::PutExchange{row}}};
        batch.add(store::PutAudit{row.exchange_id, 2, i, row.requester, "{", "}"});
        if (committed(store_.apply(std::move(batch))))
            acknowledged_.exchanges.push_back(row.exchange_id);
    }

    store::Store& store_;
    const PowerCutDisk& disk_;
    std::mt19937_64 dice_;
    const std::string prefix_;
    std::vector<SampleCase> cases_;
    Acknowledged acknowledged_;
};

void look_at_shards(store::Store& store, Verdict& verdict) {
    for (std::int32_t shard = 0; shard < store::shard_count; ++shard) {
        const auto state = store.shard(shard);
        const auto rows = store.audit_after(shard, 0, 1'000'000);
        if (!state || !rows) return verdict.broken.push_back("a shard cannot be read");
        std::int64_t seq = 0;
        Digest chain{};
        for (const store::AuditRow& row : *rows) {
            if (row.seq != ++seq) verdict.broken.push_back("a gap in a shard");
            chain = Sha256().add(bytes_of(chain)).add(bytes_of(merkle_leaf(row.leaf))).finish();
        }
        if (state->head_seq != seq || state->head_hash != chain)
            verdict.broken.push_back("a shard's head is not its rows'");
    }
}

void look_at_cases(store::Store& store, const Acknowledged& promised, Verdict& verdict) {
    for (const auto& [id, rev] : promised.cases) {
        const auto row = store.find_case(id);
        if (!row || !*row || (*row)->rev < rev) {
            ++verdict.lost;
            continue;
        }
        // Whole: as many leaves and steps as transitions, one call and one timer that wait.
        const auto leaves = store.case_leaves(id, 0, 1'000'000);
        const auto steps = store.steps_of(id);
        const auto calls = store.calls_of(id);
        const auto timers = store.timers_of(id);
        const auto count = static_cast<std::size_t>((*row)->rev);
        if (!leaves || leaves->size() != count || !steps || steps->size() != count || !calls ||
            calls->size() != 1 || !timers || timers->size() != 1)
            verdict.broken.push_back("a case is not whole");
    }
    for (const auto& [id, decision] : promised.decided) {
        const auto joints = store.joints_of(id);
        if (!joints || joints->size() != 1 || joints->front().decision != decision) ++verdict.lost;
    }
    for (const std::string& id : promised.exchanges) {
        const auto row = store.exchange(id);
        const auto leaf = store.leaf(id, 2);
        if (!row || !*row || !leaf || !*leaf) ++verdict.lost;
    }
}

void merge(Acknowledged& all, const Acknowledged& more) {
    for (const auto& [id, rev] : more.cases)
        all.cases[id] = std::max(all.cases[id], rev);
    for (const auto& [id, decision] : more.decided)
        all.decided[id] = decision;
    all.exchanges.insert(all.exchanges.end(), more.exchanges.begin(), more.exchanges.end());
}

class StoreScenario final : public Scenario {
public:
    explicit StoreScenario(PowerCutDisk& disk) : disk_(disk) {}

    void live(const std::string& folder, int life, std::uint64_t seed) override {
        auto store = store::open_sqlite(folder + "/hub.db", {});
        if (!store) return;
        std::mt19937_64 dice(seed);
        std::vector<std::thread> threads;
        std::vector<std::unique_ptr<Load>> loads;
        for (int i = 0; i < 2; ++i)
            loads.push_back(std::make_unique<Load>(
                **store, disk_, dice(), std::to_string(life) + "-" + std::to_string(i) + "-"));
        for (std::size_t i = 0; i < loads.size(); ++i)
            threads.emplace_back(
                [&, i] { loads[i]->run(300, i == 0 ? promised_ : Acknowledged{}); });
        for (auto& thread : threads)
            thread.join();
        disk_.cut();
        for (const auto& load : loads)
            merge(promised_, load->acknowledged());
    }

    Verdict look(const std::string& folder) override {
        Verdict verdict;
        look_at_file(folder + "/hub.db", verdict);
        auto store = store::open_sqlite(folder + "/hub.db", {});
        if (!store) {
            verdict.broken.push_back("it does not open: " + store.fault().reason);
            return verdict;
        }
        look_at_shards(**store, verdict);
        look_at_cases(**store, promised_, verdict);
        return verdict;
    }

    [[nodiscard]] std::uint64_t promised() const override {
        std::uint64_t count = promised_.decided.size() + promised_.exchanges.size();
        for (const auto& [id, rev] : promised_.cases)
            count += static_cast<std::uint64_t>(rev);
        return count;
    }

private:
    PowerCutDisk& disk_;
    Acknowledged promised_;
};

}  // namespace

std::unique_ptr<Scenario> store_scenario(PowerCutDisk& disk) {
    return std::make_unique<StoreScenario>(disk);
}

}  // namespace tongban::fault
