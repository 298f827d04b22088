// tongban-bench-load: both ends of many exchanges through one hub, in a closed loop. Prints "begin"
// and "end" around the measured window and then one JSON object.
//
// Exit codes: 0 measured, 1 something failed.
#include <algorithm>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include <CLI/CLI.hpp>
#include <csignal>
#include <thrift/TOutput.h>

#include "base/json.h"
#include "base/text.h"
#include "tests/bench/asker_load.h"
#include "tests/bench/provider_load.h"

namespace {

using namespace tongban;
using namespace tongban::bench;

double percentile_ms(const std::vector<std::int64_t>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
    return static_cast<double>(sorted[at]) / 1000.0;
}

Json told(Measured measured) {
    auto& latencies = measured.latencies_us;
    std::sort(latencies.begin(), latencies.end());
    Json failures = Json::object();
    for (const auto& [what, count] : measured.failures)
        failures[what] = count;
    return Json{{"calls", latencies.size()},
                {"seconds", measured.seconds},
                {"per_second", static_cast<double>(latencies.size()) / measured.seconds},
                {"p50_ms", percentile_ms(latencies, 0.50)},
                {"p99_ms", percentile_ms(latencies, 0.99)},
                {"document_bytes", measured.document_bytes},
                {"failures", failures}};
}

// "12:<hex>", as an earlier run told it.
connectors::ChainHead chain_from(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return {};
    const Result<std::string> hash = from_hex(std::string_view(text).substr(colon + 1));
    const Result<Digest> digest = hash ? digest_from(*hash) : Result<Digest>(hash.fault());
    if (!digest) throw std::runtime_error("--journal: " + digest.fault().reason);
    return {std::stoll(text.substr(0, colon)), *digest};
}

int run(const LoadPlan& plan, bool empty_calls, std::size_t prepared, const std::string& prefix) {
    if (empty_calls) {
        std::cout << told(run_empty_calls(plan)).dump() << "\n";
        return 0;
    }
    const std::vector<Person> people = load_people(plan.people);
    PreparedRequests requests(signer_of(plan.data, asker), people, prefix, prepared);
    ProviderLoad office(plan, people);
    Json result = told(run_exchanges(plan, requests));
    result["leases"] = office.leases();
    result["completes"] = office.completes();
    result["jobs"] = office.jobs();
    const connectors::ChainHead chain = office.chain();
    result["journal"] = std::to_string(chain.number) + ":" + hex(chain.hash);
    result["provider_failure"] = office.failure();
    std::cout << result.dump() << "\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    LoadPlan plan;
    bool empty_calls = false;
    std::size_t prepared = 20'000;
    std::string prefix = "bench-";
    std::string journal;
    CLI::App app("Askers and a provider for a benchmark of the hub", "tongban-bench-load");
    app.add_option("--data", plan.data, "data folder that holds pki/")->required();
    app.add_option("--people", plan.people, "folder of N.request and N.certificate");
    app.add_option("--rpc-port", plan.rpc_port)->required();
    app.add_option("--lease-port", plan.lease_port)->required();
    app.add_option("--outstanding", plan.outstanding, "exchanges under way at once")
        ->check(CLI::Range(1, 512));
    app.add_option("--warm-seconds", plan.warm_seconds);
    app.add_option("--seconds", plan.seconds, "measured");
    app.add_option("--lease-jobs", plan.lease_jobs, "most jobs in one lease");
    app.add_option("--requests", prepared, "signed before the clock runs");
    app.add_option(
        "--prefix", prefix, "of the request ids: one of its own for each run against one hub");
    app.add_option("--journal",
                   journal,
                   "NUMBER:HASH where the provider's journal goes on: of an earlier report");
    app.add_flag("--empty-calls", empty_calls, "only calls that do nothing: what TLS and RPC cost");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    apache::thrift::GlobalOutput.setOutputFunction(
        [](const char*) {});  // its words about a connection that we end
    try {
        plan.journal = chain_from(journal);
        return run(plan, empty_calls, prepared, prefix);
    } catch (const std::exception& error) {
        std::cerr << "tongban-bench-load: " << error.what() << "\n";
        return 1;
    }
}
