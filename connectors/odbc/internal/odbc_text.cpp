#include "connectors/odbc/internal/odbc_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace tongban::connectors {

WideText wide(std::string_view utf8) {
    WideText result;
    for (const char32_t point : code_points(utf8)) {
        if (point < 0x10000) {
            result.push_back(static_cast<SQLWCHAR>(point));
        } else {
            const char32_t rest = point - 0x10000;
            result.push_back(static_cast<SQLWCHAR>(0xD800 + (rest >> 10U)));
            result.push_back(static_cast<SQLWCHAR>(0xDC00 + (rest & 0x3FFU)));
        }
    }
    result.push_back(0);
    return result;
}

std::string narrow(const SQLWCHAR* text, std::size_t count) {
    std::u32string points;
    for (std::size_t i = 0; i < count; ++i) {
        char32_t unit = text[i];
        const bool high = unit >= 0xD800 && unit < 0xDC00;
        if (high && i + 1 < count && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10U) + (text[i + 1] - char32_t{0xDC00});
            ++i;
        } else if (unit >= 0xD800 && unit < 0xE000) {
            unit = 0xFFFD;
        }
        points.push_back(unit);
    }
    return to_utf8(points);
}

SQLPOINTER as_pointer(std::uintptr_t number) {
    return reinterpret_cast<SQLPOINTER>(number);  // NOLINT(performance-no-int-to-ptr)
}

bool succeeded(SQLRETURN code) {
    return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO;
}

Fault diagnosis(SQLSMALLINT type, SQLHANDLE handle, bool cancelled) {
    if (cancelled) return {FaultKind::expired, "timeout", "cancelled at the deadline"};
    std::array<SQLWCHAR, 6> state{};
    std::array<SQLWCHAR, 512> message{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    if (!succeeded(SQLGetDiagRecW(type,
                                  handle,
                                  1,
                                  state.data(),
                                  &native,
                                  message.data(),
                                  static_cast<SQLSMALLINT>(message.size()),
                                  &length))) {
        return {FaultKind::unavailable, "state.unknown", "the driver gives no diagnosis"};
    }
    const std::string code = narrow(state.data(), 5);
    const auto shown = std::min<std::size_t>(
        static_cast<std::size_t>(std::max<SQLSMALLINT>(length, 0)), message.size() - 1);
    const bool no_column =
        code == "42S22" || code == "42703" ||
        narrow(message.data(), shown).find("no such column") != std::string::npos;
    if (no_column) {
        return {FaultKind::unavailable, "column_missing", "a column of the statement is missing"};
    }
    if (code == "HYT00" || code == "HYT01" || code == "HY008" || code == "57014") {
        return {FaultKind::expired, "timeout", "the driver's own timeout"};
    }
    return {FaultKind::unavailable, "state." + code, "the driver refuses"};
}

}  // namespace tongban::connectors
