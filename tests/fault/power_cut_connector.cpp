#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "connectors/runtime/connector_store.h"
#include "tests/fault/power_cut.h"

namespace tongban::fault {
namespace {

using connectors::ConnectorStore;
using connectors::DeliveryState;
using connectors::JournalKind;
using connectors::RequestState;

struct Promises {
    connectors::ChainHead head;
    std::map<std::string, RequestState> requests;
    std::map<std::string, std::string> outgoing;  // job -> bytes; "": forgotten
    std::map<std::string, DeliveryState> deliveries;
    std::uint64_t checkpoint = 0;
    std::uint64_t count = 0;
};

// What a connector's day makes of its store.
class Day {
public:
    Day(ConnectorStore& store, const PowerCutDisk& disk, std::uint64_t seed, std::string prefix)
        : store_(store), disk_(disk), dice_(seed), prefix_(std::move(prefix)) {}

    void run(int steps, Promises& promises) {
        for (int i = 0; i < steps && !disk_.is_cut(); ++i)
            one(prefix_ + std::to_string(i), promises);
    }

private:
    // Only what was answered while there was power counts.
    bool kept(const Result<Done>& answer, Promises& promises) {
        if (!answer) return false;
        const connectors::ChainHead head = store_.head();
        if (disk_.is_cut()) return false;
        promises.head = head;
        ++promises.count;
        return true;
    }
    connectors::JournalNote noted(JournalKind kind, const std::string& job) {
        return {kind, "exchange-" + job, job, hex(sha256(job)), Instant{++now_}};
    }
    void one(const std::string& id, Promises& promises) {
        switch (dice_() % 4) {
            case 0:
                return request(id, promises);
            case 1:
                return answer(id, promises);
            case 2:
                return delivery(id, promises);
            default:
                return checkpoint(promises);
        }
    }
    void request(const std::string& id, Promises& promises) {
        const connectors::StoredRequest fresh{id,
                                              hex(sha256(id)),
                                              RequestState::queued,
                                              "",
                                              "",
                                              std::string(dice_() % 9'000, 'q'),
                                              1};
        if (!kept(store_.add_request(fresh, noted(JournalKind::request, id)), promises)) return;
        promises.requests[id] = RequestState::queued;
        if (dice_() % 4 == 0) return;
        if (kept(store_.settle_request(
                     id, RequestState::admitted, "x", "{}", noted(JournalKind::outcome, id)),
                 promises))
            promises.requests[id] = RequestState::admitted;
    }
    void answer(const std::string& job, Promises& promises) {
        if (!kept(store_.note({noted(JournalKind::job, job)}), promises)) return;
        const connectors::StoredOutgoing out{
            job, "x", false, std::string(1 + dice_() % 9'000, 'a')};
        if (!kept(store_.add_outgoing(out, noted(JournalKind::answer, job)), promises)) return;
        promises.outgoing[job] = out.bytes;
        if (dice_() % 3 == 0) return;
        promises.outgoing.erase(job);  // gone or not, as long as nobody has told us
        if (kept(store_.forget_outgoing({out}), promises)) promises.outgoing[job] = "";
    }
    void delivery(const std::string& job, Promises& promises) {
        connectors::StoredDelivery one;
        one.job = job;
        one.document_sha256 = hex(sha256(job));
        if (!kept(store_.add_delivery(one, noted(JournalKind::delivery, job)), promises)) return;
        promises.deliveries[job] = DeliveryState::received;
        if (dice_() % 3 == 0) return;
        one.state = DeliveryState::accepted;
        if (!kept(store_.settle_delivery(
                      one, {job, "x", true, "report"}, noted(JournalKind::acknowledgement, job)),
                  promises))
            return;
        promises.deliveries[job] = DeliveryState::accepted;
        promises.outgoing[job] = "report";
    }
    void checkpoint(Promises& promises) {
        const std::uint64_t size = promises.checkpoint + 1 + dice_() % 9;
        if (kept(store_.keep_checkpoint({size, sha256(std::to_string(size)), "note", false}),
                 promises))
            promises.checkpoint = size;
    }

    ConnectorStore& store_;
    const PowerCutDisk& disk_;
    std::mt19937_64 dice_;
    const std::string prefix_;
    std::int64_t now_ = 0;
};

void look_at_journal(ConnectorStore& store, const Promises& promises, Verdict& verdict) {
    const auto entries = store.entries(0, 10'000'000);
    if (!entries) return verdict.broken.push_back("the journal cannot be read");
    const auto end = connectors::follow({}, *entries);
    if (!end || end->number != store.head().number || end->hash != store.head().hash)
        verdict.broken.emplace_back("the journal is no chain");
    const auto promised = static_cast<std::size_t>(promises.head.number);
    if (entries->size() < promised ||
        (promised > 0 && (*entries)[promised - 1].hash != promises.head.hash))
        ++verdict.lost;
}

void look_at_rows(ConnectorStore& store, const Promises& promises, Verdict& verdict) {
    for (const auto& [id, state] : promises.requests) {
        const auto row = store.request(id);
        if (!row || !*row || (*row)->state < state) ++verdict.lost;
    }
    for (const auto& [job, bytes] : promises.outgoing) {
        const auto row = store.outgoing(job);
        if (!row || row->has_value() == bytes.empty() || (*row && (*row)->bytes != bytes))
            ++verdict.lost;
    }
    for (const auto& [job, state] : promises.deliveries) {
        const auto row = store.delivery(job);
        if (!row || !*row || (*row)->state < state) ++verdict.lost;
    }
    const auto seen = store.checkpoint();
    if (promises.checkpoint > 0 && (!seen || !*seen || (*seen)->size < promises.checkpoint))
        ++verdict.lost;
}

class ConnectorScenario final : public Scenario {
public:
    explicit ConnectorScenario(PowerCutDisk& disk) : disk_(disk) {}

    void live(const std::string& folder, int life, std::uint64_t seed) override {
        auto store = ConnectorStore::open(folder + "/connector.db", seal_key_);
        if (!store) return;
        Day(**store, disk_, seed, std::to_string(life) + "-").run(1'500, promises_);
        disk_.cut();
    }
    Verdict look(const std::string& folder) override {
        Verdict verdict;
        look_at_file(folder + "/connector.db", verdict);
        auto store = ConnectorStore::open(folder + "/connector.db", seal_key_);
        if (!store) {
            verdict.broken.push_back("it does not open: " + store.fault().reason);
            return verdict;
        }
        look_at_journal(**store, promises_, verdict);
        look_at_rows(**store, promises_, verdict);
        return verdict;
    }
    [[nodiscard]] std::uint64_t promised() const override { return promises_.count; }

private:
    PowerCutDisk& disk_;
    const std::string seal_key_ = std::string(32, 'k');
    Promises promises_;
};

}  // namespace

std::unique_ptr<Scenario> connector_scenario(PowerCutDisk& disk) {
    return std::make_unique<ConnectorScenario>(disk);
}

}  // namespace tongban::fault
