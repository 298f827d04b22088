#include "connectors/odbc/odbc_connector.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/sqlite.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::TemporaryFolder;

namespace {

// An agency's database with one view, as its own people would make it.
struct Agency {
    TemporaryFolder folder;
    std::string file = folder / "agency.db";

    Agency() {
        auto database = Sqlite::open(file, SqliteMode::write);
        BOOST_REQUIRE(database.ok());
        BOOST_REQUIRE(
            (*database)
                ->execute("CREATE TABLE t (id VARCHAR(20), name VARCHAR(40), months INTEGER, base "
                          "VARCHAR(20),"
                          " rate DOUBLE, ended VARCHAR(8));"
                          "INSERT INTO t VALUES ('A1', '马晓䶮𠮷', 12, '10000.00', 0.5, NULL);"
                          "INSERT INTO t VALUES ('A1', 'O''Neil \"x\"', 0, NULL, 2, '202401');"
                          "INSERT INTO t VALUES ('B2', 'other', 1, '1.00', 1, NULL);")
                .ok());
    }

    [[nodiscard]] std::shared_ptr<Connector> connector(const std::string& sql,
                                                       const std::string& more = "") const {
        auto settings = YamlFile::from_text(
            "driver: SQLite3\nconnection: Database=" + file + "\nsql: \"" + sql + "\"\n" + more,
            "odbc.yaml");
        auto made = make_odbc_connector(settings.root());
        settings.check();
        return made;
    }
};

constexpr const char* rows_of =
    "SELECT id AS ID, name AS NAME, months AS MONTHS, base AS BASE, rate AS RATE, ended AS ENDED "
    "FROM t WHERE id = :ID ORDER BY months DESC";

Question question(const std::string& json) {
    return {"X1", "J1", "00000000000000000001", "o/q@1", json};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(odbc_connector_test)

BOOST_AUTO_TEST_CASE(rows_become_json_lines_in_the_order_of_the_statements_columns) {
    const Agency agency;
    const Answer answer =
        agency.connector(rows_of)->ask(question(R"({"ID":"A1"})"), Deadline::after(10s));
    BOOST_TEST(answer.reason == "");
    BOOST_TEST(answer.native ==
               "{\"ID\":\"A1\",\"NAME\":\"马晓䶮𠮷\",\"MONTHS\":12,\"BASE\":\"10000.00\",\"RATE\":"
               "0.5,\"ENDED\":null}\n"
               "{\"ID\":\"A1\",\"NAME\":\"O'Neil "
               "\\\"x\\\"\",\"MONTHS\":0,\"BASE\":null,\"RATE\":2.0,\"ENDED\":\"202401\"}\n");
}

BOOST_AUTO_TEST_CASE(a_parameter_is_bound_and_never_spliced) {
    const Agency agency;
    const Answer answer =
        agency.connector(rows_of)->ask(question(R"({"ID":"A1' OR '1'='1"})"), Deadline::after(10s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "no_record");
}

BOOST_AUTO_TEST_CASE(chinese_parameters_and_numbers_and_null_are_bound_by_their_type) {
    const Agency agency;
    const auto found = [&](const std::string& where, const std::string& json) {
        return agency.connector("SELECT id AS ID FROM t WHERE " + where)
            ->ask(question(json), Deadline::after(10s))
            .native;
    };
    BOOST_TEST(found("name = :N", R"({"N":"马晓䶮𠮷","UNUSED":"x"})") == "{\"ID\":\"A1\"}\n");
    BOOST_TEST(found("months = :M", R"({"M":12})") == "{\"ID\":\"A1\"}\n");
    BOOST_TEST(found("months = 12 AND :E IS NULL", R"({"E":null})") == "{\"ID\":\"A1\"}\n");
    BOOST_TEST(found("months = 12 AND :E IS NULL", R"({"E":"x"})") == "");
}

BOOST_AUTO_TEST_CASE(a_missing_column_is_unavailable_with_its_code) {
    const Agency agency;
    const auto by_list =
        agency.connector("SELECT id AS ID FROM t WHERE id = :ID", "columns: [ID, NAME]\n");
    BOOST_TEST(by_list->ask(question(R"({"ID":"A1"})"), Deadline::after(10s)).reason ==
               "odbc.column_missing");
    const auto by_driver = agency.connector("SELECT gone FROM t WHERE id = :ID");
    const Answer answer = by_driver->ask(question(R"({"ID":"A1"})"), Deadline::after(10s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "unavailable");
    BOOST_TEST(answer.reason == "odbc.column_missing");
}

BOOST_AUTO_TEST_CASE(a_missing_or_structured_parameter_is_unavailable_with_its_code) {
    const Agency agency;
    const auto connector = agency.connector(rows_of);
    BOOST_TEST(connector->ask(question("{}"), Deadline::after(10s)).reason ==
               "odbc.parameter_missing");
    BOOST_TEST(connector->ask(question(R"({"ID":[1]})"), Deadline::after(10s)).reason ==
               "odbc.parameter_type");
    BOOST_TEST(connector->ask(question("garbage"), Deadline::after(10s)).reason == "odbc.question");
}

BOOST_AUTO_TEST_CASE(more_rows_than_the_limit_are_not_cut_off_silently) {
    const Agency agency;
    const Answer answer = agency.connector(rows_of, "max_rows: 1\n")
                              ->ask(question(R"({"ID":"A1"})"), Deadline::after(10s));
    BOOST_TEST(answer.reason == "odbc.too_many_rows");
}

BOOST_AUTO_TEST_CASE(a_query_that_outlives_the_deadline_is_cancelled) {
    const Agency agency;
    const auto endless = agency.connector(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) "
        "SELECT count(*) AS C FROM n");
    const auto began = std::chrono::steady_clock::now();
    const Answer answer = endless->ask(question("{}"), Deadline::after(300ms));
    BOOST_TEST(answer.reason == "odbc.timeout");
    BOOST_TEST((std::chrono::steady_clock::now() - began < 10s));
}

BOOST_AUTO_TEST_CASE(a_database_that_cannot_be_reached_is_unavailable) {
    auto settings = YamlFile::from_text(
        "driver: /nowhere/libdriver.so\nconnection: Database=x\nsql: SELECT 1\n", "odbc.yaml");
    auto connector = make_odbc_connector(settings.root());
    BOOST_TEST(connector->ask(question("{}"), Deadline::after(5s)).reason == "odbc.connect");
}

BOOST_AUTO_TEST_CASE(long_text_is_whole_and_text_in_another_encoding_is_seen_to_be) {
    const Agency agency;
    const auto connector = agency.connector(
        "SELECT replace(hex(zeroblob(2500)), '0', '马') AS A, CAST(x'C2EDFE9F41' AS TEXT) AS B "
        "FROM t WHERE id = :ID");
    const Answer answer = connector->ask(question(R"({"ID":"B2"})"), Deadline::after(10s));
    std::string horses;
    for (int i = 0; i < 5000; ++i)
        horses += "马";
    BOOST_TEST(answer.native.starts_with("{\"A\":\"" + horses + "\""));
    BOOST_TEST(answer.native.find("\xEF\xBF\xBD") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(column_names_can_be_capitalised_for_drivers_that_fold_them) {
    const Agency agency;
    const auto connector = agency.connector("SELECT id AS aac001 FROM t WHERE id = :ID",
                                            "upper_case: true\ncolumns: [AAC001]\n");
    BOOST_TEST(connector->ask(question(R"({"ID":"B2"})"), Deadline::after(10s)).native ==
               "{\"AAC001\":\"B2\"}\n");
}

BOOST_AUTO_TEST_SUITE_END()
