#include "mapping/cel/names.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/radicals.h"
#include "base/text.h"

namespace tongban::mapping::cel {
namespace {

// What stands between the parts of a name, in every form that offices write.
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

// Variants that clerks and old systems put for one another in names, as the list of standard
// characters (通用规范汉字表 2013, with its table of traditional and variant forms) relates them,
// or as fonts and code pages confuse them. Some of them, 堃/坤 and 喆/哲 among them, are today
// characters in their own right.
char32_t head_of_variants(char32_t c) {
    static constexpr std::array<std::pair<char32_t, char32_t>, 9> variants{{{U'昇', U'升'},
                                                                            {U'堃', U'坤'},
                                                                            {U'喆', U'哲'},
                                                                            {U'镕', U'熔'},
                                                                            {U'祎', U'袆'},
                                                                            {U'晧', U'皓'},
                                                                            {U'髙', U'高'},
                                                                            {U'吳', U'吴'},
                                                                            {U'﨑', U'崎'}}};
    for (const auto& [variant, head] : variants) {
        if (c == variant) return head;
    }
    return c;
}

std::string uppercase(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    });
    return text;
}

std::string folded(std::string_view name) {
    std::u32string kept;
    for (const char32_t c : code_points(fold_radicals(fold_width(strip_invisible(name))))) {
        if (!is_dot_or_blank(c)) kept.push_back(out_of_private_use(c));
    }
    return uppercase(to_utf8(kept));
}

std::string without_variants(std::string_view folded_name) {
    std::u32string points = code_points(folded_name);
    std::transform(points.begin(), points.end(), points.begin(), head_of_variants);
    return to_utf8(points);
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

}  // namespace

std::string_view name_of(Likeness likeness) {
    switch (likeness) {
        case Likeness::equal:
            return "equal";
        case Likeness::folded:
            return "folded";
        case Likeness::variant:
            return "variant";
        case Likeness::different:
            return "different";
    }
    return "";
}

Likeness compare_names(std::string_view a, std::string_view b) {
    if (strip_invisible(a) == strip_invisible(b)) return Likeness::equal;
    const std::string first = folded(a);
    const std::string second = folded(b);
    if (first == second) return Likeness::folded;
    return without_variants(first) == without_variants(second) ? Likeness::variant
                                                               : Likeness::different;
}

Likeness compare_organisations(std::string_view a, std::string_view b) {
    if (strip_invisible(a) == strip_invisible(b)) return Likeness::equal;
    return folded_organisation(a) == folded_organisation(b) ? Likeness::folded
                                                            : Likeness::different;
}

}  // namespace tongban::mapping::cel
