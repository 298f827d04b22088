#include "connectors/http_json/http_json_connector.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/office_service.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::OfficeService;
using support::TemporaryFolder;

namespace {

std::shared_ptr<Connector> connector_to(const std::string& url, const std::string& more = "") {
    auto file = YamlFile::from_text("url: " + url + "\npath: /v1/query/{message_no}\n" + more,
                                    "http_json.yaml");
    auto connector = make_http_json_connector(file.root());
    file.check();
    return connector;
}

Question question() {
    return {"X1", "J1", "00000000000000000007", "o/q@1", R"({"id":"A 1","n":3})"};
}

OfficeService::Reply replies(int status, std::string body) {
    return [status, body](const httplib::Request&, httplib::Response& response) {
        response.status = status;
        response.set_content(body, "application/json");
    };
}

std::string secret_file(const TemporaryFolder& folder, std::filesystem::perms access) {
    const std::string path = folder / "api.key";
    std::ofstream(path) << "s3cret\n";
    std::filesystem::permissions(path, access);
    return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_json_connector_test)

BOOST_AUTO_TEST_CASE(posts_the_question_under_its_message_number_with_the_secret_header) {
    TemporaryFolder folder;
    const auto key = secret_file(folder, std::filesystem::perms::owner_read);
    OfficeService office(replies(200, R"({"ok":1})"));
    const Answer answer = connector_to(office.url(), "headers: {X-Api-Key: {file: " + key + "}}\n")
                              ->ask(question(), Deadline::after(5s));
    BOOST_TEST(answer.native == R"({"ok":1})");
    const auto requests = office.requests();
    BOOST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].path == "/v1/query/00000000000000000007");
    BOOST_TEST(requests[0].body == question().native);
    BOOST_TEST(requests[0].get_header_value("X-Api-Key") == "s3cret");
    BOOST_TEST(requests[0].get_header_value("X-Message-No") == "00000000000000000007");
}

BOOST_AUTO_TEST_CASE(a_secret_that_others_can_read_is_a_configuration_fault) {
    TemporaryFolder folder;
    const auto key = secret_file(
        folder, std::filesystem::perms::owner_read | std::filesystem::perms::others_read);
    BOOST_CHECK_THROW(connector_to("http://127.0.0.1", "headers: {K: {file: " + key + "}}\n"),
                      ConfigError);
}

BOOST_AUTO_TEST_CASE(a_get_carries_the_scalars_of_the_question_in_its_query) {
    OfficeService office(replies(200, "{}"));
    const Answer answer =
        connector_to(office.url(), "method: GET\n")->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "answered");
    const auto requests = office.requests();
    BOOST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].method == "GET");
    BOOST_TEST(requests[0].get_param_value("id") == "A 1");
    BOOST_TEST(requests[0].get_param_value("n") == "3");
}

BOOST_AUTO_TEST_CASE(each_status_has_its_kind_of_answer) {
    const std::vector<std::pair<int, std::string>> table{{200, "answered"},
                                                         {404, "no_record"},
                                                         {403, "refused"},
                                                         {409, "ambiguous"},
                                                         {501, "not_covered"},
                                                         {500, "unavailable"},
                                                         {503, "unavailable"},
                                                         {418, "refused"}};
    for (const auto& [status, kind] : table) {
        BOOST_TEST_CONTEXT("status " << status) {
            OfficeService office(replies(status, "{}"));
            const Answer answer = connector_to(office.url(), "statuses: {\"418\": refused}\n")
                                      ->ask(question(), Deadline::after(5s));
            BOOST_TEST(std::string(name_of(answer.kind)) == kind);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_services_own_code_is_more_exact_than_its_status) {
    OfficeService office(replies(200, R"({"head":{"code":9}})"));
    const Answer answer =
        connector_to(office.url(), "code: /head/code\ncodes: {\"9\": no_record}\n")
            ->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "no_record");
    BOOST_TEST(answer.reason == "http_json.code.9");
}

BOOST_AUTO_TEST_CASE(garbage_under_status_200_is_passed_on_for_the_hub_to_judge) {
    OfficeService office(replies(200, "not json"));
    const Answer answer = connector_to(office.url(), "code: /code\ncodes: {\"9\": no_record}\n")
                              ->ask(question(), Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "answered");
    BOOST_TEST(answer.native == "not json");
}

BOOST_AUTO_TEST_SUITE_END()
