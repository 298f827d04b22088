// Radicals: the characters that a dictionary files others under have code points of their own, and
// look exactly like the characters they are. Text copied out of a PDF carries them: a name then
// differs from itself though nobody can see it.
//
// Threads: pure function.
#pragma once

#include <string>
#include <string_view>

namespace tongban {

// Every Kangxi radical (U+2F00 to U+2FD5), and the two of the supplement that have one, becomes the
// character of its compatibility decomposition in Unicode; all else stays.
std::string fold_radicals(std::string_view utf8);

}  // namespace tongban
