// Text: lengths and places count characters, not bytes; names are compared by names.h.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "mapping/cel/functions.h"
#include "mapping/cel/names.h"

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

Datum same_name(Arguments a, Scene& /*scene*/) {
    return Datum(Text{name_of(compare_names(a[0].text(), a[1].text())), nullptr});
}

Datum same_organisation(Arguments a, Scene& /*scene*/) {
    return Datum(Text{name_of(compare_organisations(a[0].text(), a[1].text())), nullptr});
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
