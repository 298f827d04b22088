// OdbcConnector: asks a view of a database: a configured statement, its parameters from the
// question's JSON object, and the rows as UTF-8 JSON lines, one object a row, columns in the
// statement's order. Those bytes are the native record.
//
// settings:
//   driver: SQLite3                       # as registered with unixODBC, or the shared library's
//   path connection: Database=/path/view.db    # the rest of the connection string, without a
//   password; `driver` is not
//                                         # used where it begins with Driver=
//   password: {file: path}                # readable by its owner only
//   sql: SELECT ... WHERE AAC002 = :AAC002   # parameters are bound, never spliced
//   columns: [AAC001, ...]                # that must be there; a missing one is unavailable
//   "odbc.column_missing" upper_case: false                     # true: column names as capitals
//   (PostgreSQL folds them to small letters) max_rows: 5000                        # more is
//   unavailable "odbc.too_many_rows": nothing is cut off silently no_rows: no_record # or answered:
//   an empty record
//
// A byte of text that is not UTF-8 becomes U+FFFD, which the hub reports.
//
// Threads: safe from any thread; one connection a question.
#pragma once

#include <memory>

#include "base/yaml.h"
#include "connectors/connector.h"

namespace tongban::connectors {

std::shared_ptr<Connector> make_odbc_connector(const YamlValue& settings);

}  // namespace tongban::connectors
