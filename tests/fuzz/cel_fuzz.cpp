// Whatever is written where an expression should stand: no crash, no unbounded work; what parses
// prints and parses to the same tree; what compiles runs within its budget on a record with and
// without data.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "mapping/cel/program.h"

using namespace tongban;
using namespace tongban::mapping::cel;

namespace {

schemas::FieldType field(const char* name,
                         schemas::FieldKind kind,
                         std::vector<schemas::FieldType> fields = {}) {
    schemas::FieldType type;
    type.name = name;
    type.kind = kind;
    type.fields = std::move(fields);
    return type;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using schemas::FieldKind;
    static const std::vector<schemas::FieldType> row{field("m", FieldKind::period),
                                                     field("a", FieldKind::money),
                                                     field("d", FieldKind::decimal),
                                                     field("s", FieldKind::share),
                                                     field("t", FieldKind::text),
                                                     field("on", FieldKind::date)};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Parsed parsed = parse(text);
    if (parsed.expr.has_value() == !parsed.complaints.empty()) std::abort();
    if (!parsed.expr) return 0;
    const Parsed again = parse(print(*parsed.expr));
    if (!again.expr) return 0;  // printing may add a level of parentheses at the very limit
    if (!(*again.expr == *parsed.expr)) std::abort();

    Environment environment;
    environment.names = {{"g", {Kind::group, nullptr, &row, ""}},
                         {"l", list_of({Kind::group, nullptr, &row, ""})},
                         {"i", of(Kind::integer)},
                         {"b", of(Kind::boolean)}};
    const Compiled compiled = compile(*parsed.expr, environment);
    if (compiled.program.has_value() == !compiled.complaints.empty()) std::abort();
    if (!compiled.program) return 0;
    schemas::Group group;
    group.set("m", schemas::Value{Period{202401}, {}});
    group.set("a", schemas::Value{schemas::Money{INT64_MAX}, {}});
    group.set("d", schemas::Value{schemas::Decimal{INT64_MIN, 18}, {}});
    group.set("s", schemas::Value{schemas::Share{1, 3}, {}});
    group.set("on", schemas::Value{Date{9999, 12, 31}, {}});
    schemas::List list;
    list.items.push_back(schemas::Value{group, {}});
    list.items.push_back(schemas::Value{schemas::Group{}, {}});
    const schemas::Group* whole = &group;
    for (std::vector<Datum> frame : {std::vector<Datum>{Datum(whole),
                                                        Datum(Items{&list, nullptr}),
                                                        Datum(std::int64_t{INT64_MAX}),
                                                        Datum(true)},
                                     std::vector<Datum>(4)}) {
        Scene scene{Date{2024, 3, 15}, 20'000};
        static_cast<void>(compiled.program->run(frame, scene));
    }
    return 0;
}
