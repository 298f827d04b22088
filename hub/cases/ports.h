// Ports: what the runtime of cases needs of the world, so that a simulation can be the world. The
// store is store::CaseStore, the offices are exchange::CaseCalls.
//
// Threads: implementations are safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hub/audit/case_leaf.h"
#include "hub/cases/calendar/calendar_book.h"
#include "hub/cases/engine/facts.h"
#include "hub/cases/item/item.h"
#include "mapping/rule_set.h"
#include "schemas/catalogue.h"

namespace tongban::cases {

class Sealer {
public:
    virtual ~Sealer() = default;
    // Bytes of a case, so that nobody reads them who has the database alone, and that erasing
    // `subject` makes them unreadable. `what` says which bytes ("state", "call/<op key>").
    virtual Result<std::string> seal(std::int64_t case_id,
                                     std::string_view what,
                                     std::string_view subject,
                                     std::string_view plain) = 0;
    // Persons about whom something is sealed soon: what each needs first is made for all at once.
    virtual void meet(const std::vector<std::string>& /*subjects*/) {}
    // refused: they do not open; not_found: the person was erased.
    virtual Result<std::string> open(std::int64_t case_id,
                                     std::string_view what,
                                     std::string_view sealed) = 0;
    // Keyed hash, hex: of subjects, officers, start keys and searchable attributes.
    [[nodiscard]] virtual std::string hash(std::string_view value) const = 0;
};

class LeafWriter {
public:
    virtual ~LeafWriter() = default;
    virtual Result<store::PutCaseLeaf> leaf(const audit::CaseFacts& facts) = 0;
    virtual void committed() {}  // there are new leaves: the log may integrate
};

class Items {  // the service items in force and those that running cases keep
public:
    virtual ~Items() = default;
    // The newest version that is valid on the day; null: none.
    [[nodiscard]] virtual std::shared_ptr<const item::Item> newest(std::string_view id,
                                                                   Date day) const = 0;
    [[nodiscard]] virtual std::shared_ptr<const item::Item> at(std::string_view id,
                                                               std::int32_t version) const = 0;
};

// One immutable snapshot of what cases are interpreted by; a reload swaps it between two turns.
struct World {
    std::shared_ptr<const Items> items;
    std::shared_ptr<const calendar::CalendarBook> calendars;
    std::shared_ptr<const mapping::RuleLibrary> rules;
    std::shared_ptr<const Directory> directory;
    std::shared_ptr<const schemas::Catalogue> types{};  // of what officers enter by hand
};

}  // namespace tongban::cases
