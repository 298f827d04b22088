// 610100.social-security: a database with one view, V_CBJF, that others may read. The table behind
// it and the view are made anew at each start; the view is what a driver sees, so misbehaviour is
// done to the view.
#include <chrono>
#include <thread>

#include "base/text.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/records.h"

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

std::string table_ddl() {
    std::string columns;
    for (const std::string& name : spell_columns()) {
        columns += (columns.empty() ? "" : ", ") + name +
                   (name == "AAE201" ? " INTEGER" : " VARCHAR(255)");
    }
    return "CREATE TABLE CBJF(" + columns + ");\n";
}

std::string view_ddl(std::string_view columns, std::string_view where = "") {
    return "CREATE VIEW V_CBJF AS SELECT " + std::string(columns) + " FROM CBJF" +
           std::string(where) + ";\n";
}

std::string inserts(const Population& population) {
    std::string sql;
    const std::size_t months = 16;  // the place of AAE201, a number
    for (const World& world : population.worlds()) {
        for (const SpellRow& row : spell_rows(world)) {
            std::string values;
            for (std::size_t i = 0; i < row.values.size(); ++i) {
                values += i == 0 ? "" : ", ";
                values += row.values[i].empty() ? "NULL"
                          : i == months         ? row.values[i]
                                                : sql_text(row.values[i]);
            }
            sql += "INSERT INTO CBJF VALUES(" + values + ");\n";
        }
    }
    return sql;
}

std::string all_columns() {
    return join(spell_columns(), ", ");
}

// The view as the conduct wants it.
std::string view_for(const Conduct& conduct) {
    std::string columns = all_columns();
    const auto instead = [&columns](std::string_view name, std::string_view expression) {
        columns.replace(
            columns.find(name), name.size(), std::string(expression) + " AS " + std::string(name));
    };
    if (conduct.has_body) return conduct.body;  // a script that makes the view
    if (conduct.is("no_record")) return view_ddl(columns, " WHERE 0");
    if (conduct.is("twice")) return view_ddl(columns + " FROM CBJF UNION ALL SELECT " + columns);
    if (conduct.is("truncated") || conduct.is("half")) {
        columns.replace(columns.find("AAC003, "), 8, "");
        return view_ddl(columns);
    }
    if (conduct.is("garbage")) {
        instead("AAE041", "'20XX13'");
        return view_ddl(columns);
    }
    if (conduct.is("wrong_encoding")) {
        instead("AAC003", "CAST(X'C2EDFE9F' AS TEXT)");  // GB18030 bytes in a UTF-8 database
        return view_ddl(columns);
    }
    if (conduct.is("fail") || conduct.is("fault") || conduct.is("down"))
        return "";  // no view: every statement fails
    return view_ddl(columns);
}

}  // namespace

std::string social_security_script(const Population& population) {
    return "DROP VIEW IF EXISTS V_CBJF;\nDROP TABLE IF EXISTS CBJF;\n" + table_ddl() +
           inserts(population) + view_ddl(all_columns());
}

Result<Done> run_social_security(OfficeSetting& setting) {
    const std::string file = setting.plan.data + "/view.db";
    auto database = Sqlite::open(file, SqliteMode::write);
    if (!database) return std::move(database).fault();
    // One file without companions: a foreign driver reads it, and an exclusive transaction really
    // excludes.
    if (auto set = (*database)->execute("PRAGMA journal_mode=DELETE"); !set) return set;
    if (auto made = (*database)->execute("BEGIN IMMEDIATE;\n" +
                                         social_security_script(setting.population) + "COMMIT;");
        !made)
        return made;
    if (auto told = announce(setting.plan, 0, {{"database", file}, {"view", "V_CBJF"}}); !told)
        return told;

    std::string shown = view_for({});
    while (!setting.stop) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const Conduct conduct = setting.misconduct.now();
        if (conduct.is("slow")) {
            // A long transaction of the agency's own holds readers off.
            if ((*database)->execute("BEGIN EXCLUSIVE")) {
                Misconduct::pause(conduct);
                if (!(*database)->execute("COMMIT")) continue;
            }
        }
        const std::string wanted = view_for(conduct);
        if (wanted == shown) continue;
        if ((*database)->execute("BEGIN IMMEDIATE;\nDROP VIEW IF EXISTS V_CBJF;\n" + wanted +
                                 "COMMIT;"))
            shown = wanted;
    }
    return Done{};
}

}  // namespace tongban::sandbox
