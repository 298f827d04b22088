#include "connectors/runtime/connector_config.h"

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "connectors/file_drop/file_drop_connector.h"
#include "connectors/http/http_deliverer.h"
#include "connectors/http_json/http_json_connector.h"
#include "connectors/odbc/odbc_connector.h"
#include "connectors/soap/soap_connector.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::connectors;
using support::TemporaryFolder;

namespace {

Protocols all_protocols() {
    Protocols protocols;
    protocols.connectors = {{"soap", make_soap_connector},
                            {"http_json", make_http_json_connector},
                            {"odbc", make_odbc_connector},
                            {"file_drop", make_file_drop_connector}};
    protocols.deliverers = {{"http", make_http_deliverer}, {"file_drop", make_file_drop_deliverer}};
    return protocols;
}

// What the configurations of the city pair expect to find.
struct City {
    TemporaryFolder folder;
    City() {
        write("pki/hub/log.vkey", "hub.yc/log+00000000+AA==\n");
        write("offices/640100.tax/api.key", "secret\n");
    }
    void write(const std::string& name, const std::string& text) const {
        const std::string path = folder / name;
        BOOST_REQUIRE(make_folders(std::filesystem::path(path).parent_path().string()).ok());
        BOOST_REQUIRE(write_file_durably(path, text, Access::owner_only).ok());
    }
    [[nodiscard]] ConnectorConfig load(const std::string& member) const {
        return load_connector_config(
            std::string(TONGBAN_SOURCE_DIR "/configs/connectors/") + member + ".yaml",
            {{"DATA", folder.path()}},
            all_protocols());
    }
    [[nodiscard]] ConnectorConfig load_text(const std::string& text) const {
        write("c.yaml", text);
        return load_connector_config(folder / "c.yaml", {}, all_protocols());
    }
};

constexpr const char* small =
    "member: a.b\ndata: /d\nsigning_key: /k\n"
    "hub: {id: h, host: localhost, rpc_port: 1, lease_port: 2, ca: /a, certificate: /c, key: /k}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(connector_config_test)

BOOST_AUTO_TEST_CASE(the_five_connectors_of_the_city_pair_load) {
    const City city;
    for (const auto& [member, operation] :
         std::vector<std::pair<std::string, std::string>>{{"610100.housing-fund", "certificate"},
                                                          {"610100.social-security", "employment"},
                                                          {"640100.real-estate", "homes"},
                                                          {"640100.tax", "deed-tax"}}) {
        BOOST_TEST_CONTEXT(member) {
            const ConnectorConfig config = city.load(member);
            BOOST_TEST(config.member == member);
            BOOST_TEST(config.hub.id == "hub.yc");
            BOOST_TEST(config.hub.log_vkey == "hub.yc/log+00000000+AA==");
            BOOST_REQUIRE(config.operations.contains(operation));
            BOOST_TEST(config.operations.at(operation).connector != nullptr);
            BOOST_TEST(config.operations.at(operation).answers.starts_with(member + "/"));
        }
    }
    const ConnectorConfig asker = city.load("640100.housing-fund");
    BOOST_REQUIRE(asker.requests.has_value());
    BOOST_REQUIRE(asker.requests->forms.size() >= 7U);
    for (const RequestForm& form : asker.requests->forms)
        BOOST_TEST((form.kind.literal == "submit") == (form.root != "EligibilityEnquiry"));
    BOOST_TEST(asker.requests->forms.front().paths().size() == 10U);
    BOOST_TEST(asker.delivery.has_value());
}

BOOST_AUTO_TEST_CASE(the_connectors_of_a_sale_load) {
    const City city;
    for (const auto& [member, operation] :
         std::vector<std::pair<std::string, std::string>>{{"640100.real-estate", "entry-confirm"},
                                                          {"640100.tax", "lock-reserve"},
                                                          {"640100.construction", "contract"},
                                                          {"640100.civil-affairs", "marriage"}}) {
        BOOST_TEST_CONTEXT(member) {
            const ConnectorConfig config = city.load(member);
            BOOST_REQUIRE(config.operations.contains(operation));
            BOOST_TEST(config.operations.at(operation).answers.starts_with(member + "/"));
        }
    }
    for (const auto& [member, forms] :
         std::vector<std::pair<std::string, std::size_t>>{{"640100.approvals", 3},
                                                          {"640100.bank", 1},
                                                          {"640100.tax", 2},
                                                          {"640100.real-estate", 2}}) {
        BOOST_TEST_CONTEXT(member) {
            const ConnectorConfig config = city.load(member);
            BOOST_REQUIRE(config.requests.has_value());
            BOOST_TEST(config.requests->forms.size() == forms);
            BOOST_TEST(config.delivery.has_value());
            for (const RequestForm& form : config.requests->forms)
                BOOST_TEST(form.kind.literal == "submit");
        }
    }
}

BOOST_AUTO_TEST_CASE(an_engine_is_where_schemas_and_mappings_are) {
    const City city;
    const std::string engine = "engine: " + city.folder.path() + "/root\n";
    try {
        static_cast<void>(city.load_text(small + engine));
        BOOST_ERROR("an engine without files was taken");
    } catch (const ConfigError& error) {
        BOOST_REQUIRE(error.faults().size() == 1U);
        BOOST_TEST(error.faults().front().line == 5);
        BOOST_TEST(error.faults().front().message.find("schemas/ and mapping/") !=
                   std::string::npos);
    }
    city.write("root/schemas/readme", "");
    city.write("root/mapping/readme", "");
    BOOST_TEST(city.load_text(small + engine).engine == city.folder.path() + "/root");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_a_fault_with_its_line) {
    const City city;
    try {
        static_cast<void>(city.load_text(std::string(small) + "lane: 3\n"));
        BOOST_FAIL("it loaded");
    } catch (const ConfigError& error) {
        BOOST_REQUIRE(error.faults().size() == 1U);
        BOOST_TEST(error.faults().front().line == 5);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_protocol_and_a_delivery_with_answers_are_faults) {
    const City city;
    BOOST_CHECK_THROW(
        static_cast<void>(city.load_text(
            std::string(small) + "operations: {x: {protocol: telepathy, telepathy: {}}}\n")),
        ConfigError);
    BOOST_CHECK_THROW(static_cast<void>(city.load_text(
                          std::string(small) +
                          "delivery: {protocol: http, answers: x, http: {url: \"http://h\"}}\n")),
                      ConfigError);
}

BOOST_AUTO_TEST_CASE(variables_have_defaults_that_may_hold_variables) {
    const Variables variables{{"PORT", "81"}};
    BOOST_TEST(expand_variables("a: ${PORT:-80}\nb: ${HOST:-localhost:${PORT}}\n# ${WORDS}\n",
                                variables,
                                "f") == "a: 81\nb: localhost:81\n# ${WORDS}\n");
}

BOOST_AUTO_TEST_CASE(a_variable_without_a_value_and_one_that_would_change_the_file_are_faults) {
    BOOST_CHECK_THROW(static_cast<void>(expand_variables("a: ${NONE}", {}, "f")), ConfigError);
    BOOST_CHECK_THROW(static_cast<void>(expand_variables("a: ${X}", {{"X", "1\nb: 2"}}, "f")),
                      ConfigError);
    BOOST_CHECK_THROW(static_cast<void>(expand_variables("a: ${X}", {{"X", "b: 2"}}, "f")),
                      ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()
