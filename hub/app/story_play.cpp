#include "hub/app/story_play.h"

#include <charconv>
#include <filesystem>
#include <thread>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "connectors/http/http_client.h"
#include "hub/app/interrupt.h"
#include "hub/app/process.h"

namespace tongban::app {

namespace {

constexpr std::chrono::seconds patience{120};
constexpr std::chrono::seconds sandbox_patience{30};
constexpr std::chrono::milliseconds look_again{40};
constexpr std::chrono::milliseconds still{2'500};  // nothing moved for so long: a day may pass
constexpr int most_days_alone = 40;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t far_days = 60;
constexpr std::uint64_t longest_file = 16U << 20;

std::string text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

Result<std::int64_t> number_in(const std::string& file) {
    const Result<std::string> text = read_file(file, longest_file);
    if (!text) return text.fault();
    const std::string number = trim(*text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size())
        return Fault{FaultKind::malformed, file, "expected one number"};
    return value;
}

}  // namespace

StoryPlay::StoryPlay(const City& city, Say say, Reached reached)
    : city_(city), say_(std::move(say)), reached_(std::move(reached)) {}

StoryPlay::~StoryPlay() = default;

Result<Json> StoryPlay::sandbox(const std::vector<std::string>& arguments) const {
    // The sheet holds what citizens tell offices: it stands where personal data may.
    const std::string file = city_.plan().data + "/offices/story.json";
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    std::vector<std::string> command{program_beside("tongban-sandbox")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(),
                   {"--seed", std::to_string(city_.plan().seed), "--today", city_.plan().today});
    auto process = Process::start(command, file);
    if (!process) return std::move(process).fault();
    if (process->wait(sandbox_patience) != 0)
        return Fault{FaultKind::unavailable, "tongban-sandbox", "the story could not be told"};
    const Result<std::string> text = read_file(file, longest_file);
    if (!text) return text.fault();
    return parse_json(*text);
}

Result<Done> StoryPlay::begin() {
    HubAddress address;
    address.data = city_.plan().data;
    address.rpc_port = city_.rpc_port();
    address.identity = "auditor";
    auto client = HubClient::open(address);
    if (!client) return std::move(client).fault();
    client_ = *std::move(client);
    office_ = std::make_unique<connectors::HttpClient>(connectors::HttpSettings{});
    auto sheet = sandbox({"story", city_.plan().story});
    if (!sheet) return std::move(sheet).fault();
    sheet_ = *std::move(sheet);
    const Result<std::int64_t> ahead = number_in(city_.clock_file());
    if (!ahead) return ahead.fault();
    ahead_ms_ = *ahead;
    return Done{};
}

Instant StoryPlay::now() const {
    return Instant{SystemClock().now().ms + ahead_ms_};
}

Result<Done> StoryPlay::move_clock(Instant to) {
    const std::int64_t ahead = to.ms - SystemClock().now().ms;
    if (ahead <= ahead_ms_) return Done{};  // it never goes back
    ahead_ms_ = ahead;
    return write_file_durably(city_.clock_file(), std::to_string(ahead) + "\n");
}

// Each day comes, as far as it is not years away, so that what falls due on it happens on it.
Result<Done> StoryPlay::pass_days_until(Date day) {
    constexpr std::int64_t morning_ms = std::int64_t{9 * 60 + 30} * 60'000;
    constexpr std::int64_t zone_ms = 8LL * 3'600'000;
    const std::int64_t last = days_since_1970(day);
    std::int64_t today = days_since_1970(shanghai_date(now()));
    while (today < last) {
        today = last - today > far_days ? last - 1 : today + 1;
        if (auto done = move_clock(Instant{today * day_ms + morning_ms - zone_ms}); !done)
            return done;
        std::this_thread::sleep_for(look_again);
        if (auto done = look(); !done) return done;
    }
    return Done{};
}

// The states that steps brought since it was last looked at, in their order.
void StoryPlay::note_states() {
    for (const Json& step : document_.value("steps", Json::array())) {
        const std::int64_t no = step.value("no", std::int64_t{0});
        if (step.contains("light")) lights_[no] = text_of(step, "light");
        const std::string state = text_of(step, "state");
        if (state.empty() || text_of(step, "status") != "done" || !noted_.insert(no).second)
            continue;
        if (state == last_state_) continue;
        last_state_ = state;
        StateReached reached;
        reached.state = state;
        reached.zh = text_of(step, "state_zh");
        reached.en = text_of(step, "state_en");
        reached.light = lights_.contains(no) ? lights_[no] : "green";
        reached.day = iso(shanghai_date(Instant{step.value("ended_ms", std::int64_t{0})}));
        reached.member = text_of(step, "member");
        reached_(reached);
    }
}

Result<Done> StoryPlay::look() {
    if (interrupted()) return interruption();
    std::string number = text_of(document_, "number");
    if (number.empty()) {
        CaseFilter filter;
        filter.attribute = "application";
        filter.value = text_of(sheet_, "application");
        const Result<Json> page = client_->list_cases(filter);
        if (!page) return page.fault();
        if ((*page)["cases"].empty()) return Done{};
        number = text_of((*page)["cases"][0], "number");
    }
    Result<Json> document = client_->show_case(number);
    if (!document) return document.fault();
    document_ = *std::move(document);
    note_states();
    return Done{};
}

// What the story's officers decide, when the case is at that.
Result<Done> StoryPlay::decide() {
    for (const Json& step : document_.value("steps", Json::array())) {
        if (text_of(step, "kind") != "task" || step.value("ended_ms", std::int64_t{0}) != 0)
            continue;
        const std::int64_t no = step.value("no", std::int64_t{0});
        for (const Json& decision : sheet_.value("decisions", Json::array())) {
            if (text_of(decision, "step") != text_of(step, "step") || decided_.contains(no))
                continue;
            HubAddress address;
            address.data = city_.plan().data;
            address.rpc_port = city_.rpc_port();
            address.identity = text_of(step, "member");
            auto member = HubClient::open(address);
            if (!member) return std::move(member).fault();
            CaseOrderForm form;
            form.request_id = uuid_v7(SystemClock().now());
            form.action = "decide";
            form.case_number = text_of(document_, "number");
            form.subject = std::to_string(no);
            form.choice = text_of(decision, "action");
            form.officer = "officer-1";
            say_("== an officer of " + address.identity + " decides: " + form.choice);
            if (const auto done = (*member)->order(form); !done) return done.fault();
            decided_.insert(no);
        }
    }
    return Done{};
}

bool StoryPlay::waits_for_officer() const {
    for (const Json& step : document_.value("steps", Json::array()))
        if (text_of(step, "kind") == "task" && step.value("ended_ms", std::int64_t{0}) == 0)
            return true;
    return false;
}

// When nothing has moved for a while, a day passes: whatever is waited for may be a day.
Result<Done> StoryPlay::wait_until(const std::function<bool()>& fits) {
    const Deadline deadline = Deadline::after(patience);
    std::int64_t revision = -1;
    Deadline quiet = Deadline::after(still);
    int days = 0;
    for (;;) {
        if (auto done = look(); !done) return done;
        if (auto done = decide(); !done) return done;
        if (fits()) return Done{};
        if (deadline.passed() || days > most_days_alone)
            return Fault{FaultKind::expired,
                         "case",
                         "it stands still in " + text_of(document_, "state") + ", " +
                             text_of(document_, "status")};
        const std::int64_t seen = document_.value("revision", std::int64_t{0});
        if (seen != revision) {
            revision = seen;
            quiet = Deadline::after(still);
        } else if (quiet.passed()) {
            ++days;
            quiet = Deadline::after(still);
            if (auto done = move_clock(Instant{now().ms + day_ms}); !done) return done;
        }
        std::this_thread::sleep_for(look_again);
    }
}

Result<Done> StoryPlay::ready_for(const Json& message) {
    if (message.value("n", 0) > 1) {
        const std::string waits = text_of(message, "waits");
        auto ready = wait_until([&] {
            if (!waits.empty()) return text_of(document_, "state") == waits;
            const std::string status = text_of(document_, "status");
            return !waits_for_officer() && (status == "waiting" || status == "incident");
        });
        if (!ready) return ready;
    }
    const std::string on = text_of(message, "on");
    if (on.empty()) return Done{};
    const Result<Date> day = parse_iso_date(on);
    return day ? pass_days_until(*day) : Result<Done>(day.fault());
}

Result<Json> StoryPlay::http(const std::string& method,
                             const std::string& url,
                             const std::string& body) {
    connectors::HttpRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    const char* type = body.starts_with('{') ? "application/json" : "application/xml";
    if (!body.empty()) request.headers = {{"Content-Type", std::string(type) + "; charset=UTF-8"}};
    const auto answer = office_->send(request, Deadline::after(sandbox_patience));
    if (!answer) return answer.fault();
    if (answer->status >= 400)
        return Fault{FaultKind::refused, url, "HTTP " + std::to_string(answer->status)};
    return parse_json(answer->body);
}

Result<Done> StoryPlay::send(const Json& message) {
    const std::string member = text_of(message, "member");
    const Result<std::int64_t> port =
        number_in(city_.plan().data + "/connectors/" + member + "/requests.port");
    if (!port) return port.fault();
    const std::string address = "http://127.0.0.1:" + std::to_string(*port);
    const std::string at = text_of(message, "at");
    say_("== " + member + " sends its own " + text_of(message, "kind"));
    const Result<Json> taken =
        http("POST", address + (at.empty() ? "/requests" : at), text_of(message, "body"));
    if (!taken) return taken.fault();
    return hear(message, address);
}

Result<Done> StoryPlay::hear(const Json& message, const std::string& address) {
    const Deadline deadline = Deadline::after(patience);
    for (;;) {
        const Result<Json> told =
            http("GET", address + "/requests/" + text_of(message, "serial"), "");
        if (!told) return told.fault();
        if (auto done = look(); !done) return done;
        if (told->value("final", false)) {
            const std::string state = text_of(*told, "state");
            if (state == "delivered") return Done{};
            return Fault{FaultKind::refused,
                         text_of(message, "kind"),
                         state + " " + text_of(*told, "zh") + " " + text_of(*told, "en")};
        }
        if (deadline.passed())
            return Fault{FaultKind::expired, text_of(message, "kind"), "no outcome in time"};
        std::this_thread::sleep_for(look_again);
    }
}

Result<Done> StoryPlay::play() {
    if (auto begun = begin(); !begun) return begun;
    for (const Json& message : sheet_.value("messages", Json::array())) {
        if (auto ready = ready_for(message); !ready) return ready;
        if (auto sent = send(message); !sent) return sent;
    }
    return wait_until([&] {
        const std::string status = text_of(document_, "status");
        return status == "done" || status == "cancelled";
    });
}

}  // namespace tongban::app
