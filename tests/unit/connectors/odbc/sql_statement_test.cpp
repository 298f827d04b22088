#include "connectors/odbc/sql_statement.h"

#include <boost/test/unit_test.hpp>

using namespace tongban::connectors;

BOOST_AUTO_TEST_SUITE(sql_statement_test)

BOOST_AUTO_TEST_CASE(a_named_parameter_becomes_a_question_mark_each_time_it_is_used) {
    const auto statement =
        read_sql_statement("SELECT a FROM v WHERE b = :b AND c >= :c_1 AND d = :b");
    BOOST_REQUIRE(statement.ok());
    BOOST_TEST(statement->text == "SELECT a FROM v WHERE b = ? AND c >= ? AND d = ?");
    const std::vector<std::string> names{"b", "c_1", "b"};
    BOOST_TEST(statement->parameters == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quotes_comments_and_casts_hold_no_parameters) {
    const auto statement = read_sql_statement(
        "SELECT ':x', \":y\", 'it''s :z' -- :q\n, a::text /* :w */ FROM v WHERE b = :b");
    BOOST_REQUIRE(statement.ok());
    const std::vector<std::string> names{"b"};
    BOOST_TEST(statement->parameters == names, boost::test_tools::per_element());
    BOOST_TEST(statement->text.find("a::text") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_quote_that_does_not_end_is_refused) {
    BOOST_TEST(!read_sql_statement("SELECT 'a").ok());
    BOOST_TEST(!read_sql_statement("SELECT /* a").ok());
}

BOOST_AUTO_TEST_SUITE_END()
