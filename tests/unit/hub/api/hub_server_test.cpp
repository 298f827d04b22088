#include "hub/api/hub_server.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/api/api_fixture.h"

using namespace tongban;
using test::Client;
using test::Door;
using test::Offices;
using test::TestHub;

BOOST_AUTO_TEST_SUITE(hub_server_test)

namespace {

wire::Request on_the_wire(const exchange::Request& request) {
    wire::Request out;
    out.revision = request.revision;
    out.hub = request.hub;
    out.request_id = request.request_id;
    out.kind = wire::ExchangeKind::fetch;
    out.resource = request.resource;
    out.purpose = request.purpose;
    out.officer = request.officer;
    wire::Consent consent;
    consent.consent_id = request.consent->consent_id;
    consent.resource = request.consent->resource;
    consent.purpose = request.consent->purpose;
    consent.receiver = request.consent->receiver;
    consent.given_at_ms = request.consent->given_at.ms;
    consent.valid_until_ms = request.consent->valid_until.ms;
    consent.channel = request.consent->channel;
    consent.evidence_sha256 = request.consent->evidence_sha256;
    out.__set_consent(consent);
    out.case_ref = request.case_ref;
    out.schema = request.schema;
    out.body = request.body;
    out.delivery = request.delivery == exchange::Delivery::reply ? wire::Delivery::reply
                                                                 : wire::Delivery::push;
    out.signed_at_ms = request.signed_at_ms;
    out.signature.suite = request.signature.suite;
    out.signature.key_id = request.signature.key_id;
    out.signature.value = request.signature.value;
    out.wait_ms = request.wait_ms;
    return out;
}

template <typename Call>
std::string refusal_code(Call call) {
    try {
        call();
        return "none";
    } catch (const wire::Refusal& refusal) {
        BOOST_TEST(!refusal.zh.empty());
        BOOST_TEST(!refusal.en.empty());
        return refusal.code;
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_exchange_goes_through_the_door_and_its_trace_comes_back) {
    Door door;
    const Offices offices(door.hub);
    Client<wire::HubGatewayClient> client(door, door.server->rpc_port(), "connector");
    wire::Outcome outcome;
    client->exchange(outcome, on_the_wire(door.hub.request("W-1")));
    BOOST_TEST((outcome.state == wire::ExchangeState::delivered));
    BOOST_TEST(!outcome.document.empty());
    BOOST_TEST(!outcome.receipt.empty());

    Client<wire::AuditGatewayClient> audit(door, door.server->rpc_port(), "connector");
    std::string trace;
    audit->trace(trace, outcome.exchange_id);
    BOOST_TEST(trace.find("\"delivered\"") != std::string::npos);
    std::string receipt;
    audit->receipt(receipt, outcome.exchange_id, "intent");
    BOOST_TEST(!receipt.empty());
}

BOOST_AUTO_TEST_CASE(both_services_of_the_rpc_door_share_one_connection) {
    Door door;
    Client<wire::HubGatewayClient> client(door, door.server->rpc_port(), "connector");
    wire::AuditGatewayClient audit(
        std::make_shared<apache::thrift::protocol::TCompactProtocol>(client.transport));
    std::string note;
    audit.checkpoint(note);
    BOOST_TEST(!note.empty());
    wire::Outcome outcome;
    BOOST_TEST(refusal_code([&] { client->result(outcome, "none", 0); }) == "exchange.unknown");
}

BOOST_AUTO_TEST_CASE(a_role_may_make_its_own_calls_only) {
    Door door;
    Client<wire::HubGatewayClient> auditor(door, door.server->rpc_port(), "auditor");
    wire::Outcome outcome;
    BOOST_TEST(refusal_code([&] {
                   auditor->exchange(outcome, on_the_wire(door.hub.request("W-2")));
               }) == "call.role");
    Client<wire::ConnectorGatewayClient> lease(door, door.server->lease_port(), "auditor");
    wire::LeaseReply reply;
    wire::LeaseRequest request;
    request.revision = 1;
    BOOST_TEST(refusal_code([&] { lease->lease(reply, request); }) == "call.role");
}

BOOST_AUTO_TEST_CASE(a_revoked_certificate_is_refused_on_a_connection_that_is_open) {
    Door door;
    Client<wire::AuditGatewayClient> client(door, door.server->rpc_port(), "connector");
    std::string note;
    client->checkpoint(note);
    BOOST_TEST(!note.empty());
    door.hub.city.revoke({door.serial("connector")});
    BOOST_TEST(refusal_code([&] { client->checkpoint(note); }) == "certificate.revoked");
}

BOOST_AUTO_TEST_CASE(a_journal_hash_that_is_none_is_malformed) {
    Door door;
    Client<wire::ConnectorGatewayClient> client(door, door.server->lease_port(), "connector");
    wire::LeaseRequest request;
    request.revision = 1;
    request.journal.number = 3;
    request.journal.hash = "short";
    wire::LeaseReply reply;
    BOOST_TEST(refusal_code([&] { client->lease(reply, request); }) == "request.malformed");
    request.journal.number = -1;
    BOOST_TEST(refusal_code([&] { client->lease(reply, request); }) == "request.malformed");
}

BOOST_AUTO_TEST_CASE(a_connection_may_carry_more_than_100_megabytes_in_its_life) {
    Door door;
    Client<wire::HubGatewayClient> client(door, door.server->rpc_port(), "connector");
    wire::Request request = on_the_wire(door.hub.request("W-4"));
    request.body = std::string(12U << 20, 'x');  // over the body's limit: refused, but read
    wire::Outcome outcome;
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(refusal_code([&] { client->exchange(outcome, request); }) ==
                   "call.body_too_large");
    }
}

BOOST_AUTO_TEST_CASE(stopping_ends_a_long_poll) {
    auto door = std::make_unique<Door>();
    Client<wire::ConnectorGatewayClient> client(*door, door->server->lease_port(), "connector");
    wire::LeaseRequest request;
    request.revision = 1;
    request.max_jobs = 1;
    request.wait_ms = 30'000;
    const Deadline patience = Deadline::after(std::chrono::milliseconds(20'000));
    std::thread poll([&] {
        wire::LeaseReply reply;
        try {
            client->lease(reply, request);
        } catch (const std::exception&) {
            return;  // refused because the hub stops: as good an end
        }
    });
    door->hub.exchanges->stop();
    poll.join();
    BOOST_TEST(!patience.passed());
}

BOOST_AUTO_TEST_CASE(a_connector_that_dies_in_a_long_poll_takes_no_job_with_it) {
    Door door;
    wire::LeaseRequest request;
    request.revision = 1;
    request.max_jobs = 1;
    request.wait_ms = 20'000;
    {
        Client<wire::ConnectorGatewayClient> dying(door, door.server->lease_port(), "connector");
        dying->send_lease(request);
    }
    exchange::Request pushed = door.hub.request("P-1");
    pushed.delivery = exchange::Delivery::push;
    {
        const Offices offices(door.hub);
        BOOST_REQUIRE(door.hub.exchanges
                          ->exchange(door.hub.signed_again(std::move(pushed)),
                                     TestHub::caller(TestHub::asker))
                          .ok());
    }
    Client<wire::ConnectorGatewayClient> alive(door, door.server->lease_port(), "connector");
    wire::LeaseReply reply;
    alive->lease(reply, request);  // long before a lease of 30 s would have run out
    BOOST_TEST(reply.jobs.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_a_fault_not_a_crash) {
    Door door;
    api::HubConfig second = door.config;
    second.rpc.port = door.server->rpc_port();
    api::HubServer server(
        second,
        api::GatewayLinks{
            *door.hub.exchanges, *door.hub.trail, *door.hub.log, *door.hub.revocations});
    BOOST_TEST(!server.start().ok());
}

BOOST_AUTO_TEST_SUITE_END()
