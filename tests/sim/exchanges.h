// The exchanges between cases and offices, as their contract says (hub/exchange/case_calls.h): a
// call is durable and has one answer for ever; what lies between is a network that loses, repeats,
// delays and overtakes. It outlives the nodes; each node has its own port to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hub/exchange/case_calls.h"
#include "tests/sim/model_store.h"
#include "tests/sim/offices.h"

namespace tongban::sim {

struct NetworkFaults {  // percent
    int lost = 0;
    int doubled = 0;
    int away = 0;    // a connector that takes no jobs: nothing is sent, the call is unavailable
    int untold = 0;  // answers whose callback is lost
    std::int64_t longest_ms = 30'000;
};

class Exchanges {
public:
    Exchanges(Agenda& agenda, Random& random, Offices& offices, const Database& database)
        : agenda_(agenda), random_(random), offices_(offices), database_(database) {}

    NetworkFaults faults;
    std::map<std::string, std::int64_t> closed_until;  // by office: it takes nothing before
    std::vector<std::string> broken;                   // I3: a call that no commit ordered
    std::int64_t messages = 0;
    std::map<std::string, int> happened;  // faults that really occurred

private:
    friend class Port;
    struct Entry {
        exchange::CaseCall call;
        std::optional<exchange::CaseAnswer> answer;
        std::int64_t deadline_ms = 0;
        std::int64_t last_sent_ms = 0;
        bool sent = false;
        int sends = 0;
        std::string effect;
        std::set<int> taken;  // of a connector: what it has already given to its office
    };

    Result<Done> call(exchange::CaseCall call);
    void attempt(const exchange::CallName& name);
    void send(const exchange::CallName& name, int number);
    void arrive(const exchange::CallName& name, int number, std::int64_t message);
    void reply(const exchange::CallName& name, const Said& said);
    void give_up(const exchange::CallName& name);
    void end(const exchange::CallName& name, exchange::CaseAnswer answer);
    [[nodiscard]] std::int64_t delay();
    [[nodiscard]] bool closed(const std::string& resource);
    [[nodiscard]] bool happens(int percent, const char* what);

    Agenda& agenda_;
    Random& random_;
    Offices& offices_;
    const Database& database_;
    std::map<exchange::CallName, Entry> entries_;
    std::map<std::string, std::int64_t> newest_;  // by case: the latest sent message that arrived
    std::vector<class Port*> ports_;              // in the order of their birth
};

class Port final : public exchange::CaseCalls {  // of one node
public:
    explicit Port(Exchanges& exchanges) : exchanges_(exchanges) {
        exchanges_.ports_.push_back(this);
    }
    ~Port() override { std::erase(exchanges_.ports_, this); }
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    Result<Done> call(exchange::CaseCall call) override;
    Result<std::optional<exchange::CaseAnswer>> answer_of(const exchange::CallName& name) override;
    void on_answer(Answered answered) override { answered_ = std::move(answered); }

private:
    friend class Exchanges;
    Exchanges& exchanges_;
    Answered answered_;
};

}  // namespace tongban::sim
