// Names: how alike two names of one person or organisation are, as different offices write them.
//
// What a decoder, a keyboard or a PDF does to a name is folded and told apart from equality:
// dots, blanks, width, case, private-use code points, radicals. Variants of a character, such as
// 昇 and 升, are never folded, since two people may bear them: they are a verdict of their own, a
// hint for the officer who looks at the card.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace tongban::mapping::cel {

enum class Likeness { equal, folded, variant, different };
std::string_view name_of(Likeness likeness);

Likeness compare_names(std::string_view a, std::string_view b);
// 有限责任公司 is 有限公司 too. Organisations have no variants: their names are registered in
// standard characters.
Likeness compare_organisations(std::string_view a, std::string_view b);

}  // namespace tongban::mapping::cel
