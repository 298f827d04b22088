// What the store makes of cases: durable steps a second through group commit beside the disk's own
// fsync rate, and what reads cost over many cases. Prints one JSON object.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/sqlite.h"
#include "hub/store/sqlite/internal/writer.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/bench/case_engine.h"
#include "tests/bench/measure.h"
#include "tests/support/case_samples.h"
#include "tests/support/temporary_folder.h"

namespace tongban::bench {
namespace {

using support::SampleCase;
using Clock = Steady;

double percentile(std::vector<double>& values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

[[noreturn]] void give_up(const Fault& fault) {
    std::fprintf(stderr, "bench: %s: %s\n", fault.where.c_str(), fault.reason.c_str());
    std::exit(1);
}

template <typename T>
T need(Result<T> result) {
    if (!result) give_up(result.fault());
    return *std::move(result);
}

// Appends 8 KiB and asks for it to be durable, as often as it goes.
double fsyncs_per_second(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::string page(8192, 'p');
    std::uint64_t count = 0;
    const auto begin = Clock::now();
    while (seconds_since(begin) < 1.0) {
        if (::write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
            ::fdatasync(file) != 0)
            give_up({FaultKind::unavailable, path, "the disk does not write"});
        ++count;
    }
    const double rate = static_cast<double>(count) / seconds_since(begin);
    ::close(file);
    return rate;
}

// What one row of 3 kB costs SQLite alone, a hundred to a commit: CPU, us. The measure of how busy
// the machine is just now.
double row_alone_us(const std::string& path) {
    const auto database = need(Sqlite::open(path, SqliteMode::write));
    need(database->execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)"));
    const std::string bytes(3000, 'b');
    constexpr int commits = 100;
    constexpr int rows = 100;
    const double cpu = cpu_seconds();
    for (int i = 0; i < commits; ++i) {
        need(database->execute("BEGIN IMMEDIATE"));
        for (int j = 0; j < rows; ++j)
            need(need(database->prepare("INSERT INTO t(b) VALUES(?)")).bind_blob(1, bytes).run());
        need(database->execute("COMMIT"));
    }
    return (cpu_seconds() - cpu) * 1e6 / commits / rows;
}

// A caller owns its cases and brings them on in turn, `batch` of them to a commit.
class Caller {
public:
    Caller(store::Store& store, std::vector<SampleCase> cases, std::size_t batch)
        : store_(store), cases_(std::move(cases)), batch_(batch) {}

    void run(const std::atomic<bool>& stop) {
        while (!stop.load(std::memory_order_relaxed)) {
            std::vector<store::Batch> batches;
            for (std::size_t i = 0; i < batch_; ++i)
                batches.push_back(support::next_step(cases_[next_++ % cases_.size()]));
            const auto begin = Clock::now();
            for (const auto& answer : store_.apply_all(std::move(batches)))
                if (!answer) give_up(answer.fault());
            commits_us_.push_back(seconds_since(begin) * 1e6);
            steps_ += batch_;
        }
    }
    std::vector<SampleCase> take_cases() { return std::move(cases_); }
    [[nodiscard]] std::uint64_t steps() const { return steps_; }
    [[nodiscard]] const std::vector<double>& commits_us() const { return commits_us_; }

private:
    store::Store& store_;
    std::vector<SampleCase> cases_;
    const std::size_t batch_;
    std::size_t next_ = 0;
    std::uint64_t steps_ = 0;
    std::vector<double> commits_us_;
};

Json measure_steps(store::Store& store,
                   std::vector<std::vector<SampleCase>>& cases,
                   std::size_t callers,
                   std::size_t batch,
                   double seconds) {
    std::vector<std::unique_ptr<Caller>> all;
    for (std::size_t i = 0; i < callers; ++i)
        all.push_back(std::make_unique<Caller>(store, std::move(cases[i]), batch));
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    const double cpu = cpu_seconds();
    const auto begin = Clock::now();
    threads.reserve(callers);
    for (auto& caller : all)
        threads.emplace_back([&stop, &caller] { caller->run(stop); });
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
    for (auto& thread : threads)
        thread.join();
    const double took = seconds_since(begin);
    const double spent = cpu_seconds() - cpu;
    double steps = 0;
    std::vector<double> commits;
    for (std::size_t i = 0; i < callers; ++i) {
        steps += static_cast<double>(all[i]->steps());
        commits.insert(commits.end(), all[i]->commits_us().begin(), all[i]->commits_us().end());
        cases[i] = all[i]->take_cases();
    }
    return {{"callers", callers},
            {"batch", batch},
            {"steps_per_second", steps / took},
            {"cpu_us", spent * 1e6 / steps},
            {"commit_p50_us", percentile(commits, 0.5)},
            {"commit_p99_us", percentile(commits, 0.99)}};
}

void apply_each(store::Store& store, std::vector<store::Batch>& batches) {
    for (const auto& answer : store.apply_all(std::exchange(batches, {})))
        if (!answer) give_up(answer.fault());
}

Json bench_steps(const std::string& folder, std::size_t count, double seconds) {
    Json result = Json::object();
    result["fsync_per_second"] = fsyncs_per_second(folder + "/fsync");
    result["row_alone_cpu_us"] = row_alone_us(folder + "/row.db");
    const std::string path = folder + "/steps.db";
    const auto store = need(store::open_sqlite(path, {}));
    std::vector<std::vector<SampleCase>> cases(2);
    std::vector<store::Batch> batches;
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        cases[i % 2].push_back(support::sample_case(*store, std::to_string(i)));
        batches.push_back(support::opening(cases[i % 2].back()));
        if (batches.size() == 64) apply_each(*store, batches);
    }
    apply_each(*store, batches);
    result["openings_per_second"] = static_cast<double>(count) / seconds_since(begin);
    result["steps"] = Json::array();
    // As callers bring them: the cases of a commit are of any shard. As the owner of a few shards
    // brings them: they are of one shard.
    for (const bool by_shard : {false, true}) {
        if (by_shard)
            for (auto& mine : cases)
                std::sort(mine.begin(), mine.end(), [](const SampleCase& a, const SampleCase& b) {
                    return a.row.case_id < b.row.case_id;
                });
        for (const std::size_t batch : {1U, 8U, 64U})
            for (const std::size_t callers : {1U, 2U}) {
                result["steps"].push_back(measure_steps(*store, cases, callers, batch, seconds));
                result["steps"].back()["shards"] = by_shard ? "one" : "any";
            }
    }
    result["cases"] = count;
    result["fsync_per_second_after"] = fsyncs_per_second(folder + "/fsync");
    return result;
}

// A province's board: half of the cases belong to one member; every light and status occurs.
SampleCase board_case(store::Store& store, std::size_t i) {
    SampleCase sample = support::sample_case(store, "B-" + std::to_string(i));
    store::CaseRow& row = sample.row;
    const auto pick = [&i](std::size_t salt, std::size_t of) {
        return sha256(std::to_string(i * 16 + salt))[0] % of;
    };
    row.owner =
        i % 2 == 0 ? "640100.housing-fund" : "6401" + std::to_string(10 + pick(1, 40)) + ".tax";
    row.hall = "hall-" + std::to_string(pick(2, 13));
    row.item = "housing-fund/item-" + std::to_string(pick(3, 10));
    row.status = i % 50'000 == 7 ? 99 : static_cast<std::int32_t>(pick(4, 5));
    row.due_ms =
        support::case_epoch_ms + static_cast<std::int64_t>((i * 7919) % 1'000'000) * 60'000;
    row.orange_ms = row.due_ms - 86'400'000;
    row.yellow_ms = row.due_ms - 5 * 86'400'000LL;
    row.external_number = i % 10 == 0 ? "EXT-" + std::to_string(i) : "";
    return sample;
}

Json time_reads(const std::string& name, const std::function<std::size_t(std::size_t)>& read) {
    std::vector<double> ms;
    std::size_t rows = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        const auto begin = Clock::now();
        rows = read(i);
        ms.push_back(seconds_since(begin) * 1e3);
    }
    return {{"read", name},
            {"rows", rows},
            {"first_ms", ms.front()},
            {"p50_ms", percentile(ms, 0.5)},
            {"max_ms", percentile(ms, 1.0)}};
}

// Through the store's own writer, without waiting for the disk.
std::vector<SampleCase> fill_board(const std::string& path, std::size_t count) {
    const auto ids = need(store::open_sqlite(path + ".ids", {}));  // gives numbers, keeps nothing
    auto database = need(Sqlite::open(path, SqliteMode::write));
    need(database->execute("PRAGMA synchronous=OFF"));
    store::sqlite::Writer writer(std::move(database), "bench");
    need(writer.take_over());
    std::vector<SampleCase> some;
    std::vector<store::Batch> batches;
    const auto apply = [&] {
        std::vector<const store::Batch*> group;
        for (const store::Batch& batch : batches)
            group.push_back(&batch);
        for (const auto& answer : writer.commit(group))
            if (!answer) give_up(answer.fault());
        batches.clear();
    };
    for (std::size_t i = 0; i < count; ++i) {
        SampleCase sample = board_case(*ids, i);
        store::Batch batch = support::opening(sample);
        if (i % 3 == 0) {
            store::StepRow task = support::sample_step(sample, 2);
            task.member = sample.row.owner;
            task.role = i % 9'999 == 0 ? "supervisor" : "loan-officer";
            task.work = true;
            batch.add(store::PutStep{std::move(task)});
        }
        if (i % 100 == 0) {
            store::IncidentRow incident;
            incident.case_id = sample.row.case_id;
            incident.n = 1;
            incident.code = "call.in_doubt";
            incident.owner = sample.row.owner;
            incident.opened_ms = sample.row.created_ms;
            batch.add(store::PutIncident{std::move(incident)});
        }
        batches.push_back(std::move(batch));
        if (i % std::max<std::size_t>(count / 20, 1) == 0) some.push_back(sample);
        if (batches.size() == 4096) apply();
    }
    apply();
    return some;
}

void time_boards(store::Store& store, Json& all) {
    store::BoardQuery any;
    any.now_ms = support::case_epoch_ms + 30 * 86'400'000LL;
    const auto board = [&](const char* name, const store::BoardQuery& query) {
        all.push_back(
            time_reads(name, [&](std::size_t) { return need(store.board(query)).size(); }));
    };
    board("board", any);
    store::BoardQuery query = any;
    query.owner = "640100.housing-fund";
    board("board of a member", query);
    query.hall = "hall-3";
    query.item = "housing-fund/item-4";
    query.status = 2;
    board("board of a member, hall, item, status", query);
    query = any;
    query.status = 99;
    board("board, a status of 20 cases", query);
    query.owner = "640100.housing-fund";
    board("board of a member, a status of none", query);
    query = any;
    for (const auto& [name, light] : {std::pair{"board, yellow", store::Light::yellow},
                                      std::pair{"board, orange", store::Light::orange},
                                      std::pair{"board, green", store::Light::green}}) {
        query.light = light;
        board(name, query);
    }
    query = any;
    query.after_due_ms = any.now_ms + 300 * 86'400'000LL;
    query.after_case_id = 1;
    board("board, a late page", query);
    all.push_back(time_reads("lights, all cases", [&](std::size_t) {
        const auto counts = need(store.count_lights(any));
        return static_cast<std::size_t>(counts.red + counts.orange + counts.yellow + counts.green);
    }));
    query = any;
    query.owner = "640100.housing-fund";
    all.push_back(time_reads("lights of a member", [&](std::size_t) {
        const auto counts = need(store.count_lights(query));
        return static_cast<std::size_t>(counts.red + counts.orange + counts.yellow + counts.green);
    }));
}

Json bench_board(const std::string& folder, std::size_t count) {
    const std::string path = folder + "/board.db";
    need(store::open_sqlite(path, {}));  // the schema
    const auto begin = Clock::now();
    const std::vector<SampleCase> some = fill_board(path, count);
    Json result{{"cases", count}, {"fill_seconds", seconds_since(begin)}};
    const auto store = need(store::open_sqlite(path, {}));
    need(store->scrub());
    result["file_bytes"] = std::filesystem::file_size(path);
    Json reads = Json::array();
    const auto each = [&](const char* name,
                          const std::function<std::size_t(const SampleCase&)>& read) {
        reads.push_back(
            time_reads(name, [&](std::size_t i) { return read(some[(i * 7 + 3) % some.size()]); }));
    };
    each("case by id", [&](const SampleCase& sample) {
        return std::size_t{need(store->find_case(sample.row.case_id)).has_value()};
    });
    each("case by start key", [&](const SampleCase& sample) {
        return std::size_t{need(store->case_of_key("loan", sample.key)).has_value()};
    });
    each("steps of a case", [&](const SampleCase& sample) {
        return need(store->steps_of(sample.row.case_id)).size();
    });
    each("leaves of a case", [&](const SampleCase& sample) {
        return need(store->case_leaves(sample.row.case_id, 0, 100)).size();
    });
    each("timers due, 1,000", [&](const SampleCase& sample) {
        return need(store->timers_due(
                        sample.shard(), {}, store::TimerKey{}.due_ms + (1LL << 50), 1000))
            .size();
    });
    each("calls of a shard, 1,000", [&](const SampleCase& sample) {
        return need(store->calls(sample.shard(), 0, 1000)).size();
    });
    each("by subject", [&](const SampleCase& sample) {
        return need(store->cases_of_subject(sample.row.subject_hash, 50)).size();
    });
    each("by attribute", [&](const SampleCase& sample) {
        return need(store->cases_of_attr("contract", hex(sha256(sample.key)), 50)).size();
    });
    each("by number", [&](const SampleCase& sample) {
        return need(store->cases_of_number(sample.row.number, 50)).size();
    });
    time_boards(*store, reads);
    store::WorkQuery work;
    work.member = "640100.housing-fund";
    reads.push_back(time_reads("work list of a member",
                               [&](std::size_t) { return need(store->work(work)).size(); }));
    work.role = "supervisor";
    reads.push_back(time_reads("work list of a rare role",
                               [&](std::size_t) { return need(store->work(work)).size(); }));
    reads.push_back(time_reads("open incidents", [&](std::size_t) {
        return need(store->open_incidents("", {}, 50)).size();
    }));
    result["reads"] = reads;
    return result;
}

}  // namespace
}  // namespace tongban::bench

int main(int argc, char** argv) {
    CLI::App app{"Cases in the store"};
    double seconds = 2;
    std::size_t cases = 20'000;
    std::size_t board = 100'000;
    app.add_option("--seconds", seconds, "each combination of batch and callers");
    app.add_option("--cases", cases, "under way while steps are measured; 0: no steps");
    app.add_option("--board", board, "cases that the reads go over; 0: no reads");
    tongban::bench::EnginePlan engine;
    app.add_option("--root", engine.root, "source tree; empty: the engine is not measured");
    app.add_option("--open", engine.many, "open cases beside those that the engine moves");
    app.add_option("--replayed", engine.replayed, "cases whose batches the store alone is given");
    CLI11_PARSE(app, argc, argv);
    const tongban::support::TemporaryFolder folder;
    tongban::Json result = tongban::Json::object();
    if (cases > 0) result = tongban::bench::bench_steps(folder.path(), cases, seconds);
    if (board > 0) result["board"] = tongban::bench::bench_board(folder.path(), board);
    if (!engine.root.empty()) {
        engine.folder = folder.path();
        engine.seconds = seconds;
        result["engine"] = tongban::bench::bench_engine(engine);
    }
    std::printf("%s\n", result.dump().c_str());
    return 0;
}
