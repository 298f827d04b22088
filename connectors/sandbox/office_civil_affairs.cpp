// 640100.civil-affairs: a database with one view, V_HYDJ, that others may read: one row an event
// and a person. Made anew at each start. A story may leave somebody out: there is no row, and that
// is not "unmarried".
#include <chrono>
#include <thread>

#include "base/text.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

namespace {

std::string sql_text(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c;
    }
    return out + "'";
}

std::string script(const Sales& sales) {
    std::string columns;
    for (const std::string& name : marriage_columns())
        columns += (columns.empty() ? "" : ", ") + name + " VARCHAR(255)";
    std::string sql =
        "DROP VIEW IF EXISTS V_HYDJ;\nDROP TABLE IF EXISTS HYDJ;\nCREATE TABLE HYDJ(" + columns +
        ");\n";
    for (const Sale& sale : sales.all()) {
        for (const std::vector<std::string>& row : marriage_rows(sale)) {
            std::string values;
            for (const std::string& value : row)
                values += (values.empty() ? "" : ", ") + sql_text(value);
            sql += "INSERT INTO HYDJ VALUES(" + values + ");\n";
        }
    }
    return sql;
}

// The view as the conduct wants it; "" takes it away, and every statement fails.
std::string view_for(const Conduct& conduct) {
    if (conduct.is("fail") || conduct.is("fault") || conduct.is("down")) return "";
    return "CREATE VIEW V_HYDJ AS SELECT " + join(marriage_columns(), ", ") + " FROM HYDJ" +
           (conduct.is("no_record") ? " WHERE 0" : "") + ";\n";
}

}  // namespace

Result<Done> run_civil_affairs(OfficeSetting& setting) {
    const Sales sales(setting.plan.population);
    const std::string file = setting.plan.data + "/view.db";
    auto database = Sqlite::open(file, SqliteMode::write);
    if (!database) return std::move(database).fault();
    // One file without companions: a foreign driver reads it.
    if (auto set = (*database)->execute("PRAGMA journal_mode=DELETE"); !set) return set;
    std::string shown = view_for({});
    if (auto made = (*database)->execute("BEGIN IMMEDIATE;\n" + script(sales) + shown + "COMMIT;");
        !made)
        return made;
    if (auto told = announce(setting.plan, 0, {{"database", file}, {"view", "V_HYDJ"}}); !told)
        return told;
    while (!setting.stop) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const std::string wanted = view_for(setting.misconduct.now());
        if (wanted == shown) continue;
        if ((*database)->execute("BEGIN IMMEDIATE;\nDROP VIEW IF EXISTS V_HYDJ;\n" + wanted +
                                 "COMMIT;"))
            shown = wanted;
    }
    return Done{};
}

}  // namespace tongban::sandbox
