// People: what the benchmarks send: for each made-up person the request of Yinchuan's system and
// the certificate that Xi'an's office would answer, both as `tongban-sandbox` writes them.
//
// Threads: values; PreparedRequests is safe from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <tongban_wire/tongban_types.h>

#include "connectors/runtime/hub_link.h"
#include "connectors/runtime/signing.h"

namespace tongban::bench {

namespace wire = ::tongban::wire;

inline const std::string asker = "640100.housing-fund";
inline const std::string provider = "610100.housing-fund";
inline const std::string resource = "bench/one-provider";
inline const std::string request_schema = "640100.housing-fund/loan-eligibility-request@1";
inline const std::string certificate_schema = "610100.housing-fund/certificate@1";
inline const std::string delivery_schema = "640100.housing-fund/loan-eligibility@1";

struct Person {
    std::string request;
    std::string certificate;
};

// Reads 0.request, 0.certificate, 1.request ... until there is no more; throws when there is none.
std::vector<Person> load_people(const std::string& folder);

connectors::Signer signer_of(const std::string& data, const std::string& member);
connectors::HubPlace place_of(const std::string& data,
                              const std::string& member,
                              int rpc_port,
                              int lease_port);

// Signed, with a request id of its own. Which person it is about stands in the trace context, from
// which the provider knows what to answer: reading the question is the office's work, not the
// hub's.
wire::Request make_request(const connectors::Signer& signer,
                           const std::string& id,
                           std::size_t person,
                           const Person& who);
std::size_t person_in(const std::string& traceparent);

// Signed before the clock runs: the asker's signature is its own machine's cost.
class PreparedRequests {
public:
    PreparedRequests(const connectors::Signer& signer,
                     const std::vector<Person>& people,
                     const std::string& prefix,
                     std::size_t count);
    [[nodiscard]] const wire::Request* next();  // null: all are used

private:
    std::vector<wire::Request> requests_;
    std::atomic<std::size_t> next_{0};
};

}  // namespace tongban::bench
