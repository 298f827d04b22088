// CaseHub: the runtime of cases over the real store, sealing and log, offices that say yes as soon
// as they are asked, and the events of CaseStory as soon as a case waits for one. It is driven by
// turns; nothing waits for a clock.
//
// Threads: one thread drives; the store's committer and the log's sequencer have their own.
// Faults:  exceptions.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "hub/audit/log.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/cases/cases.h"
#include "hub/cases/sealing_port.h"
#include "hub/store/store.h"
#include "tests/bench/case_story.h"
#include "tests/bench/watched_store.h"

namespace tongban::bench {

class HandClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return at; }
    Instant at{1'773'622'800'000};  // 2026-03-16 09:00 in Shanghai
};

class CaseHub {
public:
    CaseHub(const std::string& folder, const CaseStory& story);
    ~CaseHub();
    CaseHub(const CaseHub&) = delete;
    CaseHub& operator=(const CaseHub&) = delete;

    // Opens `count` more cases; they go on with the turns that follow. Those that park come to the
    // lending centre's decision and wait for it, with every timer that it has.
    void open_cases(std::size_t count, bool park);
    void turn();
    // Until nothing is left to do.
    void rest();
    [[nodiscard]] std::uint64_t steps() const { return steps_; }  // committed
    [[nodiscard]] std::size_t under_way() const { return under_way_; }
    [[nodiscard]] std::size_t parked() const { return parked_; }
    [[nodiscard]] store::Store& store() { return *store_; }
    // Everything that was committed from now on, in order, for a replay.
    std::vector<store::Batch>* record = nullptr;

    // Closes everything and takes it over again: seconds from the store's opening to the first turn
    // done.
    double restart();

private:
    class Offices;
    struct Standing {  // of a case that is being moved
        std::string number;
        std::string phase;
        bool open;
    };
    void start();
    void applied(const std::vector<store::Batch>& batches);
    void committed(const std::vector<Result<store::Committed>>& answers);
    void moved(const Standing& standing);
    std::string message_id();
    void tell(std::size_t person, const std::string& event, const std::string& kind);

    const std::string folder_;
    const CaseStory& story_;
    HandClock clock_;
    PrivateKey log_key_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<audit::Sealing> sealing_;
    std::unique_ptr<audit::Log> log_;
    std::unique_ptr<audit::Trail> trail_;
    std::unique_ptr<cases::AuditSealer> sealer_;
    std::unique_ptr<cases::TrailLeaves> leaves_;
    std::unique_ptr<WatchedStore> watched_;
    std::unique_ptr<Offices> offices_;
    std::unique_ptr<cases::Cases> cases_;

    struct Told {
        std::size_t person;
        bool parks;
        std::size_t events = 0;  // that it was sent
    };
    std::unordered_map<std::string, Told> by_number_;
    std::size_t persons_ = 0;
    std::vector<Standing> moving_;
    std::deque<std::pair<std::size_t, int>> due_events_;  // person, which
    std::uint64_t steps_ = 0;
    std::uint64_t messages_ = 0;
    std::size_t under_way_ = 0;
    std::size_t parked_ = 0;
};

}  // namespace tongban::bench
