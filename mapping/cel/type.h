// Type: what the checker knows of an expression before any record is seen.
//
// Groups and lists take their fields from the canonical types, so a misspelt field or a comparison
// of money with a number is a fault of the rule's file, not a surprise at run time. A code is text
// that remembers its list.
//
// Threads: value; points into the canonical type, which must outlive the check (compiled programs
// keep no Type).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "schemas/canonical_type.h"

namespace tongban::mapping::cel {

enum class Kind {
    any,
    null,
    boolean,
    integer,
    text,
    decimal,
    money,
    date,
    period,
    timestamp,
    share,
    list,
    map,
    group
};

struct Type {
    Kind kind = Kind::any;
    std::shared_ptr<const Type> item;                         // list, map (of text to item)
    const std::vector<schemas::FieldType>* fields = nullptr;  // group
    std::string codes;                                        // text from this code list
};

inline Type of(Kind kind) {
    return {kind, nullptr, nullptr, ""};
}
Type list_of(Type item);
Type map_of(Type item);
Type type_of(const schemas::FieldType& field);

// "list<money>", "code of id-type": for complaints.
std::string name_of(const Type& type);
// One type for both (any gives way, int becomes decimal beside a decimal); false: there is none.
bool unify(const Type& a, const Type& b, Type& both);
// Groups of one included type are equal wherever they were included.
bool same_fields(const std::vector<schemas::FieldType>& a,
                 const std::vector<schemas::FieldType>& b);

}  // namespace tongban::mapping::cel
