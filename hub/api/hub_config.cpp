#include "hub/api/hub_config.h"

#include <algorithm>
#include <thread>

namespace tongban::api {

namespace {

using std::chrono::milliseconds;

std::int64_t at_least_one(const YamlMap& map, std::string_view key, std::int64_t fallback) {
    const std::int64_t value = map.integer_or(key, fallback);
    if (value >= 1) return value;
    map.at(key).fault("expected a number of at least 1");
    return fallback;
}

std::size_t count(const YamlMap& map, std::string_view key, std::size_t fallback) {
    return static_cast<std::size_t>(at_least_one(map, key, static_cast<std::int64_t>(fallback)));
}

milliseconds span(const YamlMap& map, std::string_view key, milliseconds fallback) {
    return milliseconds(at_least_one(map, key, fallback.count()));
}

void read_listen(const YamlValue& value, ListenConfig& listen) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"address", "port", "connections"});
    listen.address = map.text_or("address", listen.address);
    listen.port = static_cast<int>(map.integer_or("port", listen.port));
    listen.connections = count(map, "connections", listen.connections);
    if (listen.port < 0 || listen.port > 65'535) map.at("port").fault("expected 0 to 65535");
}

void read_status(const YamlValue& value, StatusConfig& status) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"address", "port"});
    status.address = map.text_or("address", status.address);
    status.port = static_cast<int>(map.integer_or("port", status.port));
    if (status.port < 0 || status.port > 65'535) map.at("port").fault("expected 0 to 65535");
}

void read_door(const YamlValue& value, DoorConfig& door) {
    if (!value.exists()) return;
    const YamlMap map =
        value.map({"frame_bytes", "handshake_ms", "receive_ms", "idle_ms", "send_ms"});
    door.frame_bytes = count(map, "frame_bytes", door.frame_bytes);
    door.handshake = span(map, "handshake_ms", door.handshake);
    door.receive = span(map, "receive_ms", door.receive);
    door.idle = span(map, "idle_ms", door.idle);
    door.send = span(map, "send_ms", door.send);
}

void read_tls(const YamlValue& value, TlsConfig& tls) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"certificate", "key", "authority", "revocations"});
    tls.certificate = map.text_or("certificate", tls.certificate);
    tls.key = map.text_or("key", tls.key);
    tls.authority = map.text_or("authority", tls.authority);
    tls.revocations = map.text_or("revocations", tls.revocations);
}

void read_log(const YamlValue& value, LogConfig& log) {
    if (!value.exists()) return;
    const YamlMap map =
        value.map({"key", "high_water", "gather", "gather_ms", "witnesses", "witnesses_needed"});
    log.key = map.text_or("key", log.key);
    log.high_water = map.text_or("high_water", log.high_water);
    log.gather = count(map, "gather", log.gather);
    log.gather_for = span(map, "gather_ms", log.gather_for);
    log.witnesses = map.texts_if("witnesses");
    log.witnesses_needed = static_cast<std::size_t>(map.integer_or("witnesses_needed", 0));
    if (log.witnesses_needed > log.witnesses.size()) {
        map.at("witnesses_needed").fault("more than there are witnesses");
    }
}

void read_lanes(const YamlValue& value, HubConfig& config) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"work_threads",
                                   "work_queue",
                                   "settle_threads",
                                   "settle_queue",
                                   "commit_queue",
                                   "open_exchanges"});
    exchange::ExchangeTerms& terms = config.exchange;
    terms.work_threads = count(map, "work_threads", terms.work_threads);
    terms.work_queue = count(map, "work_queue", terms.work_queue);
    terms.settle_threads = count(map, "settle_threads", terms.settle_threads);
    terms.settle_queue = count(map, "settle_queue", terms.settle_queue);
    terms.open_exchanges = count(map, "open_exchanges", terms.open_exchanges);
    config.store_queue = count(map, "commit_queue", config.store_queue);
}

void read_asking(const YamlValue& value, exchange::ExchangeTerms& terms) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"lease_ms",
                                   "waiting_per_member",
                                   "attempts",
                                   "pause_ms",
                                   "longest_wait_ms",
                                   "breaker_failures",
                                   "breaker_pause_ms",
                                   "breaker_longest_ms"});
    terms.board.lease = span(map, "lease_ms", terms.board.lease);
    terms.board.waiting_per_member =
        count(map, "waiting_per_member", terms.board.waiting_per_member);
    terms.ask_attempts =
        static_cast<std::int32_t>(at_least_one(map, "attempts", terms.ask_attempts));
    terms.ask_pause = span(map, "pause_ms", terms.ask_pause);
    terms.longest_wait = span(map, "longest_wait_ms", terms.longest_wait);
    exchange::BreakerTerms& breaker = terms.board.breaker;
    breaker.failures =
        static_cast<std::int32_t>(at_least_one(map, "breaker_failures", breaker.failures));
    breaker.pause = span(map, "breaker_pause_ms", breaker.pause);
    breaker.longest_pause = span(map, "breaker_longest_ms", breaker.longest_pause);
}

void read_admission(const YamlValue& value, exchange::AdmissionTerms& terms) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"body_bytes", "clock_behind_ms", "clock_ahead_ms"});
    terms.body_bytes = count(map, "body_bytes", terms.body_bytes);
    terms.clock_behind = span(map, "clock_behind_ms", terms.clock_behind);
    terms.clock_ahead = span(map, "clock_ahead_ms", terms.clock_ahead);
}

void read_cases(const YamlValue& value, CasesConfig& cases) {
    if (!value.exists()) return;
    const YamlMap map = value.map({"causes_a_turn",
                                   "timers_a_turn",
                                   "calls_a_turn",
                                   "backlog",
                                   "states_kept",
                                   "timer_window_ms",
                                   "jump_limit_ms",
                                   "ask_after_ms",
                                   "idle_ms",
                                   "clock"});
    cases.causes_a_turn = count(map, "causes_a_turn", cases.causes_a_turn);
    cases.timers_a_turn = count(map, "timers_a_turn", cases.timers_a_turn);
    cases.calls_a_turn = count(map, "calls_a_turn", cases.calls_a_turn);
    cases.backlog = count(map, "backlog", cases.backlog);
    cases.states_kept = count(map, "states_kept", cases.states_kept);
    cases.timer_window = span(map, "timer_window_ms", cases.timer_window);
    cases.jump_limit = span(map, "jump_limit_ms", cases.jump_limit);
    cases.ask_after = span(map, "ask_after_ms", cases.ask_after);
    cases.idle = span(map, "idle_ms", cases.idle);
    cases.clock = map.text_or("clock", cases.clock);
}

}  // namespace

HubConfig HubConfig::load(const std::string& path) {
    const YamlFile file(path);
    const YamlMap map = file.root().map({"hub",
                                         "database",
                                         "sealing_key",
                                         "pki",
                                         "rpc",
                                         "lease",
                                         "status",
                                         "door",
                                         "tls",
                                         "log",
                                         "lanes",
                                         "asking",
                                         "admission",
                                         "cases"});
    HubConfig config;
    config.exchange.work_threads = std::max(1U, std::thread::hardware_concurrency());
    config.hub = map.text("hub");
    config.database = map.text_or("database", config.database);
    config.sealing_key = map.text_or("sealing_key", config.sealing_key);
    config.pki = map.text_or("pki", config.pki);
    read_listen(map.find("rpc"), config.rpc);
    read_listen(map.find("lease"), config.lease);
    read_status(map.find("status"), config.status);
    read_door(map.find("door"), config.door);
    read_tls(map.find("tls"), config.tls);
    read_log(map.find("log"), config.log);
    read_lanes(map.find("lanes"), config);
    read_asking(map.find("asking"), config.exchange);
    read_admission(map.find("admission"), config.exchange.admission);
    config.exchange.admission.hub = config.hub;
    read_cases(map.find("cases"), config.cases);
    file.check();
    return config;
}

HubConfig HubConfig::below(const std::string& data) const {
    HubConfig config = *this;
    for (std::string* path : {&config.database,
                              &config.sealing_key,
                              &config.pki,
                              &config.tls.certificate,
                              &config.tls.key,
                              &config.tls.authority,
                              &config.tls.revocations,
                              &config.log.key,
                              &config.log.high_water,
                              &config.cases.clock}) {
        if (!path->empty() && !path->starts_with('/')) *path = data + "/" + *path;
    }
    return config;
}

}  // namespace tongban::api
