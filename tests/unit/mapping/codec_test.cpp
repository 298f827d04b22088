#include "mapping/codec.h"

#include <boost/test/unit_test.hpp>

#include "mapping/internal/codec_file.h"

using namespace tongban;
using namespace tongban::mapping;

BOOST_AUTO_TEST_SUITE(codec_test)

namespace {

const Date today{2026, 3, 16};

std::string text_of(const Codec& codec, const std::string& text) {
    const Coded<schemas::Value> coded = read(codec, text, today);
    return coded.value ? canonical_text(*coded.value) : coded.fault->code;
}

schemas::FieldType field(schemas::FieldKind kind, std::int32_t scale = 0) {
    schemas::FieldType type;
    type.kind = kind;
    type.scale = scale;
    return type;
}

bool parses(const std::string& text, const schemas::FieldType& type) {
    return parse_codec(text, type).ok();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_boolean_is_one_of_two_texts) {
    Codec codec;
    codec.kind = CodecKind::boolean;
    codec.true_text = "1";
    codec.false_text = "2";
    BOOST_TEST(text_of(codec, "1") == "true");
    BOOST_TEST(text_of(codec, "2") == "false");
    BOOST_TEST(text_of(codec, "0") == "map.boolean.malformed");
    BOOST_TEST(*write(codec, {false, {}}, today).value == "2");
}

BOOST_AUTO_TEST_CASE(a_code_without_a_crosswalk_faults_outright) {
    Codec codec;
    codec.kind = CodecKind::code;
    BOOST_TEST(text_of(codec, "01") == "map.code.unmapped");
}

BOOST_AUTO_TEST_CASE(a_value_of_another_kind_is_the_mapping_owners) {
    Codec codec;
    codec.kind = CodecKind::money;
    const Coded<std::string> coded = write(codec, {std::string("x"), {}}, today);
    BOOST_REQUIRE(coded.fault.has_value());
    BOOST_TEST((coded.fault->mender == schemas::Mender::mapping_owner));
}

BOOST_AUTO_TEST_CASE(normalisers_fold_what_decoders_and_keyboards_leave) {
    const std::vector<Normaliser> name{
        Normaliser::strip_invisible, Normaliser::trim, Normaliser::middle_dot};
    for (const char* dirty : {"买买提·样本",
                              "买买提・样本",
                              "买买提•样本",
                              "买买提‧样本",
                              "买买提⋅样本",
                              " 买买提·样本\t",
                              "\xEF\xBB\xBF买买提·样本"}) {
        BOOST_TEST(normalise(name, dirty) == "买买提·样本");
    }
    BOOST_TEST(normalise({Normaliser::fold_width}, "ＡＢ１（１－１）") == "AB1(1-1)");
    BOOST_TEST(normalise({Normaliser::uscc_suffix}, "91640100MA760A1B9L（1-1）") ==
               "91640100MA760A1B9L");
}

BOOST_AUTO_TEST_CASE(normalising_twice_changes_nothing) {
    const std::vector<Normaliser> all{Normaliser::strip_invisible,
                                      Normaliser::fold_width,
                                      Normaliser::trim,
                                      Normaliser::middle_dot,
                                      Normaliser::uscc_suffix};
    for (const char* text : {" １２３Ｘ ", "a\xC2\xA0 b", "・・", "（1-1）", "", "髙吳"}) {
        BOOST_TEST(normalise(all, normalise(all, text)) == normalise(all, text));
    }
}

BOOST_AUTO_TEST_CASE(units_are_stated_and_never_assumed) {
    using schemas::FieldKind;
    BOOST_TEST(!parses("", field(FieldKind::money)));
    BOOST_TEST(!parses("", field(FieldKind::date)));
    BOOST_TEST(!parses("", field(FieldKind::period)));
    BOOST_TEST(!parses("", field(FieldKind::boolean)));
    BOOST_TEST(!parses("money", field(FieldKind::money)));
    BOOST_TEST(!parses("money(dollar)", field(FieldKind::money)));
    BOOST_TEST(!parses("money(yuan", field(FieldKind::money)));
    BOOST_TEST(!parses("date(yyyyMMdd)", field(FieldKind::money)));
    BOOST_TEST(!parses("decimal(percent)", field(FieldKind::decimal, 1)));
    BOOST_TEST(!parses("integer", field(FieldKind::decimal, 2)));
    BOOST_TEST(!parses("boolean(1)", field(FieldKind::boolean)));
    BOOST_TEST(!parses("boolean(1/1)", field(FieldKind::boolean)));
    BOOST_TEST(!parses("text(x)", field(FieldKind::text)));
    BOOST_TEST(parses("", field(FieldKind::text)));
    BOOST_TEST(parses("money(wan)", field(FieldKind::money)));
    BOOST_TEST(parses("date(yyyyMMdd|yyyy年M月d日)", field(FieldKind::date)));
    BOOST_TEST(parses("decimal(percent)", field(FieldKind::decimal, 4)));
    BOOST_TEST(parses("share(percent)", field(FieldKind::share)));
    BOOST_TEST(parses("timestamp(zone)", field(FieldKind::timestamp)));
}

BOOST_AUTO_TEST_SUITE_END()
