// StoryPlay: plays a golden case of the sandbox in a whole city: sends each message of the story to
// its member's connector, as that office's own system would, on the day that the story says, and
// looks at the case meanwhile. The city's clock is moved on when nothing happens but waiting.
//
// Threads: one thread.
// Faults:  unavailable (a process does not answer), expired (the case stands still), refused (a
// message was not taken).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "hub/app/city.h"
#include "hub/app/hub_client.h"

namespace tongban::connectors {
class HttpClient;
}

namespace tongban::app {

struct StateReached {
    std::string state;
    std::string zh;
    std::string en;
    std::string light;   // of the step whose end brought it, as it was last seen before
    std::string day;     // in legal time
    std::string member;  // who owed that step
};

class StoryPlay {
public:
    using Say = std::function<void(const std::string&)>;
    using Reached = std::function<void(const StateReached&)>;

    StoryPlay(const City& city, Say say, Reached reached);
    ~StoryPlay();
    StoryPlay(const StoryPlay&) = delete;
    StoryPlay& operator=(const StoryPlay&) = delete;

    // To the end of the case.
    Result<Done> play();
    [[nodiscard]] const Json& document() const { return document_; }  // of the case, as last seen
    [[nodiscard]] HubClient& client() { return *client_; }            // an auditor's

private:
    Result<Done> begin();
    Result<Json> sandbox(const std::vector<std::string>& arguments) const;
    Result<Done> look();
    Result<Done> decide();
    [[nodiscard]] bool waits_for_officer() const;
    void note_states();
    Result<Done> wait_until(const std::function<bool()>& fits);
    Result<Done> ready_for(const Json& message);
    Result<Done> send(const Json& message);
    Result<Done> hear(const Json& message, const std::string& address);
    Result<Json> http(const std::string& method, const std::string& url, const std::string& body);

    [[nodiscard]] Instant now() const;
    Result<Done> move_clock(Instant to);
    Result<Done> pass_days_until(Date day);

    const City& city_;
    const Say say_;
    const Reached reached_;
    std::unique_ptr<HubClient> client_;
    std::unique_ptr<connectors::HttpClient> office_;
    Json sheet_;
    Json document_ = Json::object();
    std::map<std::int64_t, std::string> lights_;  // of steps, by number
    std::set<std::int64_t> noted_;                // steps whose state was told
    std::set<std::int64_t> decided_;              // steps that an officer of the story decided
    std::string last_state_;
    std::int64_t ahead_ms_ = 0;  // what stands in the clock file
};

}  // namespace tongban::app
