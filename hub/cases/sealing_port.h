// The ports of cases onto the audit module: what a case keeps is sealed like the records of
// exchanges, under the hub's key and the key of the person it is about, so that erasing that person
// erases the case's memory too; and its leaves go into the one log.
//
// Threads: safe from any thread.
// Faults:  of hub/audit/sealing.h and hub/audit/trail.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/cases/ports.h"

namespace tongban::cases {

class AuditSealer final : public Sealer {
public:
    explicit AuditSealer(audit::Sealing& sealing) : sealing_(sealing) {}
    Result<std::string> seal(std::int64_t case_id,
                             std::string_view what,
                             std::string_view subject,
                             std::string_view plain) override;
    void meet(const std::vector<std::string>& subjects) override;
    Result<std::string> open(std::int64_t case_id,
                             std::string_view what,
                             std::string_view sealed) override;
    [[nodiscard]] std::string hash(std::string_view value) const override;

private:
    audit::Sealing& sealing_;
};

class TrailLeaves final : public LeafWriter {
public:
    explicit TrailLeaves(audit::Trail& trail) : trail_(trail) {}
    Result<store::PutCaseLeaf> leaf(const audit::CaseFacts& facts) override {
        return trail_.case_leaf(facts);
    }
    void committed() override { trail_.wake(); }

private:
    audit::Trail& trail_;
};

}  // namespace tongban::cases
