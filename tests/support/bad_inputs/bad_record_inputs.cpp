#include "tests/support/bad_inputs/bad_input.h"
#include "tests/support/native_samples.h"

namespace tongban::support {
namespace {

std::string soap(std::string_view from, std::string_view to) {
    return in_gb18030(with(certificate_utf8, from, to));
}

std::string with_other_person() {
    return in_gb18030(with(with(certificate_utf8, "610102199003070016", "610102199103080027"), "<CSRQ>19900307", "<CSRQ>19910308"));
}

}  // namespace

std::vector<BadInput> bad_record_inputs() {
    const auto soap_answer = Enters::soap;
    const auto file_answer = Enters::file;
    return {
        {"month_13", soap_answer, "contributions since 2015-13", [] { return soap("<QSNY>201508", "<QSNY>201513"); }, {"map.period.malformed"}, "", "", ""},
        {"day_31_february", soap_answer, "issued on 31 February", [] { return soap("<KJRQ>20260105", "<KJRQ>20260231"); }, {"map.date.malformed"}, "", "", ""},
        {"unmapped_code", soap_answer, "an ID type that no crosswalk knows", [] { return soap("<ZJLX>01", "<ZJLX>77"); }, {"map.code.unmapped", "P-03"}, "", "", ""},
        {"check_digit", soap_answer, "an ID number with a wrong last digit", [] { return soap("610102199003070016", "610102199003070017"); }, {"P-01"}, "", "", ""},
        {"certificate_expired", soap_answer, "a certificate of a year ago", [] { return soap("<KJRQ>20260105", "<KJRQ>20250105"); }, {"L-01"}, "", "", ""},
        {"certificate_for_another", soap_answer, "a certificate of another person", [] { return with_other_person(); }, {"P-02", "P-07"}, "", "", ""},
        {"ratio_without_unit", soap_answer, "a ratio of 0.12 where this centre writes 12.00", [] { return soap("<DWJCBL>12.00", "<DWJCBL>0.12"); }, {"C-06", "C-07"}, "", "", ""},
        {"share_sum_not_1", file_answer, "two owners with 50 % and 60 %", [] { return with(homes_utf8, "QLBL=\"50.0%\"/>\n</QLT", "QLBL=\"60.0%\"/>\n</QLT"); }, {"R-08"}, "", "", ""},
        {"share_unreadable", file_answer, "a share that says 一半多一点", [] { return with(homes_utf8, "QLBL=\"50.0%\"", "QLBL=\"一半多一点\""); }, {"map.share.malformed"}, "", "", ""},
        {"use_unmapped", file_answer, "a house use that no crosswalk knows", [] { return with(homes_utf8, "GHYT=\"10\"", "GHYT=\"999\""); }, {"map.code.unmapped"}, "", "", ""},
        {"tax_date_not_real", Enters::json, "paid on 2020-13-01", [] { return with(deed_tax_utf8, "2020-05-06", "2020-13-01"); }, {"map.date.malformed"}, "", "", ""},
        {"rows_month_00", Enters::rows, "insured from 2015-00", [] { return with(employment_utf8, R"("AAE041":"201508")", R"("AAE041":"201500")"); }, {"map.period.malformed"}, "", "", ""},
        {"request_card_kind_unmapped", Enters::request, "a card kind that no crosswalk knows", [] { return with(enquiry_utf8, "<CardKind>10", "<CardKind>77"); }, {"map.code.unmapped", "P-03"}, "", "", ""},
        {"request_day_not_real", Enters::request, "applied on 30 February", [] { return with(enquiry_utf8, "2026-01-05</AppliedOn>", "2026-02-30</AppliedOn>"); }, {"map.date.malformed"}, "", "", ""},
    };
}

}  // namespace tongban::support
