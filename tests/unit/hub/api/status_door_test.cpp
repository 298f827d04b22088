#include "hub/api/status_door.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <httplib.h>

#include "base/guarded.h"
#include "base/json.h"
#include "base/metrics.h"

using namespace tongban;
using api::StatusDoor;

namespace {

struct Door {
    Metrics metrics;
    Guarded<std::vector<std::string>> why;
    StatusDoor door{{}, {[this] { return metrics.render(); }, [this] { return *why.lock(); }}};

    Door() { BOOST_REQUIRE(door.start().ok()); }
    [[nodiscard]] httplib::Result get(const std::string& path) const {
        httplib::Client client("127.0.0.1", door.port());
        client.set_read_timeout(10);
        return client.Get(path);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(status_door_test)

BOOST_AUTO_TEST_CASE(metrics_come_as_prometheus_reads_them) {
    Door door;
    door.metrics.counter("tongban_denials_total", "Requests denied.").add(3);
    const auto reply = door.get("/metrics");
    BOOST_REQUIRE(reply);
    BOOST_TEST(reply->status == 200);
    BOOST_TEST(reply->get_header_value("Content-Type").starts_with("text/plain; version=0.0.4"));
    BOOST_TEST(reply->body ==
               "# HELP tongban_denials_total Requests denied.\n"
               "# TYPE tongban_denials_total counter\n"
               "tongban_denials_total 3\n");
}

BOOST_AUTO_TEST_CASE(a_hub_is_alive_while_it_is_not_ready_and_says_why) {
    Door door;
    BOOST_TEST(door.get("/ready")->status == 200);
    BOOST_TEST(door.get("/ready")->body == "{\"state\":\"ready\"}\n");
    *door.why.lock() = {"log.frozen"};
    const auto reply = door.get("/ready");
    BOOST_TEST(reply->status == 503);
    BOOST_TEST(reply->body == "{\"state\":\"not_ready\",\"why\":[\"log.frozen\"]}\n");
    BOOST_TEST(door.get("/health")->status == 200);
    BOOST_TEST(door.get("/health")->body == "{\"state\":\"alive\"}\n");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_to_be_had_or_done) {
    Door door;
    for (const char* path : {"/", "/metrics/x", "/trace", "/../etc/passwd"})
        BOOST_TEST(door.get(path)->status >= 400, path);
    httplib::Client client("127.0.0.1", door.door.port());
    BOOST_TEST(client.Post("/metrics", "x=1", "text/plain")->status == 404);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_a_fault) {
    Door door;
    StatusDoor second({"127.0.0.1", door.door.port()},
                      {[] { return ""; }, [] { return std::vector<std::string>(); }});
    const auto started = second.start();
    BOOST_REQUIRE(!started.ok());
    BOOST_TEST((started.fault().kind == FaultKind::unavailable));
    BOOST_TEST(started.fault().where == "status.port");
    door.door.stop();
    BOOST_TEST(!door.get("/health"));
}

BOOST_AUTO_TEST_SUITE_END()
