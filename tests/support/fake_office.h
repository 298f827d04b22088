// FakeOffice and FakeReceiver: an office's protocol as a test wants it: slow, throwing, uncertain,
// saying no.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "connectors/connector.h"

namespace tongban::support {

class FakeOffice final : public connectors::Connector {
public:
    connectors::Answer answer = connectors::answered("<record/>");
    std::chrono::milliseconds pause{0};
    bool throws = false;
    std::atomic<int> asked{0};
    std::atomic<int> most_at_once{0};
    Guarded<std::vector<connectors::Question>> questions;

    connectors::Answer ask(const connectors::Question& question, Deadline) override {
        ++asked;
        const int now = ++at_once_;
        most_at_once = std::max(most_at_once.load(), now);
        questions.lock()->push_back(question);
        if (pause.count() > 0) std::this_thread::sleep_for(pause);
        --at_once_;
        if (throws) throw std::runtime_error("the office's library");
        return answer;
    }
    void stop() override {}

private:
    std::atomic<int> at_once_{0};
};

class FakeReceiver final : public connectors::Deliverer {
public:
    int uncertain_first = 0;
    bool rejects = false;
    Guarded<std::vector<std::string>> numbers;

    connectors::Acknowledgement deliver(const connectors::Handover& handover, Deadline) override {
        auto seen = numbers.lock();
        seen->push_back(handover.message_no);
        if (static_cast<int>(seen->size()) <= uncertain_first) {
            return {connectors::Reception::uncertain, "", "http.timeout"};
        }
        if (rejects) return {connectors::Reception::rejected, "<no/>", "office.said_no"};
        return {connectors::Reception::accepted, "<ack/>", ""};
    }
    void stop() override {}
};

}  // namespace tongban::support
