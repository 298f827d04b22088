// Grant: the decision that an agreement gives for one request: a value with its reason. Only
// hub/policy makes one (and a provider's connector, from the hub's signed job): no Grant, no
// fields.
//
// Threads: value.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace tongban::policy {
class GrantMaker;
}
namespace tongban::connectors {
class WorkGrantMaker;  // placement provider: repeats the hub's grant, as a job brought it, beside
                       // the office
}

namespace tongban::schemas {

class Grant {
public:
    [[nodiscard]] const std::string& agreement() const {
        return agreement_;
    }  // "A-640100-hf-0001@1"
    [[nodiscard]] const std::string& requester() const { return requester_; }
    [[nodiscard]] const std::string& resource() const { return resource_; }
    [[nodiscard]] const std::string& purpose() const { return purpose_; }
    [[nodiscard]] const std::string& ground() const {
        return ground_;
    }  // legal basis, as the agreement states it
    [[nodiscard]] const std::string& consent() const { return consent_; }  // consent id or ""
    [[nodiscard]] const std::vector<std::string>& fields() const {
        return fields_;
    }  // canonical paths, sorted
    [[nodiscard]] Instant decided_at() const { return decided_at_; }
    // A granted path covers itself and everything below it; "ledger.amount" covers that field of
    // every item.
    [[nodiscard]] bool covers(std::string_view path) const;

private:
    friend class ::tongban::policy::GrantMaker;
    friend class ::tongban::connectors::WorkGrantMaker;
    Grant() = default;
    std::string agreement_, requester_, resource_, purpose_, ground_, consent_;
    std::vector<std::string> fields_;
    Instant decided_at_;
};

}  // namespace tongban::schemas
