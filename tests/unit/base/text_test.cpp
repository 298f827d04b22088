#include "base/text.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;

namespace {

std::string gb(std::string_view hex_text) {
    return *from_hex(hex_text);
}
std::string utf8(char32_t point) {
    return to_utf8(std::u32string_view(&point, 1));
}
std::string decoded(std::string_view hex_text) {
    const auto text = gb18030_to_utf8(gb(hex_text));
    return text ? *text : "fault at " + text.fault().where;
}

constexpr std::pair<const char*, char32_t> both_forms[] = {
    {"a6d9", 0xFE10},  {"a6da", 0xFE12},  {"a6db", 0xFE11},  {"a6dc", 0xFE13},  {"a6dd", 0xFE14},
    {"a6de", 0xFE15},  {"a6df", 0xFE16},  {"a6ec", 0xFE17},  {"a6ed", 0xFE18},  {"a6f3", 0xFE19},
    {"fe59", 0x9FB4},  {"fe61", 0x9FB5},  {"fe66", 0x9FB6},  {"fe67", 0x9FB7},  {"fe6d", 0x9FB8},
    {"fe7e", 0x9FB9},  {"fe90", 0x9FBA},  {"fea0", 0x9FBB},  {"fe51", 0x20087}, {"fe52", 0x20089},
    {"fe53", 0x200CC}, {"fe6c", 0x215D7}, {"fe76", 0x2298F}, {"fe91", 0x241FE}};

}  // namespace

BOOST_AUTO_TEST_SUITE(text_test)

BOOST_AUTO_TEST_CASE(the_dot_of_names_is_the_middle_dot) {
    BOOST_TEST(decoded("a1a4") == "\u00B7");
    BOOST_TEST((*encoding_named("GB2312") == Encoding::gb18030));
    BOOST_TEST((*encoding_named("gbk") == Encoding::gb18030));
    BOOST_TEST((*encoding_named("utf-8") == Encoding::utf8));
    BOOST_TEST(!encoding_named("UTF-16").ok());
    BOOST_TEST(!encoding_named("").ok());
}

BOOST_AUTO_TEST_CASE(characters_that_gbk_lacks_are_read_and_written) {
    for (const auto& [bytes, text] :
         {std::pair{"fe9f", "䶮"}, {"8230b731", "㛃"}, {"9933ac32", "𬭬"}, {"9532a632", "𠅤"}}) {
        BOOST_TEST(decoded(bytes) == text);
        BOOST_TEST(hex(*utf8_to_gb18030(text)) == bytes);
    }
}

BOOST_AUTO_TEST_CASE(codes_on_which_libraries_disagree_fold_to_the_standard) {
    for (const auto& [bytes, point] : both_forms)
        BOOST_TEST(decoded(bytes) == utf8(point), bytes);
    // The four-byte codes of older editions (and of ICU) for the same 18 characters.
    for (const auto& [bytes, point] : {std::pair<const char*, char32_t>{"82359037", 0x9FB4},
                                       {"82359038", 0x9FB5},
                                       {"82359039", 0x9FB6},
                                       {"82359130", 0x9FB7},
                                       {"82359131", 0x9FB8},
                                       {"82359132", 0x9FB9},
                                       {"82359133", 0x9FBA},
                                       {"82359134", 0x9FBB},
                                       {"84318236", 0xFE10},
                                       {"84318237", 0xFE11},
                                       {"84318238", 0xFE12},
                                       {"84318239", 0xFE13},
                                       {"84318330", 0xFE14},
                                       {"84318331", 0xFE15},
                                       {"84318332", 0xFE16},
                                       {"84318333", 0xFE17},
                                       {"84318334", 0xFE18},
                                       {"84318335", 0xFE19}})
        BOOST_TEST(decoded(bytes) == utf8(point), bytes);
    // Private-use code points are written as what they stand for; the standard's two-byte code is
    // used.
    BOOST_TEST(hex(*utf8_to_gb18030(utf8(0xE81E))) == "fe59");
    BOOST_TEST(hex(*utf8_to_gb18030(utf8(0x9FB4))) == "fe59");
    BOOST_TEST(hex(*utf8_to_gb18030(utf8(0xFE10))) == "a6d9");
    BOOST_TEST(hex(*utf8_to_gb18030(utf8(0x20087))) == "95329031");
    BOOST_TEST(hex(*utf8_to_gb18030("\u1E3F")) == "a8bc");
    BOOST_TEST(decoded("8135f437") == "\u1E3F");
}

BOOST_AUTO_TEST_CASE(every_code_point_makes_the_round_trip) {
    std::size_t changed = 0;
    for (char32_t point = 0; point <= 0x10FFFF; point += point < 0x10000 ? 1 : 97) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        const std::string text = utf8(point);
        const auto bytes = utf8_to_gb18030(text);
        BOOST_REQUIRE(bytes.ok());
        const auto back = gb18030_to_utf8(*bytes);
        BOOST_REQUIRE_MESSAGE(back.ok(), "U+" << std::hex << static_cast<unsigned>(point));
        if (*back == text) continue;
        ++changed;
        BOOST_TEST((point >= 0xE78D && point <= 0xE864));
    }
    BOOST_TEST(changed == 25U);
    const auto last = utf8_to_gb18030(utf8(0x10FFFF));
    BOOST_TEST(hex(*last) == "e3329a35");
    BOOST_TEST(hex(*utf8_to_gb18030(utf8(0xFFFF))) == "8431a439");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_code_are_named_by_their_offset) {
    for (const char* bytes : {"6161d6",
                              "616181",
                              "61618130",
                              "6161813081",
                              "61618130817f",
                              "616180",
                              "6161ff",
                              "6161d67f",
                              "6161d6ff",
                              "6161d63c",
                              "6161d620",
                              "616184 31a530",
                              "6161e3329a36",
                              "6161fe39fe39"}) {
        std::string compact;
        for (const char c : std::string_view(bytes))
            if (c != ' ') compact += c;
        BOOST_TEST(decoded(compact) == "fault at byte 2", bytes);
    }
    BOOST_TEST(utf8_to_gb18030("ab\xff").fault().where == "byte 2");
    BOOST_TEST(decoded("313233343536373839d6d0") == "123456789中");
    BOOST_TEST(decoded("").empty());
}

BOOST_AUTO_TEST_CASE(tells_utf8_from_what_is_not) {
    BOOST_TEST(invalid_utf8("abcdefgh中文") == std::string_view::npos);
    for (const char* bad : {"aaaaaaaa\x80",
                            "aaaaaaaa\xC0\x80",
                            "aaaaaaaa\xED\xA0\x80",
                            "aaaaaaaa\xF4\x90\x80\x80",
                            "aaaaaaaa\xE4\xB8",
                            "aaaaaaaa\xF8\x88\x80\x80\x80",
                            "aaaaaaaa\xE0\x80\x80"})
        BOOST_TEST(invalid_utf8(bad) == 8U);
    BOOST_TEST(to_utf8("a\xff", Encoding::utf8).fault().where == "byte 1");
}

BOOST_AUTO_TEST_CASE(text_decoded_wrongly_before_us_is_recognised) {
    BOOST_TEST(looks_like_mojibake("涔颁拱鎻惵疯壘鍔\uFFFD"));
    BOOST_TEST(looks_like_mojibake("张锟斤拷"));
    BOOST_TEST(looks_like_mojibake("烫烫烫"));
    BOOST_TEST(looks_like_mojibake("屯屯屯"));
    BOOST_TEST(looks_like_mojibake(*gb18030_to_utf8("银川市兴庆区")));
    for (const char* fine : {"张三",
                             "联通",
                             "买买提·艾力",
                             "银川市兴庆区解放东街",
                             "婧",
                             "abc",
                             "",
                             "屯屯",
                             "100.00元"})
        BOOST_TEST(!looks_like_mojibake(fine), fine);
}

BOOST_AUTO_TEST_CASE(width_folds_and_nothing_else_does) {
    BOOST_TEST(fold_width("１２３Ｘ（）．　") == "123X(). ");
    BOOST_TEST(fold_width("髙高吳吴⾼") == "髙高吳吴⾼");
}

BOOST_AUTO_TEST_CASE(invisible_characters_go) {
    BOOST_TEST(strip_invisible("\uFEFF\u00A0张\u200B三\u3000\t") == "张三");
    BOOST_TEST(strip_invisible("A\u00A0B") == "A B");
    BOOST_TEST(strip_invisible("\u200B").empty());
    BOOST_TEST(trim(" \t a b\r\n") == "a b");
}

BOOST_AUTO_TEST_CASE(small_things_about_texts) {
    BOOST_TEST(length("中a𠅤") == 3U);
    BOOST_TEST((code_points("中a𠅤") == std::u32string(U"中a𠅤")));
    BOOST_TEST(join(split("a|b||", '|'), "+") == "a+b++");
    BOOST_TEST(split("", ',').size() == 1U);
    BOOST_TEST(hex(std::string_view("\0\xff", 2)) == "00ff");
    BOOST_TEST(*from_hex("00FF") == std::string("\0\xff", 2));
    BOOST_TEST(!from_hex("0").ok());
    BOOST_TEST(!from_hex("0g").ok());
}

BOOST_AUTO_TEST_CASE(base64_has_one_text_for_one_value) {
    for (const auto& [plain, text] : {std::pair{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foob", "Zm9vYg=="},
                                      {"fooba", "Zm9vYmE="},
                                      {"foobar", "Zm9vYmFy"}}) {
        BOOST_TEST(base64(plain) == text);
        BOOST_TEST(*from_base64(text) == plain);
    }
    for (const char* wrong :
         {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm 9", "Z=g="})
        BOOST_TEST(!from_base64(wrong).ok(), wrong);
}

BOOST_AUTO_TEST_CASE(a_shape_tells_nothing_but_kinds_and_counts) {
    BOOST_TEST(shape_of("64010619900101123X") == "18 characters: 17 digits, 1 letter");
    BOOST_TEST(shape_of("张三 x.") == "5 characters: 1 letter, 2 hanzi, 1 blank, 1 other");
    BOOST_TEST(shape_of("1") == "1 character: 1 digit");
    BOOST_TEST(shape_of("") == "empty");
}

BOOST_AUTO_TEST_SUITE_END()
