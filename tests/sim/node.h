// One hub process: its memory dies with it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "hub/cases/cases.h"
#include "tests/sim/exchanges.h"
#include "tests/sim/model_store.h"

namespace tongban::sim {

class PlainSealer final : public cases::Sealer {  // seals with a name, so that a mix-up shows
public:
    Result<std::string> seal(std::int64_t case_id,
                             std::string_view what,
                             std::string_view /*subject*/,
                             std::string_view plain) override {
        return prefix(case_id, what) + std::string(plain);
    }
    Result<std::string> open(std::int64_t case_id,
                             std::string_view what,
                             std::string_view sealed) override {
        const std::string begin = prefix(case_id, what);
        if (!sealed.starts_with(begin)) return Fault{FaultKind::refused, "seal", "another's"};
        return std::string(sealed.substr(begin.size()));
    }
    [[nodiscard]] std::string hash(std::string_view value) const override {
        return tongban::hex(sha256(value));
    }

private:
    static std::string prefix(std::int64_t case_id, std::string_view what) {
        return std::to_string(case_id) + "|" + std::string(what) + "|";
    }
};

class SimLeaves final : public cases::LeafWriter {
public:
    SimLeaves(const cases::Cases*& cases, const Agenda& agenda) : cases_(cases), agenda_(agenda) {}
    Result<store::PutCaseLeaf> leaf(const audit::CaseFacts& facts) override {
        if (facts.cause == "timer" && cases_->now().ms > agenda_.truth() + early_limit)
            too_early = true;
        return audit::case_leaf(facts, "sim", cases_->now());
    }
    bool too_early = false;

private:
    static constexpr std::int64_t early_limit = 600'000;
    const cases::Cases*& cases_;
    const Agenda& agenda_;
};

class Node {
public:
    Node(Agenda& agenda,
         Exchanges& exchanges,
         Database& database,
         Random& random,
         const StoreFaults& faults,
         cases::Sealer& sealer,
         const cases::World& world,
         const cases::CasesTerms& terms)
        : store(database, random, faults),
          port(exchanges),
          leaves(pointer_, agenda),
          cases(std::make_unique<cases::Cases>(
              cases::CasesLinks{store, port, sealer, leaves, agenda}, world, terms)) {
        pointer_ = cases.get();
    }

    ModelStore store;
    Port port;

private:
    const cases::Cases* pointer_ = nullptr;

public:
    SimLeaves leaves;
    std::unique_ptr<cases::Cases> cases;
    bool resumed = false;
    std::int64_t resumed_ms = 0;
};

}  // namespace tongban::sim
