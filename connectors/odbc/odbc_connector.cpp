#include "connectors/odbc/odbc_connector.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "connectors/odbc/odbc_session.h"
#include "connectors/odbc/sql_statement.h"

namespace tongban::connectors {
namespace {

struct OdbcSettings {
    std::string connection;
    std::string password;
    SqlStatement statement;
    std::vector<std::string> columns;
    bool upper_case = false;
    std::int64_t max_rows = 5000;
    AnswerKind no_rows = AnswerKind::no_record;
};

Answer unavailable(const std::string& code) {
    return not_answered(AnswerKind::unavailable, "odbc." + code);
}

Result<std::vector<SqlValue>> bind(const SqlStatement& statement, const Json& question) {
    std::vector<SqlValue> values;
    for (const std::string& name : statement.parameters) {
        const auto member = question.find(name);
        if (member == question.end()) {
            return Fault{FaultKind::malformed, "parameter_missing", "the question lacks " + name};
        }
        if (member->is_string()) {
            values.emplace_back(member->get<std::string>());
        } else if (member->is_boolean()) {
            values.emplace_back(member->get<bool>());
        } else if (member->is_number_integer()) {
            values.emplace_back(member->get<std::int64_t>());
        } else if (member->is_number()) {
            values.emplace_back(member->get<double>());
        } else if (member->is_null()) {
            values.emplace_back(nullptr);
        } else {
            return Fault{FaultKind::malformed, "parameter_type", name + " is not a scalar"};
        }
    }
    return values;
}

std::string capitals(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string json_line(const std::vector<std::string>& columns, const std::vector<SqlValue>& row) {
    nlohmann::ordered_json line = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::visit([&](const auto& value) { line[columns[i]] = value; }, row[i]);
    }
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

class OdbcConnector final : public Connector {
public:
    explicit OdbcConnector(OdbcSettings settings) : settings_(std::move(settings)) {}

    Answer ask(const Question& question, Deadline deadline) override {
        const auto parsed = parse_json(question.native);
        if (!parsed || !parsed->is_object()) return unavailable("question");
        auto parameters = bind(settings_.statement, *parsed);
        if (!parameters) return unavailable(parameters.fault().where);

        auto session = OdbcSession::connect(settings_.connection, settings_.password, deadline);
        if (!session) return unavailable(session.fault().where);
        auto executed = (*session)->execute(settings_.statement.text, *parameters, deadline);
        if (!executed) return unavailable(executed.fault().where);
        return read_rows(**session, deadline);
    }

    void stop() override {}  // a statement ends at its deadline

private:
    [[nodiscard]] Answer read_rows(OdbcSession& session, Deadline deadline) const {
        std::vector<std::string> columns = session.columns();
        if (settings_.upper_case) {
            std::transform(columns.begin(), columns.end(), columns.begin(), capitals);
        }
        for (const std::string& column : settings_.columns) {
            if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
                return unavailable("column_missing");
            }
        }
        std::string lines;
        std::int64_t rows = 0;
        for (;;) {
            auto row = session.next(deadline);
            if (!row) return unavailable(row.fault().where);
            const auto& values = *row;
            if (!values) break;
            if (++rows > settings_.max_rows) return unavailable("too_many_rows");
            lines += json_line(columns, *values);
        }
        if (rows == 0 && settings_.no_rows != AnswerKind::answered) {
            return not_answered(settings_.no_rows, "odbc.no_rows");
        }
        return answered(std::move(lines));
    }

    const OdbcSettings settings_;
};

std::string read_password(const YamlValue& password) {
    if (!password.exists()) return "";
    const YamlValue file = password.map({"file"}).at("file");
    struct stat facts{};
    if (stat(file.text().c_str(), &facts) != 0 || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        file.fault("a secret's file must exist and be readable by its owner only");
        return "";
    }
    auto bytes = read_file(file.text(), 4096);
    return bytes ? trim(*bytes) : std::string();
}

}  // namespace

std::shared_ptr<Connector> make_odbc_connector(const YamlValue& settings) {
    const YamlMap map = settings.map({"driver",
                                      "connection",
                                      "password",
                                      "sql",
                                      "columns",
                                      "upper_case",
                                      "max_rows",
                                      "no_rows"});
    OdbcSettings read;
    read.connection = map.text("connection");
    if (!read.connection.starts_with("Driver=")) {
        read.connection = "Driver=" + odbc_driver(map.text("driver")) + ";" + read.connection;
    }
    read.password = read_password(map.find("password"));
    auto statement = read_sql_statement(map.text("sql"));
    if (statement) {
        read.statement = *std::move(statement);
    } else {
        map.at("sql").fault(statement.fault().reason);
    }
    read.columns = map.texts_if("columns");
    read.upper_case = map.boolean_or("upper_case", false);
    read.max_rows = map.integer_or("max_rows", read.max_rows);
    const auto kind = answer_kind_named(map.text_or("no_rows", "no_record"));
    if (kind) {
        read.no_rows = *kind;
    } else {
        map.at("no_rows").fault("expected no_record or answered");
    }
    return std::make_shared<OdbcConnector>(std::move(read));
}

}  // namespace tongban::connectors
