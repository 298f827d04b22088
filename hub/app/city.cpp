#include "hub/app/city.h"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include "base/files.h"
#include "base/sqlite.h"
#include "hub/app/authority.h"

namespace tongban::app {

namespace {

constexpr std::chrono::seconds start_patience{30};
constexpr std::chrono::seconds stop_patience{10};

// A process that said in its ready file that it serves, and does: its number may be another's by
// now, so its arguments must name the folder.
bool serves(const std::filesystem::path& ready_file, const std::string& data) {
    const auto text = read_file(ready_file.string());
    const auto facts = text ? parse_json(*text) : Result<Json>(text.fault());
    if (!facts || !facts->is_object()) return false;
    const auto arguments =
        read_file("/proc/" + std::to_string(facts->value("pid", 0)) + "/cmdline");
    return arguments && arguments->find(data) != std::string::npos;
}

bool is_held(const std::filesystem::path& lock) {
    std::error_code error;
    return std::filesystem::exists(lock, error) && !FileLock::take(lock.string());
}

// What of a city works with the folder now; "": nothing.
std::string who_works_with(const std::string& data) {
    std::error_code error;
    if (is_held(data + "/demo.lock")) return "tongban demo";
    if (is_held(data + "/hub/hub.db.lock") || serves(data + "/hub/ready.json", data)) return "hub";
    for (const char* kind : {"connectors", "offices"}) {
        for (const auto& one : std::filesystem::directory_iterator(data + "/" + kind, error)) {
            if (is_held(one.path() / "connector.lock") || serves(one.path() / "ready.json", data))
                return std::string(kind) + "/" + one.path().filename().string();
        }
    }
    return "";
}

}  // namespace

std::string city_folder(const std::string& given) {
    namespace fs = std::filesystem;
    if (given.empty())
        return (fs::temp_directory_path() / ("tongban-demo-" + std::to_string(::getpid())))
            .string();
    const fs::path whole = fs::absolute(given).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).string();
}

Result<Done> City::claim() {
    const std::string who = who_works_with(plan_.data);
    if (!who.empty())
        return Fault{FaultKind::conflict,
                     "--data",
                     "a city runs in " + plan_.data + " already (" + who +
                         "): stop it (jq -r '.processes[].pid' " + plan_.data +
                         "/demo.json | xargs kill), or name another folder; nothing was touched"};
    if (auto made = make_folders(plan_.data, Access::owner_only); !made) return made;
    auto lock = FileLock::take(plan_.data + "/demo.lock");
    if (!lock) return lock.fault();
    claim_ = *std::move(lock);
    return Done{};
}

const std::string City::asker = "640100.housing-fund";
const std::vector<std::string> City::members = {
    "610100.housing-fund", "610100.social-security", "640100.real-estate", "640100.tax", asker};
const std::vector<std::string> City::whole_members = {"610100.housing-fund",
                                                      "610100.social-security",
                                                      "640100.approvals",
                                                      "640100.bank",
                                                      "640100.civil-affairs",
                                                      "640100.construction",
                                                      "640100.real-estate",
                                                      "640100.tax",
                                                      asker};

const std::vector<std::string>& City::here() const {
    return plan_.whole ? whole_members : members;
}

Result<Done> City::prepare_keys() {
    const auto folder = plan_.data + "/pki";
    if (std::filesystem::exists(folder + "/ca.key")) return Done{};
    auto authority = Authority::create(folder);
    if (!authority) return std::move(authority).fault();
    if (auto done = authority->issue_hub("hub.yc", {"localhost"}); !done) return done;
    // The hub wants the certificate of everybody in its directory, whether or not they are started.
    for (const std::string& file : files_below(plan_.configs + "/members", ".yaml")) {
        const std::string member = std::filesystem::path(file).stem().string();
        if (auto done = authority->issue_member(member, MemberRole::connector, Suite::es256); !done)
            return done;
    }
    return authority->issue_member("auditor", MemberRole::auditor, Suite::es256);
}

// An office that is started again makes the same books: the first day is told to it. The cases'
// clock is never behind the machine's: what the log has is in the machine's time, and theirs does
// not go back before it.
Result<Done> City::set_clock() {
    constexpr std::int64_t hour_ms = 3'600'000;
    const Instant now = SystemClock().now();
    const std::string today = iso(shanghai_date(now));
    const auto at_nine = [](const std::string& day) {
        return parse_iso_instant(day + "T09:00:00+08:00");
    };
    if (plan_.today.empty()) {
        const bool late = now.ms > at_nine(today)->ms + hour_ms;
        plan_.today = late ? iso(date_of_days(days_since_1970(shanghai_date(now)) + 1)) : today;
    }
    const Result<Instant> morning = at_nine(plan_.today);
    if (!morning) return morning.fault();
    const std::int64_t ahead_ms = std::max<std::int64_t>(morning->ms - now.ms, 0);
    return write_file_durably(clock_file(), std::to_string(ahead_ms) + "\n");
}

Result<Json> City::launch(const std::string& name,
                          std::vector<std::string> command,
                          const std::string& ready_file) {
    std::error_code ignored;
    std::filesystem::remove(ready_file, ignored);
    auto file_name = name;
    std::replace(file_name.begin(), file_name.end(), ' ', '.');
    const auto log = plan_.data + "/logs/" + file_name + ".log";
    auto process = Process::start(command, log, plan_.lifetime);
    if (!process) return std::move(process).fault();
    auto facts = process->wait_ready(ready_file, Deadline::after(start_patience));
    running_.push_back({name,
                        *std::move(process),
                        std::move(command),
                        ready_file,
                        log,
                        facts ? *facts : Json::object()});
    return facts;
}

Result<Done> City::start_office(const std::string& member) {
    const auto folder = plan_.data + "/offices/" + member;
    if (auto made = make_folders(folder, Access::owner_only); !made) return made;
    const auto ready = folder + "/ready.json";
    std::vector<std::string> command{program_beside("tongban-sandbox"),
                                     "office",
                                     member,
                                     "--data",
                                     folder,
                                     "--seed",
                                     std::to_string(plan_.seed),
                                     "--ready-file",
                                     ready};
    if (plan_.dirty) command.emplace_back("--dirty");
    if (!plan_.story.empty()) command.insert(command.end(), {"--story", plan_.story});
    if (!plan_.today.empty()) command.insert(command.end(), {"--today", plan_.today});
    if (plan_.whole) command.insert(command.end(), {"--clock", clock_file()});
    auto facts = launch("office " + member, std::move(command), ready);
    if (!facts) return std::move(facts).fault();
    return Done{};
}

Result<Done> City::start_hub() {
    const auto folder = plan_.data + "/hub";
    if (auto made = make_folders(folder, Access::owner_only); !made) return made;
    const auto ready = folder + "/ready.json";
    std::vector<std::string> command{own_program(),
                                     "hub",
                                     "--config",
                                     plan_.configs + "/hub.yaml",
                                     "--configs",
                                     plan_.configs,
                                     "--root",
                                     plan_.root,
                                     "--data",
                                     plan_.data,
                                     "--rpc-port",
                                     "0",
                                     "--lease-port",
                                     "0",
                                     "--status-port",
                                     "0",
                                     "--ready-file",
                                     ready};
    if (plan_.whole) command.insert(command.end(), {"--case-clock", clock_file()});
    auto facts = launch("hub", std::move(command), ready);
    if (!facts) return std::move(facts).fault();
    rpc_port_ = facts->value("rpc_port", 0);
    lease_port_ = facts->value("lease_port", 0);
    // Connectors are told the ports once, and demo.json tells all three: a hub that is started
    // again must take the same.
    auto& restart = running_.back().restart;
    for (std::size_t i = 0; i + 1 < restart.size(); ++i) {
        if (restart[i] == "--rpc-port") restart[i + 1] = std::to_string(rpc_port_);
        if (restart[i] == "--lease-port") restart[i + 1] = std::to_string(lease_port_);
        if (restart[i] == "--status-port")
            restart[i + 1] = std::to_string(facts->value("status_port", 0));
    }
    return Done{};
}

const Json* City::facts_of(const std::string& name) const {
    for (const auto& one : running_) {
        if (one.name == name) return &one.facts;
    }
    return nullptr;
}

std::vector<std::string> City::connector_settings(const std::string& member) const {
    std::vector<std::string> settings{"DATA=" + plan_.data,
                                      "ROOT=" + plan_.root,
                                      "HUB_HOST=localhost",
                                      "HUB_RPC_PORT=" + std::to_string(rpc_port_),
                                      "HUB_LEASE_PORT=" + std::to_string(lease_port_)};
    if (const auto* office = facts_of("office " + member)) {
        if (office->contains("port"))
            settings.push_back("OFFICE_PORT=" + std::to_string(office->value("port", 0)));
    }
    if (!plan_.odbc_connection.empty() && member == "610100.social-security")
        settings.push_back("ODBC_CONNECTION=" + plan_.odbc_connection);
    return settings;
}

Result<Done> City::start_connector(const std::string& member) {
    const auto folder = plan_.data + "/connectors/" + member;
    if (auto made = make_folders(folder, Access::owner_only); !made) return made;
    const auto ready = folder + "/ready.json";
    std::vector<std::string> command{own_program(),
                                     "connector",
                                     "--config",
                                     plan_.configs + "/connectors/" + member + ".yaml",
                                     "--ready-file",
                                     ready};
    for (const auto& setting : connector_settings(member)) {
        command.emplace_back("--set");
        command.push_back(setting);
    }
    auto facts = launch("connector " + member, std::move(command), ready);
    if (!facts) return std::move(facts).fault();
    // Its office knows it at one address: a restart keeps the port.
    if (const auto port = facts->value("port", 0); port != 0) {
        running_.back().restart.emplace_back("--set");
        running_.back().restart.push_back("REQUESTS_PORT=" + std::to_string(port));
    }
    return Done{};
}

Result<Done> City::start(const std::function<void(const std::string&)>& say) {
    if (auto made = make_folders(plan_.data + "/logs", Access::owner_only); !made) return made;
    say("keys: a demo authority, the hub, " + std::to_string(here().size()) + " members");
    if (auto done = prepare_keys(); !done) return done;
    if (plan_.whole) {
        if (auto done = set_clock(); !done) return done;
    }
    for (const auto& member : here()) {
        say("office " + member);
        if (auto done = start_office(member); !done) return done;
    }
    say("hub hub.yc");
    if (auto done = start_hub(); !done) return done;
    for (const auto& member : here()) {
        say("connector " + member);
        if (auto done = start_connector(member); !done) return done;
    }
    return describe();
}

void City::stop() {
    for (auto one = running_.rbegin(); one != running_.rend(); ++one)
        one->process.stop(stop_patience);
    running_.clear();
}

void City::vanish() {
    stop();
    std::error_code ignored;
    if (plan_.temporary) std::filesystem::remove_all(plan_.data, ignored);
}

void City::leave_running() {
    for (auto& one : running_)
        one.process.leave_running();
    running_.clear();
}

Result<Done> City::describe() const {
    Json processes = Json::object();
    for (const auto& one : running_) {
        auto entry = one.facts;
        entry["pid"] = one.process.pid();
        entry["restart"] = one.restart;
        entry["ready_file"] = one.ready_file;
        entry["log"] = one.log;
        processes[one.name] = std::move(entry);
    }
    const Json whole{{"seed", plan_.seed},
                     {"dirty", plan_.dirty},
                     {"today", plan_.today},
                     {"rpc_port", rpc_port_},
                     {"lease_port", lease_port_},
                     {"processes", processes}};
    return write_file_durably(plan_.data + "/demo.json", whole.dump(2) + "\n");
}

int City::requests_port() const {
    const auto* facts = facts_of("connector " + asker);
    return facts == nullptr ? 0 : facts->value("port", 0);
}

Result<std::string> City::enquiry() const {
    // Written where personal data may stand in clear: the office's own folder.
    const auto file = plan_.data + "/offices/" + asker + "/enquiry.xml";
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    std::vector<std::string> command{
        program_beside("tongban-sandbox"), "request", "--seed", std::to_string(plan_.seed)};
    if (plan_.dirty) command.emplace_back("--dirty");
    auto process = Process::start(command, file);
    if (!process) return std::move(process).fault();
    if (process->wait(start_patience) != 0)
        return Fault{FaultKind::unavailable,
                     "tongban-sandbox",
                     "the office's system could not write its request"};
    return read_file(file);
}

Result<std::string> City::received() const {
    auto book =
        Sqlite::open(plan_.data + "/offices/" + asker + "/office.db", SqliteMode::read_only);
    if (!book) return std::move(book).fault();
    auto newest = (*book)->prepare("SELECT body FROM deliveries ORDER BY at_ms DESC LIMIT 1");
    if (!newest) return std::move(newest).fault();
    auto row = newest->step();
    if (!row) return std::move(row).fault();
    if (!*row) return Fault{FaultKind::not_found, "office.db", "the asker has received nothing"};
    return newest->blob(0);
}

}  // namespace tongban::app
