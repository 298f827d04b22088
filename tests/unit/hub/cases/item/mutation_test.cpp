// Whatever a file says, reading it ends with an item or with mistakes: never an exception, never
// an abort. Deterministic mutations of the good file.
#include <array>
#include <random>

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/item/item_fixture.h"

using namespace tongban::item;
using namespace tongban::item::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        lines.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

// An item comes out exactly when nothing stops it.
void expect_sound(const std::string& text) {
    const ItemFile file = read(text);
    BOOST_TEST((file.item == nullptr) == any_stops(file.mistakes), text);
    for (const Mistake& one : file.mistakes)
        BOOST_TEST(!one.kind().remedy.empty());
}

constexpr std::array<const char*, 24> words{
    "{}",   "[]",    "''",         "$join",  "homes",  "null",   "-1",     "99999999999999999999",
    "true", "*",     "&a",         "!!int",  "{a: b}", "[[[]]]", "decide", "application",
    "case", "(((((", "has(homes)", "$owner", "all",    "x.y",    "\"",     "\xF0\x9F\x98\x80"};

}  // namespace

BOOST_AUTO_TEST_SUITE(mutation_test)

BOOST_AUTO_TEST_CASE(every_line_left_out_is_survived) {
    const std::vector<std::string> lines = lines_of(good_text());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::vector<std::string> fewer = lines;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        expect_sound(joined(fewer));
    }
}

BOOST_AUTO_TEST_CASE(every_line_twice_or_beside_another_is_survived) {
    std::vector<std::string> lines = lines_of(good_text());
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        std::vector<std::string> more = lines;
        more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
        expect_sound(joined(more));
        std::vector<std::string> swapped = lines;
        std::swap(swapped[i], swapped[i + 1]);
        expect_sound(joined(swapped));
    }
}

BOOST_AUTO_TEST_CASE(a_word_in_place_of_another_is_survived) {
    std::mt19937 random(
        20260401);  // NOLINT(bugprone-random-generator-seed): the same files each time
    const std::string good = good_text();
    for (int round = 0; round < 600; ++round) {
        std::string text = good;
        const int edits = 1 + static_cast<int>(random() % 3);
        for (int edit = 0; edit < edits; ++edit) {
            const std::size_t at = random() % text.size();
            const std::size_t from = text.find_first_of(" :,{}[]", at);
            if (from == std::string::npos) continue;
            const std::size_t end =
                std::min(text.find_first_of(" :,{}[]\n", from + 1), text.size());
            text.replace(from + 1, end - from - 1, words.at(random() % words.size()));
        }
        expect_sound(text);
    }
}

BOOST_AUTO_TEST_CASE(a_byte_in_place_of_another_and_a_file_cut_off_are_survived) {
    std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same files each time
    for (int round = 0; round < 300; ++round) {
        std::string text = good_text();
        text[random() % text.size()] = static_cast<char>(random() % 256);
        expect_sound(text);
        expect_sound(text.substr(0, random() % text.size()));
    }
    expect_sound("");
    expect_sound("[]");
    expect_sound("item: [");
    expect_sound(std::string(3, '\0'));
}

BOOST_AUTO_TEST_CASE(names_exchanged_at_random_are_survived) {
    std::mt19937 random(99);  // NOLINT(bugprone-random-generator-seed): the same files each time
    constexpr std::array<const char*, 13> steps{"homes",
                                                "checks",
                                                "check_rent",
                                                "check_lease",
                                                "rules",
                                                "decide",
                                                "pause",
                                                "pay",
                                                "told",
                                                "paid",
                                                "done",
                                                "refused",
                                                "$join"};
    for (int round = 0; round < 300; ++round) {
        std::string text = good_text();
        for (int edit = 0; edit < 4; ++edit) {
            const std::string from = std::string("go: ") + steps.at(random() % steps.size());
            const std::size_t at = text.find(from, random() % text.size());
            if (at == std::string::npos) continue;
            text.replace(at, from.size(), std::string("go: ") + steps.at(random() % steps.size()));
        }
        expect_sound(text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
