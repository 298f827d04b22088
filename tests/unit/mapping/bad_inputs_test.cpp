// Every input of the catalogue that enters as a record, through the real schemas, mappings and
// rules; and the page that tells what happened.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/xml.h"
#include "mapping/engine.h"
#include "tests/support/bad_inputs/bad_input.h"

using namespace tongban;
using namespace tongban::support;

namespace {

const mapping::Engine& engine() {
    static const auto loaded = [] {
        prepare_xml();
        return mapping::load_engine(TONGBAN_SOURCE_DIR);
    }();
    return *loaded;
}

std::string codes_of(const Outcome& outcome) {
    std::set<std::string> codes;
    for (const auto& finding : outcome.findings) {
        if (finding.severity != schemas::Severity::info) codes.insert(finding.code);
    }
    std::string out;
    for (const std::string& code : codes)
        out += code + " ";
    return out;
}

std::string expected(const BadInput& input) {
    std::string out;
    for (const std::string& code : std::set<std::string>(input.codes.begin(), input.codes.end()))
        out += code + " ";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_inputs_test)

BOOST_AUTO_TEST_CASE(the_catalogue_has_forty_inputs_with_names_of_their_own) {
    std::set<std::string> names;
    for (const BadInput& input : bad_inputs()) {
        BOOST_TEST(names.insert(input.name).second, input.name);
        BOOST_TEST(!input.codes.empty(), input.name);
        BOOST_TEST(runs_in_process(input.enters) == static_cast<bool>(input.make), input.name);
        BOOST_TEST(runs_in_process(input.enters) == input.zh.empty(), input.name);
    }
    BOOST_TEST(names.size() >= 40U);
}

BOOST_AUTO_TEST_CASE(every_input_is_answered_by_its_findings_and_the_page_says_so) {
    std::vector<std::pair<BadInput, Outcome>> results;
    for (const BadInput& input : bad_inputs()) {
        if (!runs_in_process(input.enters)) {
            results.emplace_back(input, Outcome{});
            continue;
        }
        const auto start = std::chrono::steady_clock::now();
        Outcome outcome = run_in_process(input, engine());
        const auto spent = std::chrono::steady_clock::now() - start;
        BOOST_TEST_CONTEXT(input.name) {
            BOOST_TEST(codes_of(outcome) == expected(input));
            BOOST_TEST(spent < std::chrono::seconds(10));
            for (const auto& finding : outcome.findings) {
                BOOST_TEST(!finding.zh.empty(), finding.code);
                BOOST_TEST(!finding.en.empty(), finding.code);
                for (const char* value :
                     {"甲试甲", "乙试乙", "610102199003070016", "610102199103080027"}) {
                    BOOST_TEST(finding.zh.find(value) == std::string::npos);
                    BOOST_TEST(finding.en.find(value) == std::string::npos);
                    BOOST_TEST(finding.shape.find(value) == std::string::npos);
                }
            }
        }
        results.emplace_back(input, std::move(outcome));
    }
    const std::string page = page_of(results);
    const std::string path = std::string(TONGBAN_SOURCE_DIR "/docs/bad-input.md");
    if (std::getenv("TONGBAN_UPDATE_DOCS") != nullptr) {
        BOOST_REQUIRE(write_file_durably(path, page).ok());
        return;
    }
    const auto stored = read_file(path);
    BOOST_REQUIRE(stored.ok());
    BOOST_TEST((*stored == page),
               "docs/bad-input.md differs from what happened; TONGBAN_UPDATE_DOCS=1 rewrites it");
}

BOOST_AUTO_TEST_SUITE_END()
