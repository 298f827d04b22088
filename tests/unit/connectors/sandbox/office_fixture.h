// An office of the sandbox running in this process, on data of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "base/xml.h"
#include "connectors/sandbox/office.h"

namespace tongban::sandbox::test {

namespace fs = std::filesystem;

inline constexpr Date business_day{2026, 3, 16};

struct Folder {
    Folder() : path(fs::temp_directory_path() / ("sandbox-" + uuid_v7(SystemClock().now()))) {
        fs::create_directories(path);
    }
    ~Folder() {
        std::error_code error;
        fs::remove_all(path, error);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string at(const std::string& name) const { return (path / name).string(); }
    fs::path path;
};

// Looks again until it is so, or half a minute has passed.
template <typename Seen>
bool in_time(Seen seen) {
    for (int i = 0; i < 3000; ++i) {
        if (seen()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

class Running {
public:
    Running(const std::string& member, const Folder& folder, const std::string& story = "") {
        prepare_xml();
        plan_.member = member;
        plan_.data = folder.at("office");
        plan_.ready_file = folder.at("ready");
        plan_.delay_ms = 1;
        plan_.population.seed = 7;
        plan_.population.today = business_day;
        plan_.population.story = story;
        fs::remove(plan_.ready_file);
        thread_ = std::thread([this] { served_ = run_office(plan_, stop_).ok(); });
        BOOST_REQUIRE(in_time([this] { return fs::exists(plan_.ready_file); }));
        ready = *parse_json(*read_file(plan_.ready_file));
        port = ready.value("port", 0);
    }
    ~Running() {
        stop_ = true;
        thread_.join();
        BOOST_TEST(served_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    Json ready;
    int port = 0;

private:
    OfficePlan plan_;
    std::atomic<bool> stop_{false};
    bool served_ = false;
    std::thread thread_;
};

inline std::int64_t count(const Folder& folder, const char* sql) {
    auto database = Sqlite::open(folder.at("office/office.db"), SqliteMode::read_only);
    BOOST_REQUIRE(database.ok());
    auto statement = (*database)->prepare(sql);
    BOOST_REQUIRE(statement.ok());
    BOOST_REQUIRE(*statement->step());
    return statement->integer(0);
}

}  // namespace tongban::sandbox::test
