#include "base/sqlite.h"

#include <cstdlib>
#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "base/files.h"

using namespace tongban;

namespace {

struct Folder {
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "tongban-sqlite-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

std::string pragma(Sqlite& database, const std::string& name) {
    auto statement = database.prepare("PRAGMA " + name);
    return statement && *statement->step() ? statement->text(0) : "";
}

std::int64_t count(Sqlite& database) {
    auto statement = database.prepare("SELECT count(*) FROM t");
    return statement && *statement->step() ? statement->integer(0) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlite_test)

BOOST_AUTO_TEST_CASE(opens_with_the_settings_that_durability_needs) {
    const Folder folder;
    const auto database = Sqlite::open(folder.path + "/a.db", SqliteMode::write);
    BOOST_REQUIRE(database.ok());
    BOOST_TEST(pragma(**database, "journal_mode") == "wal");
    BOOST_TEST(pragma(**database, "synchronous") == "2");
    BOOST_TEST(pragma(**database, "page_size") == "8192");
    BOOST_TEST(pragma(**database, "mmap_size") == "0");
    BOOST_TEST(pragma(**database, "secure_delete") == "2");
    BOOST_TEST(pragma(**database, "wal_autocheckpoint") == "16000");
    BOOST_REQUIRE((*database)->execute("CREATE TABLE t(a)").ok());
    const auto reader = Sqlite::open(folder.path + "/a.db", SqliteMode::read_only);
    BOOST_REQUIRE(reader.ok());
    BOOST_TEST(pragma(**reader, "wal_autocheckpoint") == "0");
    BOOST_TEST(!(*reader)->execute("INSERT INTO t VALUES (1)").ok());
    BOOST_TEST((*database)->checkpoint().ok());
}

BOOST_AUTO_TEST_CASE(binds_steps_and_binds_again) {
    const Folder folder;
    const auto opened = Sqlite::open(folder.path + "/a.db", SqliteMode::write);
    BOOST_REQUIRE(opened.ok());
    Sqlite& database = **opened;
    BOOST_REQUIRE(
        database
            .execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT NOT NULL, body BLOB) STRICT")
            .ok());
    {
        auto insert = database.prepare("INSERT INTO t VALUES (?, ?, ?)");
        BOOST_REQUIRE(insert.ok());
        BOOST_TEST(insert->bind(1, 1)
                       .bind_text(2, "一")
                       .bind_blob(3, std::string_view("\0x", 2))
                       .run()
                       .ok());
        BOOST_TEST(insert->bind(1, 2).bind_text(2, "").bind_null(3).run().ok());
        BOOST_TEST(database.changes() == 1);
        const auto again = insert->bind(1, 2).run();
        BOOST_TEST((again.fault().kind == FaultKind::conflict));
        BOOST_TEST(again.fault().reason == "UNIQUE constraint failed: t.id");
    }
    auto select = database.prepare("SELECT name, body, id FROM t ORDER BY id");
    auto nested = database.prepare(
        "SELECT name, body, id FROM t ORDER BY id");  // the same text, while in use
    BOOST_REQUIRE(select.ok());
    BOOST_REQUIRE(nested.ok());
    BOOST_TEST(*select->step());
    BOOST_TEST(*nested->step());
    BOOST_TEST(select->text(0) == "一");
    BOOST_TEST(select->blob(1) == std::string("\0x", 2));
    BOOST_TEST(*select->step());
    BOOST_TEST(select->text(0).empty());
    BOOST_TEST(!select->is_null(0));
    BOOST_TEST(select->is_null(1));
    BOOST_TEST(select->integer(2) == 2);
    BOOST_TEST(!*select->step());
    BOOST_TEST(nested->integer(2) == 1);
}

BOOST_AUTO_TEST_CASE(another_connection_sees_what_is_committed_and_nothing_else) {
    const Folder folder;
    const auto writer = Sqlite::open(folder.path + "/a.db", SqliteMode::write);
    BOOST_REQUIRE((*writer)->execute("CREATE TABLE t(a)").ok());
    const auto reader = Sqlite::open(folder.path + "/a.db", SqliteMode::read_only);
    // With and without a sync at the commit: the log is written either way.
    for (const char* sync : {"FULL", "OFF"}) {
        BOOST_REQUIRE((*writer)->execute(std::string("PRAGMA synchronous=") + sync).ok());
        const std::int64_t before = count(**reader);
        BOOST_REQUIRE((*writer)->execute("BEGIN; INSERT INTO t VALUES (1)").ok());
        BOOST_TEST(count(**reader) == before);
        BOOST_REQUIRE((*writer)->execute("COMMIT").ok());
        BOOST_TEST(count(**reader) == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_transaction_larger_than_the_cache_reads_itself_and_can_be_taken_back) {
    const Folder folder;
    const auto writer = Sqlite::open(folder.path + "/a.db", SqliteMode::write);
    BOOST_REQUIRE((*writer)->execute("PRAGMA cache_size=10; CREATE TABLE t(a)").ok());
    const std::string many =
        "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) "
        "INSERT INTO t SELECT randomblob(3000) FROM n";
    BOOST_REQUIRE((*writer)->execute(many).ok());
    BOOST_TEST(count(**writer) == 2000);
    BOOST_TEST(pragma(**writer, "integrity_check") == "ok");
    BOOST_REQUIRE((*writer)->execute("ROLLBACK").ok());
    BOOST_TEST(count(**writer) == 0);
    BOOST_REQUIRE((*writer)->execute(many).ok());
    BOOST_REQUIRE((*writer)->execute("UPDATE t SET a=randomblob(2000); COMMIT").ok());
    const auto reader = Sqlite::open(folder.path + "/a.db", SqliteMode::read_only);
    BOOST_TEST(count(**reader) == 2000);
    BOOST_TEST(pragma(**reader, "integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(faults_never_quote_values) {
    const Folder folder;
    const auto database = Sqlite::open(folder.path + "/a.db", SqliteMode::write);
    BOOST_REQUIRE(database.ok());
    const auto wrong = (*database)->execute("INSERT INTO t VALUES ('secret') secret");
    BOOST_REQUIRE(!wrong.ok());
    BOOST_TEST(wrong.fault().reason.find("secret") == std::string::npos);
    BOOST_TEST((*database)
                   ->prepare("SELECT * FROM nowhere")
                   .fault()
                   .reason.find("no such table: nowhere") == 0U);
    BOOST_TEST(!(*database)->prepare("SELECT 1; SELECT 2").ok());
    BOOST_TEST((Sqlite::open(folder.path + "/no/such.db", SqliteMode::write).fault().kind ==
                FaultKind::unavailable));
    BOOST_REQUIRE(write_file_durably(folder.path + "/text.db", std::string(10000, 'x')).ok());
    BOOST_TEST((Sqlite::open(folder.path + "/text.db", SqliteMode::write).fault().kind ==
                FaultKind::malformed));
}

BOOST_AUTO_TEST_SUITE_END()
