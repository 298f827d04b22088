#include "mapping/engine.h"

#include <boost/test/unit_test.hpp>

#include "base/xml.h"
#include "mapping/rule_set.h"

using namespace tongban;

BOOST_AUTO_TEST_SUITE(engine_test)

BOOST_AUTO_TEST_CASE(one_snapshot_names_the_version_of_everything_in_it) {
    prepare_xml();
    const auto engine = mapping::load_engine(TONGBAN_SOURCE_DIR);
    const std::map<std::string, std::string> versions = engine->versions();
    for (const char* id : {"engine",
                           "type:housing-fund/loan-eligibility@1",
                           "codes:id-type@1",
                           "crosswalk:640100.tax/marriage@1",
                           "native:610100.housing-fund/certificate@1",
                           "mapping:610100.housing-fund/certificate@1"}) {
        BOOST_TEST(versions.contains(id), id);
    }
    BOOST_TEST(engine->library->into_canonical("610100.housing-fund/certificate@1",
                                               Date{2026, 3, 16}) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
