// OdbcSession: one connection and one statement through unixODBC, wrapped: text as UTF-8, values
// bound, time bounded.
//
// All text crosses as UTF-16: what a driver makes of plain char depends on its locale. Only
// SQLite's driver is asked for char, which is the file's own bytes: text that is not UTF-8 stays
// visible as such. Whole numbers stay numbers, floating ones are written in their shortest form,
// decimals stay the digits that the driver gave.
//
// Threads: one thread; the deadline is kept by a watchdog that cancels the statement.
// Faults:  unavailable with the code in `where` ("connect", "column_missing", "state.HYT00", ...),
// expired ("timeout").
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tongban::connectors {

using SqlValue = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string>;

class OdbcSession {
public:
    // `connection` is an ODBC connection string without a password; `password` is added to it.
    static Result<std::unique_ptr<OdbcSession>> connect(const std::string& connection,
                                                        const std::string& password,
                                                        Deadline deadline);
    ~OdbcSession();
    OdbcSession(const OdbcSession&) = delete;
    OdbcSession& operator=(const OdbcSession&) = delete;

    Result<Done> execute(const std::string& sql,
                         const std::vector<SqlValue>& parameters,
                         Deadline deadline);
    [[nodiscard]] const std::vector<std::string>& columns() const;
    // The next row, in the order of columns(); nothing after the last.
    Result<std::optional<std::vector<SqlValue>>> next(Deadline deadline);

private:
    struct State;
    explicit OdbcSession(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// `Driver=...` for a connection string: the name where it is registered with unixODBC, else the
// shared library itself.
std::string odbc_driver(const std::string& name_or_path);

}  // namespace tongban::connectors
