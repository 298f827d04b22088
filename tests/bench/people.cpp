#include "tests/bench/people.h"

#include <stdexcept>
#include <thread>

#include <tongban_wire/tongban_constants.h>

#include "base/files.h"

namespace tongban::bench {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

std::string padded_hex(std::size_t number, std::size_t width) {
    std::string text;
    for (std::size_t left = number; left != 0; left /= 16)
        text.insert(text.begin(), "0123456789abcdef"[left % 16]);
    return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

}  // namespace

std::vector<Person> load_people(const std::string& folder) {
    std::vector<Person> people;
    for (std::size_t i = 0;; ++i) {
        Result<std::string> request = read_file(folder + "/" + std::to_string(i) + ".request");
        Result<std::string> certificate =
            read_file(folder + "/" + std::to_string(i) + ".certificate");
        if (!request || !certificate) break;
        people.push_back({*std::move(request), *std::move(certificate)});
    }
    if (people.empty()) throw std::runtime_error("no people in " + folder);
    return people;
}

connectors::Signer signer_of(const std::string& data, const std::string& member) {
    Result<PrivateKey> key = PrivateKey::from_file(data + "/pki/" + member + "/signing.key");
    if (!key) throw std::runtime_error(key.fault().reason);
    return {member, "hub.yc", *std::move(key)};
}

connectors::HubPlace place_of(const std::string& data,
                              const std::string& member,
                              int rpc_port,
                              int lease_port) {
    const std::string folder = data + "/pki/" + member;
    return {"hub.yc",
            "localhost",
            rpc_port,
            lease_port,
            data + "/pki/ca.pem",
            folder + "/tls.pem",
            folder + "/tls.key",
            ""};
}

wire::Request make_request(const connectors::Signer& signer,
                           const std::string& id,
                           std::size_t person,
                           const Person& who) {
    const std::int64_t now = SystemClock().now().ms;
    wire::Consent consent;
    consent.consent_id = "C-bench-" + std::to_string(person);
    consent.resource = resource;
    consent.purpose = "loan-approval";
    consent.receiver = asker;
    consent.given_at_ms =
        now / day_ms * day_ms - day_ms;  // one consent a person, the same in all of its requests
    consent.valid_until_ms = consent.given_at_ms + 90 * day_ms;
    consent.channel = "counter";
    consent.evidence_sha256 = hex(sha256(who.request));
    wire::Request request;
    request.revision = wire::g_tongban_constants.REVISION;
    request.request_id = id;
    request.kind = wire::ExchangeKind::fetch;
    request.resource = resource;
    request.purpose = "loan-approval";
    request.officer = "officer-0042";
    request.__set_consent(consent);
    request.schema = request_schema;
    request.body = who.request;
    request.delivery = wire::Delivery::reply;
    request.signed_at_ms = now;
    request.wait_ms = 20'000;
    request.traceparent =
        "00-" + hex(sha256(id)).substr(0, 32) + "-" + padded_hex(person + 1, 16) + "-01";
    signer.sign_request(request);
    return request;
}

std::size_t person_in(const std::string& traceparent) {
    constexpr std::size_t parent_at = 36;
    if (traceparent.size() != 55)
        throw std::runtime_error("a job without the trace context of its request");
    return std::stoul(traceparent.substr(parent_at, 16), nullptr, 16) - 1;
}

PreparedRequests::PreparedRequests(const connectors::Signer& signer,
                                   const std::vector<Person>& people,
                                   const std::string& prefix,
                                   std::size_t count)
    : requests_(count) {
    const auto fill = [&](std::size_t from) {
        for (std::size_t i = from; i < count; i += 2) {
            const std::size_t person = i % people.size();
            requests_[i] = make_request(signer, prefix + std::to_string(i), person, people[person]);
        }
    };
    std::thread odd(fill, 1);
    fill(0);
    odd.join();
}

const wire::Request* PreparedRequests::next() {
    const std::size_t taken = next_++;
    return taken < requests_.size() ? &requests_[taken] : nullptr;
}

}  // namespace tongban::bench
