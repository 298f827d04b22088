// CaseStory: what a loan on contributions of another city brings to its case, told by the sandbox
// and read by the mappings as the hub reads it: the opening, the answers of the offices, the
// events; each for any number of persons. And the world that its service item is interpreted by.
//
// Threads: immutable once made.
// Faults:  exceptions; a benchmark without its story measures nothing.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "hub/cases/ports.h"
#include "schemas/value.h"

namespace tongban::bench {

class CaseStory {
public:
    explicit CaseStory(const std::string& root);

    [[nodiscard]] const cases::World& world() const { return world_; }
    [[nodiscard]] static std::string application_number(std::size_t person);
    [[nodiscard]] schemas::Group application(std::size_t person) const;
    // "loan-decision", "loan-issued", "loan-feedback", "loan-settled".
    [[nodiscard]] schemas::Group message(const std::string& kind, std::size_t person) const;
    // What the office answers on a resource: a group a part.
    [[nodiscard]] const schemas::Group& answer(const std::string& resource) const;

private:
    std::shared_ptr<const void> types_;  // the item's expressions borrow from them
    cases::World world_;
    std::map<std::string, schemas::Group> messages_;
    std::map<std::string, schemas::Group> answers_;
};

}  // namespace tongban::bench
