#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>

#include "connectors/odbc/internal/odbc_text.h"
#include "connectors/odbc/odbc_session.h"

namespace tongban::connectors {

std::string odbc_driver(const std::string& name_or_path) {
    if (name_or_path.find('/') != std::string::npos) return name_or_path;
    SQLHENV environment = SQL_NULL_HENV;
    bool registered = false;
    if (succeeded(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment))) {
        SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, as_pointer(SQL_OV_ODBC3), 0);
        std::array<SQLWCHAR, 256> name{};
        std::array<SQLWCHAR, 1024> attributes{};
        SQLSMALLINT name_length = 0;
        SQLSMALLINT attributes_length = 0;
        SQLUSMALLINT direction = SQL_FETCH_FIRST;
        while (!registered && succeeded(SQLDriversW(environment,
                                                    direction,
                                                    name.data(),
                                                    static_cast<SQLSMALLINT>(name.size()),
                                                    &name_length,
                                                    attributes.data(),
                                                    static_cast<SQLSMALLINT>(attributes.size()),
                                                    &attributes_length))) {
            const auto end = std::find(name.begin(), name.end(), SQLWCHAR{0});
            registered =
                narrow(name.data(), static_cast<std::size_t>(end - name.begin())) == name_or_path;
            direction = SQL_FETCH_NEXT;
        }
        SQLFreeHandle(SQL_HANDLE_ENV, environment);
    }
    if (registered) return "{" + name_or_path + "}";
    const std::string library = name_or_path == "SQLite3" ? "libsqlite3odbc.so" : "psqlodbcw.so";
    for (const char* folder : {"/usr/lib/x86_64-linux-gnu/odbc/",
                               "/usr/lib/aarch64-linux-gnu/odbc/",
                               "/usr/lib/odbc/",
                               "/usr/lib64/"}) {
        if (std::filesystem::exists(folder + library)) return folder + library;
    }
    return "{" + name_or_path + "}";
}

}  // namespace tongban::connectors
