#include "tests/bench/case_engine.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "base/files.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/bench/case_hub.h"
#include "tests/bench/measure.h"

namespace tongban::bench {
namespace {

constexpr std::size_t moving = 2'000;  // cases under way at once

std::string new_folder(const std::string& path) {
    if (!make_folders(path, Access::owner_only)) throw std::runtime_error("no folder " + path);
    return path;
}

void keep_moving(CaseHub& hub) {
    if (hub.under_way() < moving) hub.open_cases(moving - hub.under_way(), false);
    hub.turn();
}

// Steps a second with so many open cases beside; a new case for each that ends.
Json measure_engine(CaseHub& hub, double seconds) {
    for (const auto begin = Steady::now(); seconds_since(begin) < seconds / 4;)
        keep_moving(hub);
    const std::uint64_t steps = hub.steps();
    const double cpu = cpu_seconds();
    const auto threads = cpu_by_thread();
    const auto begin = Steady::now();
    while (seconds_since(begin) < seconds)
        keep_moving(hub);
    const double took = seconds_since(begin);
    const auto done = static_cast<double>(hub.steps() - steps);
    Json result = {{"open_cases", hub.parked() + hub.under_way()},
                   {"steps", done},
                   {"steps_per_second", done / took},
                   {"cpu_us", (cpu_seconds() - cpu) * 1e6 / done}};
    for (const auto& [name, spent] : cpu_by_thread()) {
        const auto before = threads.find(name);
        const double us = (spent - (before == threads.end() ? 0 : before->second)) * 1e6 / done;
        if (us > 0) result["cpu_us_by_thread"][name] = us;
    }
    hub.rest();
    return result;
}

std::size_t bytes_of(const store::Batch& batch, std::map<std::string, std::size_t>& counted) {
    std::size_t bytes = 0;
    for (const store::Mutation& one : batch.mutations) {
        if (const auto* put = std::get_if<store::PutCase>(&one)) {
            bytes += put->row.state.size();
            counted["state_bytes"] += put->row.state.size();
        } else if (const auto* update = std::get_if<store::UpdateCase>(&one)) {
            bytes += update->row.state.size();
            counted["state_bytes"] += update->row.state.size();
        } else if (const auto* record = std::get_if<store::PutCaseRecord>(&one)) {
            ++counted["records_put"];
            counted["record_bytes"] += record->row.body.size();
        } else if (std::get_if<store::PutStep>(&one) != nullptr) {
            ++counted["steps_put"];
        } else if (std::get_if<store::UpdateStep>(&one) != nullptr) {
            ++counted["steps_updated"];
        } else if (const auto* call = std::get_if<store::PutCall>(&one)) {
            ++counted["calls_put"];
            counted["call_bytes"] += call->row.body.size();
        } else if (std::get_if<store::DropCall>(&one) != nullptr) {
            ++counted["calls_dropped"];
        } else if (std::get_if<store::PutTimer>(&one) != nullptr) {
            ++counted["timers_put"];
        } else if (std::get_if<store::DropTimer>(&one) != nullptr) {
            ++counted["timers_dropped"];
        } else if (std::get_if<store::PutCaseInbox>(&one) != nullptr) {
            ++counted["messages"];
        } else if (const auto* leaf = std::get_if<store::PutCaseLeaf>(&one)) {
            counted["leaf_bytes"] += leaf->leaf_before.size() + leaf->leaf_after.size();
        } else {
            ++counted["other"];
        }
    }
    return bytes;
}

// What a step is: rows and bytes of the engine's own batches, on the average.
Json weigh(const std::vector<store::Batch>& batches) {
    std::map<std::string, std::size_t> counted;
    std::size_t rows = 0;
    for (const store::Batch& batch : batches) {
        rows += batch.mutations.size();
        bytes_of(batch, counted);
    }
    const auto each = static_cast<double>(batches.size());
    Json result = {{"steps", batches.size()}, {"row_writes", static_cast<double>(rows) / each}};
    for (const auto& [name, count] : counted)
        result[name] = static_cast<double>(count) / each;
    return result;
}

// The same batches into an empty store, so many to a group.
Json replay(const std::string& folder,
            const std::vector<store::Batch>& batches,
            std::size_t group) {
    auto store = store::open_sqlite(folder + "/cases.db");
    if (!store) throw std::runtime_error(store.fault().reason);
    double cpu = 0;
    double took = 0;
    for (std::size_t at = 0; at < batches.size(); at += group) {
        std::vector<store::Batch> some;
        for (std::size_t i = at; i < std::min(at + group, batches.size()); ++i)
            some.push_back(batches[i]);
        const double cpu_before = cpu_seconds();
        const auto begin = Steady::now();
        for (const auto& answer : (*store)->apply_all(std::move(some)))
            if (!answer) throw std::runtime_error("replay: " + answer.fault().where);
        took += seconds_since(begin);
        cpu += cpu_seconds() - cpu_before;
    }
    const auto steps = static_cast<double>(batches.size());
    return {{"batch", group}, {"steps_per_second", steps / took}, {"cpu_us", cpu * 1e6 / steps}};
}

}  // namespace

Json bench_engine(const EnginePlan& plan) {
    const CaseStory story(plan.root);
    Json result = Json::object();
    std::vector<store::Batch> batches;
    {
        CaseHub hub(new_folder(plan.folder + "/story"), story);
        hub.record = &batches;
        std::size_t opened = 0;
        while (opened < plan.replayed) {
            const std::size_t some = std::min(moving - hub.under_way(), plan.replayed - opened);
            hub.open_cases(some, false);
            opened += some;
            hub.turn();
        }
        hub.rest();
    }
    result["step"] = weigh(batches);
    result["replay"] = Json::array();
    for (const std::size_t group : {64U, 256U, 1024U})
        result["replay"].push_back(
            replay(new_folder(plan.folder + "/replay-" + std::to_string(group)), batches, group));
    batches.clear();
    batches.shrink_to_fit();
    CaseHub hub(new_folder(plan.folder + "/engine"), story);
    result["runs"] = Json::array();
    for (const std::size_t open : {plan.few, plan.many}) {
        if (open < hub.parked()) continue;
        for (std::size_t left = open - hub.parked(); left > 0;) {
            const std::size_t some = std::min(left, moving);
            hub.open_cases(some, true);
            hub.rest();
            left -= some;
        }
        result["runs"].push_back(measure_engine(hub, plan.seconds));
    }
    result["restart_seconds"] = hub.restart();
    return result;
}

}  // namespace tongban::bench
