// The same bytes, mapping, code lists, rules and engine give the same document, on every machine:
// the SHA-256 of what Yinchuan's fund receives, for ten generated people, clean and dirty, stands
// in delivered_documents.sha256, checked in. A change of one byte of any of them fails here.
//
// To renew the file after a change that is meant to change documents:
//     TONGBAN_RENEW_GOLDEN=1 build/dev/bin/golden_tests
// Then look at its difference line by line: every line that changed is a document that an office
// would receive otherwise than before, and needs a new version of a mapping, a rule or a type, or
// of engine_semantics (mapping/engine.h), once the version that made it was in use.
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "connectors/sandbox/faults.h"
#include "connectors/sandbox/world.h"
#include "tests/support/whole_exchange.h"

using namespace tongban;

namespace {

const std::string golden_path =
    std::string(TONGBAN_SOURCE_DIR "/tests/golden/delivered_documents.sha256");

// By "<seed> clean" or "<seed> dirty"; empty: refused.
using Documents = std::map<std::string, std::string>;

std::string name_of(int seed, bool dirty) {
    return (seed < 10 ? "0" : "") + std::to_string(seed) + (dirty ? " dirty" : " clean");
}

const Documents& documents_now() {
    static const Documents documents = [] {
        Documents made;
        for (int seed = 1; seed <= 10; ++seed) {
            for (const bool dirty : {false, true}) {
                sandbox::World world =
                    sandbox::make_world(static_cast<std::uint64_t>(seed), 0, support::exchange_day);
                if (dirty) sandbox::plant_faults(world, "");
                made[name_of(seed, dirty)] = support::WholeExchange(world).delivered;
            }
        }
        return made;
    }();
    return documents;
}

std::string digest_of(const std::string& document) {
    return document.empty() ? "refused" : hex(sha256(document));
}

std::map<std::string, std::string> golden() {
    std::map<std::string, std::string> digests;
    const auto text = read_file(golden_path, 65'536);
    BOOST_REQUIRE_MESSAGE(text, golden_path);
    std::istringstream lines(*text);
    std::string seed, kind, digest;
    while (lines >> seed >> kind >> digest)
        digests[seed + " " + kind] = digest;
    return digests;
}

// The names of the documents that are not the checked-in ones.
std::vector<std::string> differing(const Documents& documents) {
    std::vector<std::string> names;
    const auto digests = golden();
    for (const auto& [name, document] : documents) {
        const auto expected = digests.find(name);
        if (expected == digests.end() || expected->second != digest_of(document))
            names.push_back(name);
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delivered_documents_test)

BOOST_AUTO_TEST_CASE(every_delivered_document_is_the_checked_in_one_to_the_byte) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread was started
    if (std::getenv("TONGBAN_RENEW_GOLDEN") != nullptr) {
        std::string text;
        for (const auto& [name, document] : documents_now())
            text += name + " " + digest_of(document) + "\n";
        BOOST_REQUIRE(write_file_durably(golden_path, text));
    }
    BOOST_TEST(golden().size() == documents_now().size());
    for (const std::string& name : differing(documents_now()))
        BOOST_ERROR("another document than before: seed " + name);
}

BOOST_AUTO_TEST_CASE(ten_clean_people_are_delivered_and_some_dirty_ones_too) {
    std::size_t clean = 0;
    std::size_t dirty = 0;
    for (const auto& [name, document] : documents_now()) {
        if (document.empty()) continue;
        ++(name.ends_with("clean") ? clean : dirty);
    }
    BOOST_TEST(clean == 10U);
    BOOST_TEST(dirty >= 2U);
}

BOOST_AUTO_TEST_CASE(one_byte_more_less_or_otherwise_is_another_document) {
    for (const auto& change : {+[](std::string& bytes) { bytes[bytes.size() / 2] ^= 1; },
                               +[](std::string& bytes) { bytes.pop_back(); },
                               +[](std::string& bytes) { bytes.push_back('\n'); },
                               +[](std::string& bytes) { bytes.clear(); }}) {
        Documents changed = documents_now();
        change(changed["03 clean"]);
        const auto names = differing(changed);
        BOOST_REQUIRE_EQUAL(names.size(), 1U);
        BOOST_TEST(names[0] == "03 clean");
    }
}

BOOST_AUTO_TEST_CASE(the_same_world_gives_the_same_document_again) {
    const sandbox::World world = sandbox::make_world(7, 0, support::exchange_day);
    const std::string once = support::WholeExchange(world).delivered;
    BOOST_TEST(once == support::WholeExchange(world).delivered);
    BOOST_TEST(once == documents_now().at("07 clean"));
}

BOOST_AUTO_TEST_SUITE_END()
