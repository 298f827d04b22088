#include <string>

#include <boost/test/unit_test.hpp>

#include "mapping/cel/lexer.h"

using namespace tongban::mapping::cel;

BOOST_AUTO_TEST_SUITE(cel_lexer_test)

BOOST_AUTO_TEST_CASE(reads_names_numbers_strings_and_signs_with_their_places) {
    const Tokens tokens = lex("a >= 12\n && 'x'");
    BOOST_REQUIRE(tokens.complaints.empty());
    BOOST_REQUIRE_EQUAL(tokens.tokens.size(), 6U);
    BOOST_TEST(tokens.tokens[0].text == "a");
    BOOST_TEST(tokens.tokens[1].text == ">=");
    BOOST_TEST(tokens.tokens[2].number == 12U);
    BOOST_TEST(tokens.tokens[3].at.line == 2);
    BOOST_TEST(tokens.tokens[3].at.column == 2);
    BOOST_TEST(tokens.tokens[4].text == "x");
    BOOST_TEST((tokens.tokens[5].kind == TokenKind::end));
}

BOOST_AUTO_TEST_CASE(columns_count_characters_not_bytes) {
    const Tokens tokens = lex("'宁夏' a");
    BOOST_REQUIRE_EQUAL(tokens.tokens.size(), 3U);
    BOOST_TEST(tokens.tokens[1].at.column == 6);
}

BOOST_AUTO_TEST_CASE(escapes_are_resolved_and_raw_strings_are_not) {
    const Tokens tokens = lex(R"('a\n\'\u5b81' r'\n')");
    BOOST_REQUIRE(tokens.complaints.empty());
    BOOST_TEST(tokens.tokens[0].text == "a\n'宁");
    BOOST_TEST(tokens.tokens[1].text == "\\n");
}

BOOST_AUTO_TEST_CASE(hexadecimal_and_comments_are_read) {
    const Tokens tokens = lex("0xFF // the rest\n+ 1");
    BOOST_REQUIRE(tokens.complaints.empty());
    BOOST_TEST(tokens.tokens[0].number == 255U);
    BOOST_TEST(tokens.tokens[1].text == "+");
}

BOOST_AUTO_TEST_CASE(what_is_no_word_is_refused_with_its_place) {
    const auto complaint = [](const std::string& text) {
        const Tokens tokens = lex(text);
        BOOST_REQUIRE_MESSAGE(tokens.complaints.size() == 1, text);
        return tokens.complaints.front();
    };
    BOOST_TEST(complaint("a # b").at.column == 3);
    BOOST_TEST(complaint("'open").at.column == 1);
    BOOST_TEST(complaint("'line\nbreak'").at.line == 1);
    BOOST_TEST(complaint("a & b").at.column == 3);
    BOOST_TEST(complaint("0.05").message.find("decimal") != std::string::npos);
    BOOST_TEST(complaint("12a").at.column == 3);
    BOOST_TEST(complaint("'\\q'").at.column == 3);
    BOOST_TEST(complaint("'\\ud800'").message.find("surrogate") != std::string::npos);
    BOOST_TEST(complaint("0x").at.column == 1);
    BOOST_TEST(complaint("99999999999999999999").message.find("64 bits") != std::string::npos);
    BOOST_TEST(complaint("'\xff'").message.find("UTF-8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(size_is_bounded) {
    BOOST_TEST(lex(std::string(max_text + 1, ' ')).complaints.size() == 1U);
    std::string words;
    for (std::size_t i = 0; i <= max_tokens; ++i)
        words += "a ";
    BOOST_TEST(lex(words).complaints.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
