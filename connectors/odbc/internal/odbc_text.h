// OdbcText: text as ODBC's wide functions take it (UTF-16), and what a driver's diagnosis means to
// us.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sql.h>
#include <sqlext.h>

#include "base/result.h"

namespace tongban::connectors {

using WideText = std::vector<SQLWCHAR>;
WideText wide(std::string_view utf8);  // ends in 0
std::string narrow(const SQLWCHAR* text, std::size_t count);

// An integer where ODBC wants a pointer, as its attributes do.
SQLPOINTER as_pointer(std::uintptr_t number);

bool succeeded(SQLRETURN code);
// The diagnostic's text may quote a value, so only its state leaves this function.
Fault diagnosis(SQLSMALLINT type, SQLHANDLE handle, bool cancelled);

}  // namespace tongban::connectors
