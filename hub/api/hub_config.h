// HubConfig: configs/hub.yaml as plain values: where to listen, where the data and keys are, and
// every limit.
//
// Secrets stand in files, never in the configuration. An unknown key is a fault; a missing one
// takes the value that configs/hub.yaml documents. Paths are relative to the data folder unless
// they begin with /.
//
// Threads: value.
// Faults:  ConfigError with every fault and its line.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "hub/api/status_door.h"
#include "hub/exchange/exchange.h"

namespace tongban::api {

struct ListenConfig {
    std::string address = "127.0.0.1";
    int port = 0;  // 0: any free one
    std::size_t connections = 256;
};

struct DoorConfig {  // of both listeners
    std::size_t frame_bytes = 16U << 20;
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds receive{30'000};  // of one whole request
    std::chrono::milliseconds idle{300'000};    // between requests of one connection
    std::chrono::milliseconds send{30'000};
};

struct TlsConfig {
    std::string certificate = "pki/hub/tls.pem";
    std::string key = "pki/hub/tls.key";
    std::string authority = "pki/ca.pem";
    std::string revocations = "pki/crl.pem";
};

struct LogConfig {
    std::string key = "pki/hub/log.key";
    std::string high_water = "hub/log.mark";
    std::size_t gather = 64;
    std::chrono::milliseconds gather_for{10};
    std::vector<std::string> witnesses;  // vkeys
    std::size_t witnesses_needed = 0;
};

struct CasesConfig {  // hub/cases/cases.h: CasesTerms
    std::size_t causes_a_turn = 1'024;
    std::size_t timers_a_turn = 100;
    std::size_t calls_a_turn = 1'024;
    std::size_t backlog = 10'000;
    std::size_t states_kept = 4'096;
    std::chrono::milliseconds timer_window{600'000};
    std::chrono::milliseconds jump_limit{300'000};
    std::chrono::milliseconds ask_after{60'000};
    std::chrono::milliseconds idle{20};
    std::string clock;  // a file (base/shifted_clock.h); "": the machine's clock
};

struct HubConfig {
    std::string hub = "hub.yc";
    std::string database = "hub/hub.db";
    std::string sealing_key = "hub/sealing.key";
    std::string pki = "pki";
    ListenConfig rpc;
    ListenConfig lease;
    StatusConfig status;
    DoorConfig door;
    TlsConfig tls;
    LogConfig log;
    exchange::ExchangeTerms exchange;
    CasesConfig cases;
    std::size_t store_queue = 4'096;

    static HubConfig load(const std::string& path);
    // The same with every relative path below the data folder.
    [[nodiscard]] HubConfig below(const std::string& data) const;
};

}  // namespace tongban::api
