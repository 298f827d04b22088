// Any text through every codec: no crash, no overflow; and what a codec took it writes and takes
// again as the same value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "mapping/codec.h"
#include "schemas/identifiers.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

std::vector<Codec> all_codecs() {
    std::vector<Codec> codecs;
    const auto add = [&codecs](CodecKind kind) -> Codec& {
        codecs.emplace_back().kind = kind;
        return codecs.back();
    };
    for (const MoneyForm form : {MoneyForm::yuan,
                                 MoneyForm::yuan_thousands,
                                 MoneyForm::wan,
                                 MoneyForm::fen,
                                 MoneyForm::capital}) {
        add(CodecKind::money).money = form;
    }
    for (const RatioForm form :
         {RatioForm::plain, RatioForm::fraction, RatioForm::percent, RatioForm::percent_sign}) {
        Codec& codec = add(CodecKind::decimal);
        codec.ratio = form;
        codec.scale = 4;
    }
    add(CodecKind::integer);
    add(CodecKind::share);
    for (const DateForm form :
         {DateForm::yyyymmdd, DateForm::iso, DateForm::slashes, DateForm::chinese}) {
        add(CodecKind::date).dates = {form};
    }
    for (const PeriodForm form : {PeriodForm::yyyymm, PeriodForm::iso, PeriodForm::chinese}) {
        add(CodecKind::period).periods = {form};
    }
    add(CodecKind::timestamp);
    add(CodecKind::boolean);
    add(CodecKind::text);
    return codecs;
}

void must(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // The formats stop what is no UTF-8 before a codec sees it.
    if (invalid_utf8(text) != std::string_view::npos) return 0;
    static const std::vector<Codec> codecs = all_codecs();
    const Date day{2026, 3, 16};
    for (const Codec& codec : codecs) {
        const Coded<schemas::Value> value = read(codec, text, day);
        must(value.value.has_value() || value.fault.has_value());
        if (!value.value) continue;
        const Coded<std::string> written = write(codec, *value.value, day);
        if (!written.value) continue;
        const Coded<schemas::Value> again = read(codec, *written.value, day);
        must(again.value.has_value() && *again.value == *value.value);
    }
    const std::vector<Normaliser> all{Normaliser::strip_invisible,
                                      Normaliser::fold_width,
                                      Normaliser::trim,
                                      Normaliser::middle_dot,
                                      Normaliser::uscc_suffix};
    (void)normalise(all, std::string(text));
    for (const char* kind : {"identity", "uscc", "real-estate-unit", "fund-account"}) {
        const std::string once = schemas::normalise_identifier(kind, text);
        (void)schemas::read_citizen_number(once, day);
        (void)schemas::read_unit_number(once);
        (void)schemas::valid_uscc(once);
    }
    return 0;
}
