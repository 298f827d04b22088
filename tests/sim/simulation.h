// One run: a hub that dies, zombies, a store and a network that fail, clocks that jump, offices
// that refuse, officers that decide, pause, cancel and mend; then peace, until every case is
// closed. A run is its seed: the same seed gives the same run, step by step.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/cases/cases.h"
#include "tests/sim/exchanges.h"
#include "tests/sim/model_store.h"
#include "tests/sim/offices.h"

namespace tongban::sim {

struct Died {};  // thrown by a failpoint: the process ends here

class Node;

struct Application {
    std::string number;
    std::string item;
    schemas::Group body;      // the same, however often it is sent
    std::string case_number;  // once it was answered
    bool duplicate = false;   // sent a second time under another message
    bool event_taken = false;
};

struct Report {
    std::vector<std::string> violations;
    std::int64_t commits = 0;
    std::int64_t messages = 0;
    std::int64_t deaths = 0;
    std::int64_t days = 0;
    std::size_t closed = 0;
    std::map<std::string, int> seen;  // incidents, endings: that the run has met what it should
    std::string digest;               // of all that was committed: the run as one value
};

class Simulation {
public:
    explicit Simulation(std::uint64_t seed, bool talk = false);
    ~Simulation();
    Report run();

private:
    friend class Node;
    // The hub.
    void start_node();
    void kill_node();
    void freeze_node();  // it goes on as a zombie while another takes over
    void turn_all();
    bool turn(Node& node);  // false: it died
    void pass(std::string_view place);

    // People and offices' own systems.
    void plan();
    void apply_for(std::size_t which);
    void officers();
    void look_after(const cases::CaseState& state);
    void do_task(const cases::CaseState& state, const cases::StepRun& run);
    std::string action_for(const cases::CaseState& state, const cases::StepRun& run);
    void find_way(const cases::CaseState& state,
                  const cases::Incident& incident,
                  cases::Ordered& what);
    void mend(const cases::CaseState& state, const cases::Incident& incident);
    [[nodiscard]] bool nobody_will_send(const cases::CaseState& state, std::int32_t step_no) const;
    void order(const cases::CaseState& state, cases::Ordered what, const std::string& officer);
    void events();
    void loan_events();
    void shipped_events();
    void send_event(const cases::CaseState& state,
                    const item::Expected& expected,
                    const std::string& id);
    void trouble();
    void step_clock();
    void members_sign();
    void traffic();
    void close_office();
    void peace();
    void publish_calendar();
    void publish_item();
    [[nodiscard]] std::string digest() const;

    // Checks (checks.cpp): while it runs, and when everything has come to rest.
    void watch(const cases::CaseState& state);
    void watch_timers();
    void check_calls(const cases::CaseState& state, const std::string& name);
    void check_leaves();
    void check_rows();
    void check_case(const store::CaseRow& row, const cases::CaseState& state);
    void check_offices();
    void check_joint(const Application& one, const cases::CaseState& state);
    void check_shipped(const Application& one, const cases::CaseState& state);
    static bool told_paid(const cases::CaseState& state);
    [[nodiscard]] bool refunded(const cases::CaseState& state) const;
    [[nodiscard]] bool was_told(const cases::CaseState& state, const std::string& office) const;
    void check_undone(const cases::CaseState& state);
    void count_faults();
    void broken(std::string what);
    [[nodiscard]] bool all_closed() const;
    [[nodiscard]] std::optional<cases::CaseState> state_of(const store::CaseRow& row) const;
    [[nodiscard]] const store::CaseRow* row_of(const Application& one) const;
    [[nodiscard]] const item::Item& item_of(const cases::CaseState& state) const;

    Random random_;
    Agenda agenda_;
    Database database_;
    StoreFaults store_faults_;
    Offices offices_;
    Exchanges exchanges_;
    cases::World world_;
    std::unique_ptr<cases::Sealer> sealer_;
    std::vector<Application> applications_;
    std::unique_ptr<Node> node_;
    std::vector<std::pair<std::unique_ptr<Node>, int>> zombies_;
    int deadly_ = 0;      // per mille of the failpoints passed
    int diligence_ = 60;  // percent: how soon people and offices' systems see to what waits
    std::map<std::pair<std::int64_t, std::int32_t>, std::int32_t>
        breaches_;  // seen, of case and step
    int edition_ = 1;
    std::int64_t orders_ = 0;
    struct Seen {                                           // of a case, what never changes again
        std::map<std::int32_t, cases::Decision> decisions;  // by step
        std::int32_t transfers = 0;
        bool bound = false;
        std::int32_t version = 0;  // of its item
    };
    std::map<std::int64_t, Seen> watched_;  // by case
    std::map<std::int64_t, std::function<void()>>
        told_;  // by case: the last event, to be told again
    bool at_peace_ = false;
    const bool talk_;
    Report report_;
    mutable std::map<std::int64_t, std::pair<std::int64_t, cases::CaseState>>
        read_;  // by case: rev
};

}  // namespace tongban::sim
