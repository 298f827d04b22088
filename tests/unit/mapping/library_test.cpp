#include "mapping/library.h"

#include <boost/test/unit_test.hpp>

#include "base/xml.h"
#include "base/yaml.h"
#include "mapping/examples.h"
#include "mapping/mapping_file.h"
#include "schemas/native_schema.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

const std::string root = TONGBAN_SOURCE_DIR;

std::shared_ptr<const Library> the_library() {
    static const std::shared_ptr<const Library> library = [] {
        prepare_xml();
        try {
            return Library::load(root + "/mapping", schemas::Catalogue::load(root + "/schemas"));
        } catch (const ConfigError& error) {
            BOOST_FAIL(error.what());
            throw;
        }
    }();
    return library;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(library_test)

BOOST_AUTO_TEST_CASE(every_mapping_passes_its_own_examples) {
    std::size_t count = 0;
    for (const auto& mapping : the_library()->mappings()) {
        for (const ExampleOutcome& outcome : run_examples(*mapping, *the_library())) {
            ++count;
            BOOST_TEST_CONTEXT(outcome.file << ":" << outcome.line << ": " << outcome.example) {
                for (const std::string& difference : outcome.differences)
                    BOOST_ERROR(difference);
            }
        }
    }
    BOOST_TEST(count >= 20U);
}

BOOST_AUTO_TEST_CASE(every_native_schema_can_be_written_and_all_but_what_is_only_sent_read) {
    const Date day{2026, 3, 16};
    for (const std::string& id : the_library()->catalogue().native_ids()) {
        BOOST_TEST_CONTEXT(id) {
            BOOST_TEST(the_library()->out_of_canonical(id, day) != nullptr);
            if (the_library()->into_canonical(id, day) != nullptr) continue;
            // What is only sent is shown by converting another mapping's record.
            for (const auto& mapping : the_library()->mappings()) {
                if (mapping->native != id) continue;
                for (const Example& example : mapping->examples)
                    BOOST_TEST(!example.from_schema.empty(), example.name);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(has_no_plan_before_the_mapping_begins) {
    BOOST_TEST(the_library()->into_canonical("610100.housing-fund/certificate@1",
                                             Date{2023, 12, 31}) == nullptr);
    BOOST_TEST(the_library()->into_canonical("610100.housing-fund/nothing@1", Date{2026, 3, 16}) ==
               nullptr);
}

BOOST_AUTO_TEST_CASE(names_the_digest_of_every_mapping) {
    BOOST_TEST(the_library()->versions().at("mapping:610100.housing-fund/certificate@1").size() ==
               64U);
}

BOOST_AUTO_TEST_SUITE_END()
