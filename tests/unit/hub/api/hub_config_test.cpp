#include "hub/api/hub_config.h"

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "tests/unit/hub/policy/policy_fixture.h"

using namespace tongban;

BOOST_AUTO_TEST_SUITE(hub_config_test)

BOOST_AUTO_TEST_CASE(the_shipped_file_states_every_option_with_its_value) {
    const api::HubConfig shipped =
        api::HubConfig::load(std::string(TONGBAN_SOURCE_DIR "/configs/hub.yaml"));
    const api::HubConfig plain;
    BOOST_TEST(shipped.hub == "hub.yc");
    BOOST_TEST(shipped.door.frame_bytes == plain.door.frame_bytes);
    BOOST_TEST((shipped.door.receive == plain.door.receive));
    BOOST_TEST((shipped.exchange.board.lease == plain.exchange.board.lease));
    BOOST_TEST((shipped.exchange.ask_pause == plain.exchange.ask_pause));
    BOOST_TEST((shipped.exchange.admission.clock_behind == plain.exchange.admission.clock_behind));
    BOOST_TEST(shipped.exchange.settle_threads == plain.exchange.settle_threads);
    BOOST_TEST(shipped.tls.revocations == plain.tls.revocations);
    BOOST_TEST(shipped.exchange.admission.hub == "hub.yc");
    BOOST_TEST(shipped.cases.causes_a_turn == plain.cases.causes_a_turn);
    BOOST_TEST(shipped.cases.timers_a_turn == plain.cases.timers_a_turn);
    BOOST_TEST(shipped.cases.calls_a_turn == plain.cases.calls_a_turn);
    BOOST_TEST(shipped.cases.backlog == plain.cases.backlog);
    BOOST_TEST(shipped.cases.states_kept == plain.cases.states_kept);
    BOOST_TEST((shipped.cases.timer_window == plain.cases.timer_window));
    BOOST_TEST((shipped.cases.jump_limit == plain.cases.jump_limit));
    BOOST_TEST((shipped.cases.ask_after == plain.cases.ask_after));
    BOOST_TEST((shipped.cases.idle == plain.cases.idle));
    BOOST_TEST(shipped.cases.clock == plain.cases.clock);
    BOOST_TEST(shipped.status.address == plain.status.address);
    BOOST_TEST(shipped.status.port == plain.status.port);
}

BOOST_AUTO_TEST_CASE(an_unknown_key_and_a_wrong_number_are_faults_with_lines) {
    const test::TempFolder folder;
    test::spill(
        folder / "hub.yaml",
        "hub: hub.yc\nrpc: {port: 70000}\nstatus: {port: -1}\nlanes: {work_threads: 0}\nodd: 1\n");
    try {
        static_cast<void>(api::HubConfig::load(folder / "hub.yaml"));
        BOOST_TEST(false);
    } catch (const ConfigError& error) {
        BOOST_TEST(error.faults().size() == 4U);
    }
}

BOOST_AUTO_TEST_CASE(paths_lie_below_the_data_folder_unless_absolute) {
    api::HubConfig config;
    config.tls.authority = "/etc/tongban/ca.pem";
    const api::HubConfig below = config.below("/srv/data");
    BOOST_TEST(below.database == "/srv/data/hub/hub.db");
    BOOST_TEST(below.tls.authority == "/etc/tongban/ca.pem");
    BOOST_TEST(below.cases.clock == "");
    config.cases.clock = "clock.ms";
    BOOST_TEST(config.below("/srv/data").cases.clock == "/srv/data/clock.ms");
}

BOOST_AUTO_TEST_SUITE_END()
