#include <boost/test/unit_test.hpp>

#include "mapping/stages.h"
#include "schemas/canonical_type.h"
#include "tests/support/engine_samples.h"

using namespace tongban;

BOOST_AUTO_TEST_SUITE(accept_test)

namespace {

schemas::Checked<mapping::CanonicalRecord> accepted(const std::string& type,
                                                    const std::string& json) {
    return mapping::accept(json, *support::the_library()->catalogue().type(type));
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_canonical_json_wrote_is_read_back_equal) {
    for (const char* schema : {"610100.housing-fund/certificate@1",
                               "610100.social-security/employment@1",
                               "640100.real-estate/homes@1",
                               "640100.tax/deed-tax@1"}) {
        BOOST_TEST_CONTEXT(schema) {
            const auto record = support::canonical_record(schema, support::example_of(schema));
            BOOST_REQUIRE(record.ok());
            const std::string json = schemas::canonical_json_of(record.value->fields());
            const auto back = accepted(record.value->type(), json);
            BOOST_REQUIRE(back.ok());
            BOOST_TEST(schemas::canonical_json_of(back.value->fields()) == json);
            BOOST_TEST((back.value->fields() == record.value->fields()));
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_breaks_its_type_is_a_finding_without_a_value) {
    for (const char* json : {"",
                             "[]",
                             "{\"homes\":1}",
                             "{\"nobody\":\"x\"}",
                             "{\"searched_on\":\"2026-13-01\"}",
                             "{\"searched_on\":7}",
                             "{\"homes\":[{\"area\":\"1.5\"}]}",
                             "{\"homes\":[{\"price\":\"1\"}]}",
                             "{\"homes\":[{\"holders\":[{\"share\":\"1/0\"}]}]}",
                             "{\"homes\":[3]}"}) {
        BOOST_TEST_CONTEXT(json) {
            const auto record = accepted("real-estate/homes@1", json);
            BOOST_TEST(!record.ok());
            BOOST_REQUIRE(!record.findings.empty());
            BOOST_TEST(record.findings[0].code.starts_with("accept."));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
