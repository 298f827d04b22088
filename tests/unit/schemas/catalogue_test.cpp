#include "schemas/catalogue.h"

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/xml.h"
#include "base/yaml.h"
#include "schemas/native_schema.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::schemas;

BOOST_AUTO_TEST_SUITE(catalogue_test)

namespace {

std::shared_ptr<const Catalogue> the_catalogue() {
    prepare_xml();
    static const auto catalogue = Catalogue::load(TONGBAN_SOURCE_DIR "/schemas");
    return catalogue;
}

}  // namespace

BOOST_AUTO_TEST_CASE(holds_every_native_schema_and_every_canonical_type) {
    BOOST_TEST(the_catalogue()->native_ids().size() >= 10U);
    BOOST_TEST(the_catalogue()->type_ids().size() >= 7U);
    const NativeSchema* certificate = the_catalogue()->native("610100.housing-fund/certificate@1");
    BOOST_REQUIRE(certificate != nullptr);
    BOOST_TEST(certificate->member() == "610100.housing-fund");
    BOOST_TEST(the_catalogue()->native("610100.housing-fund/certificate@2") == nullptr);
    BOOST_TEST(the_catalogue()->type("tax/deed-tax@1") != nullptr);
}

BOOST_AUTO_TEST_CASE(every_code_field_has_its_list) {
    for (const std::string& id : the_catalogue()->type_ids()) {
        for (const std::string& path : the_catalogue()->type(id)->leaf_paths()) {
            const FieldType* field = the_catalogue()->type(id)->at_path(path);
            if (field->kind != FieldKind::code) continue;
            BOOST_TEST((the_catalogue()->codes().list(field->list) != nullptr), id << " " << path);
        }
    }
}

BOOST_AUTO_TEST_CASE(knows_the_names_of_a_native_schema) {
    const auto knows = [](const std::string& id, const std::string& name) {
        return the_catalogue()->native_knows(id, name);
    };
    BOOST_TEST(knows("610100.housing-fund/certificate@1", "GRZH"));
    BOOST_TEST(knows("610100.housing-fund/certificate@1", "Body"));
    BOOST_TEST(knows("640100.real-estate/homes@1", "QLBL"));
    BOOST_TEST(knows("640100.tax/deed-tax@1", "sfzjlxd"));
    BOOST_TEST(knows("610100.social-security/employment@1", "AAC001"));
    BOOST_TEST(!knows("610100.housing-fund/certificate@1", "GRZHH"));
    BOOST_TEST(!knows("none@1", "GRZH"));
}

BOOST_AUTO_TEST_CASE(tells_the_faults_of_every_kind_of_file_at_once) {
    const support::TemporaryFolder folder;
    for (const char* kind : {"canonical", "codes"}) {
        BOOST_REQUIRE(make_folders(folder.path() + "/" + kind).ok());
        const std::string path = folder.path() + "/" + kind + "/bad.yaml";
        BOOST_REQUIRE(write_file_durably(path, "colour: red\n").ok());
    }
    try {
        (void)Catalogue::load(folder.path());
        BOOST_ERROR("it loaded");
    } catch (const ConfigError& error) {
        bool canonical = false;
        bool codes = false;
        for (const ConfigFault& fault : error.faults()) {
            canonical = canonical || fault.file.find("/canonical/") != std::string::npos;
            codes = codes || fault.file.find("/codes/") != std::string::npos;
        }
        BOOST_TEST(canonical);
        BOOST_TEST(codes);
    }
}

BOOST_AUTO_TEST_SUITE_END()
