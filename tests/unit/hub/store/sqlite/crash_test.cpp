#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sqlite.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::store;

namespace {

// Commits exchanges with leaves from four threads until it is killed, and writes each acknowledged
// id down a pipe.
[[noreturn]] void commit_until_killed(const std::string& path, int acknowledged) {
    auto opened = open_sqlite(path, {});
    if (!opened) _exit(3);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0;; ++i) {
                ExchangeRow row;
                row.requester = "640100.housing-fund";
                row.request_id = std::to_string(::getpid()) + "-" + std::to_string(thread) + "-" +
                                 std::to_string(i);
                const std::int32_t shard = shard_of(row.requester, row.request_id);
                row.exchange_id = new_exchange_id(Instant{1'700'000'000'000 + i}, shard);
                Batch batch{shard, {}};
                batch.add(PutExchange{row});
                batch.add(PutAudit{row.exchange_id, 2, i, row.requester, "{", "}"});
                const auto done = (*opened)->apply(batch);
                if (!done || ::write(acknowledged, row.exchange_id.data(), 36) != 36) _exit(4);
            }
        });
    threads[0].join();
    _exit(5);
}

std::vector<std::string> run_and_kill(const std::string& path, std::size_t after) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        commit_until_killed(path, ends[1]);
    }
    ::close(ends[1]);
    std::string bytes;
    char buffer[3600];
    bool killed = false;
    for (;;) {
        const ssize_t count = ::read(ends[0], buffer, sizeof buffer);
        if (count <= 0) break;
        bytes.append(buffer, static_cast<std::size_t>(count));
        if (!killed && bytes.size() >= after * 36) {
            ::kill(child, SIGKILL);
            killed = true;
        }
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFSIGNALED(status));
    std::vector<std::string> ids;
    for (std::size_t at = 0; at + 36 <= bytes.size(); at += 36)
        ids.push_back(bytes.substr(at, 36));
    return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crash_test)

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_kill_and_the_shards_stay_whole) {
    const support::TemporaryFolder folder;
    const std::string path = folder / "hub.db";
    std::vector<std::string> acknowledged;
    for (const std::size_t after : {3U, 40U, 111U, 250U}) {
        const auto ids = run_and_kill(path, after);
        BOOST_REQUIRE(ids.size() >= after);
        acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
    }
    auto opened = open_sqlite(path, {});
    BOOST_REQUIRE(opened.ok());
    Store& store = **opened;
    BOOST_TEST(store.epoch(0) == 5);
    for (const std::string& id : acknowledged) {
        BOOST_REQUIRE(store.exchange(id).ok());
        BOOST_TEST((*store.exchange(id)).has_value());
        BOOST_TEST((*store.leaf(id, 2)).has_value());
    }
    for (std::int32_t shard = 0; shard < shard_count; ++shard) {
        const auto rows = store.audit_after(shard, 0, 100'000);
        BOOST_REQUIRE(rows.ok());
        std::int64_t seq = 0;
        for (const AuditRow& row : *rows)
            BOOST_TEST(row.seq == ++seq);
        BOOST_TEST((*store.shard(shard)).head_seq == seq);
    }
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_and_the_store_serves_on_once_there_is_room) {
    const support::TemporaryFolder folder;
    const std::string path = folder / "hub.db";
    auto opened = open_sqlite(path, {});
    BOOST_REQUIRE(opened.ok());
    Store& store = **opened;
    // A limit in place of a full disk: the file size limit makes write() fail, as ENOSPC would.
    struct rlimit before{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 6U << 20;
    const auto put = [&](int i, std::size_t bytes) {
        ExchangeRow row;
        row.requester = "640100.tax";
        row.request_id = std::to_string(i);
        const std::int32_t shard = shard_of(row.requester, row.request_id);
        row.exchange_id = new_exchange_id(Instant{1'700'000'000'000 + i}, shard);
        row.request = std::string(bytes, 'x');
        Batch batch{shard, {}};
        batch.add(PutExchange{row});
        return store.apply(batch);
    };
    BOOST_REQUIRE(put(1, 100).ok());
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto refused = put(2, 12U << 20);
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.fault().kind == FaultKind::unavailable));
    BOOST_TEST((*store.exchange_of_request("640100.tax", "1")).has_value());
    BOOST_TEST(!(*store.exchange_of_request("640100.tax", "2")).has_value());
    BOOST_TEST(put(2, 100).ok());
    BOOST_TEST((*store.exchange_of_request("640100.tax", "2")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
