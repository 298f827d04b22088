#include "hub/policy/revocations.h"

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "tests/unit/hub/policy/policy_fixture.h"

using namespace tongban;
using namespace tongban::policy;

BOOST_AUTO_TEST_SUITE(revocations_test)

BOOST_AUTO_TEST_CASE(a_new_list_is_in_force_without_restart) {
    test::City city;
    Revocations revocations(city.folder / "pki/ca.pem", city.folder / "pki/crl.pem");
    const std::string pem = city.certificates["640100.tax"];
    const std::string serial = read_certificate(pem)->serial;
    const Instant now = SystemClock().now();
    BOOST_TEST(!revocations.revoked(serial));
    BOOST_TEST(revocations.good(pem, serial, now));
    city.revoke({serial});
    BOOST_TEST(revocations.revoked(serial));
    BOOST_TEST(!revocations.good(pem, serial, now));
}

BOOST_AUTO_TEST_CASE(a_broken_list_un_revokes_nobody) {
    test::City city;
    const std::string serial = read_certificate(city.certificates["640100.tax"])->serial;
    city.revoke({serial});
    Revocations revocations(city.folder / "pki/ca.pem", city.folder / "pki/crl.pem");
    test::spill(city.folder / "pki/crl.pem", "-----BEGIN X509 CRL-----\nrubbish\n");
    BOOST_TEST(revocations.revoked(serial));
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_authority_is_not_good) {
    test::City city;
    const test::City elsewhere;
    Revocations revocations(city.folder / "pki/ca.pem", city.folder / "pki/crl.pem");
    const std::string& pem = elsewhere.certificates.at("640100.tax");
    BOOST_TEST(!revocations.good(pem, read_certificate(pem)->serial, SystemClock().now()));
}

BOOST_AUTO_TEST_CASE(no_list_at_all_does_not_start) {
    test::City city;
    std::filesystem::remove(city.folder / "pki/crl.pem");
    BOOST_CHECK_THROW(Revocations(city.folder / "pki/ca.pem", city.folder / "pki/crl.pem"),
                      ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()
