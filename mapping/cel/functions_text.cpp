// Text: names of persons and organisations as offices write them. Lengths and places count
// characters, not bytes.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "mapping/cel/functions.h"

namespace tongban::mapping::cel {
namespace {

using Arguments = std::span<const Datum>;

Datum size_of_text(Arguments a, Scene& /*scene*/) {
    return static_cast<std::int64_t>(length(a[0].text()));
}
Datum starts_with(Arguments a, Scene& /*scene*/) {
    return a[0].text().starts_with(a[1].text());
}
Datum ends_with(Arguments a, Scene& /*scene*/) {
    return a[0].text().ends_with(a[1].text());
}
Datum contains(Arguments a, Scene& /*scene*/) {
    return a[0].text().find(a[1].text()) != std::string_view::npos;
}
Datum before(Arguments a, Scene& /*scene*/) {
    return compare(a[0], a[1]) < 0;
}

std::string uppercase(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    });
    return out;
}

Datum upper(Arguments a, Scene& /*scene*/) {
    return owned(uppercase(a[0].text()));
}
Datum trimmed(Arguments a, Scene& /*scene*/) {
    return owned(trim(a[0].text()));
}

// Characters from `from` to before `to`, from 0; undecided when the text is shorter.
Datum substring(Arguments a, Scene& /*scene*/) {
    const std::u32string points = code_points(a[0].text());
    const auto from = a[1].as<std::int64_t>();
    const auto to = a[2].as<std::int64_t>();
    if (from < 0 || to < from || to > static_cast<std::int64_t>(points.size())) return {};
    return owned(to_utf8(std::u32string_view(points).substr(static_cast<std::size_t>(from),
                                                            static_cast<std::size_t>(to - from))));
}

Datum joined(Arguments a, Scene& /*scene*/) {
    const std::size_t size = a[0].text().size() + a[1].text().size();
    if (size > 65'536) return Datum(Undecided{Cause::limit});
    return owned(std::string(a[0].text()) + std::string(a[1].text()));
}

Datum all_digits(Arguments a, Scene& /*scene*/) {
    const std::string_view text = a[0].text();
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What stands between the parts of a name, in every form that offices write (domain.md 3.8).
bool is_dot_or_blank(char32_t c) {
    static constexpr std::u32string_view dots = U"·・•‧⋅∙．.。｡･-‐‑–— \u00A0\u3000\u2E31";
    return dots.find(c) != std::u32string_view::npos;
}

// Code points that GB 18030-2005 still kept in the private use area.
char32_t out_of_private_use(char32_t c) {
    static constexpr std::array<std::pair<char32_t, char32_t>, 8> moved{{{0xE81E, 0x9FB4},
                                                                         {0xE826, 0x9FB5},
                                                                         {0xE82B, 0x9FB6},
                                                                         {0xE82C, 0x9FB7},
                                                                         {0xE832, 0x9FB8},
                                                                         {0xE843, 0x9FB9},
                                                                         {0xE854, 0x9FBA},
                                                                         {0xE864, 0x9FBB}}};
    for (const auto& [from, to] : moved) {
        if (c == from) return to;
    }
    return c;
}

std::string folded(std::string_view name) {
    std::u32string kept;
    for (const char32_t c : code_points(fold_width(strip_invisible(name)))) {
        if (!is_dot_or_blank(c)) kept.push_back(out_of_private_use(c));
    }
    return uppercase(to_utf8(kept));
}

Datum verdict(bool same, bool same_folded) {
    return Datum(Text{same ? "equal" : (same_folded ? "folded" : "different"), nullptr});
}

// Variants such as 昇/升 are never folded: two people may bear them.
Datum same_name(Arguments a, Scene& /*scene*/) {
    const std::string first = strip_invisible(a[0].text());
    const std::string second = strip_invisible(a[1].text());
    return verdict(first == second, folded(first) == folded(second));
}

std::string folded_organisation(std::string_view name) {
    static constexpr std::string_view long_form = "有限责任公司";
    static constexpr std::string_view short_form = "有限公司";
    std::string text = folded(name);
    for (std::size_t at = text.find(long_form); at != std::string::npos;
         at = text.find(long_form, at))
        text.replace(at, long_form.size(), short_form);
    return text;
}

Datum same_organisation(Arguments a, Scene& /*scene*/) {
    const std::string first = strip_invisible(a[0].text());
    const std::string second = strip_invisible(a[1].text());
    return verdict(first == second, folded_organisation(first) == folded_organisation(second));
}

constexpr std::array table{
    Function{"size(string) int", size_of_text},
    Function{"startsWith(string, string) bool", starts_with},
    Function{"endsWith(string, string) bool", ends_with},
    Function{"contains(string, string) bool", contains},
    Function{"before(string, string) bool", before},
    Function{"upper(string) string", upper},
    Function{"trim(string) string", trimmed},
    Function{"substring(string, int, int) string", substring},
    Function{"+(string, string) string", joined},
    Function{"all_digits(string) bool", all_digits},
    Function{"same_name(string, string) string", same_name},
    Function{"same_organisation(string, string) string", same_organisation},
};

}  // namespace

std::span<const Function> text_functions() {
    return table;
}

}  // namespace tongban::mapping::cel
