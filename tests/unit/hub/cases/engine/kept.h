// A state as a store keeps it: its own bytes, and each record's apart.
#pragma once

#include <boost/test/unit_test.hpp>

#include "hub/cases/engine/case_state.h"

namespace tongban::tests {

inline cases::CaseRecords kept_records(const cases::CaseState& state) {
    cases::CaseRecords records;
    for (const cases::CaseRecord* record : state.records()) {
        const Result<std::string> bytes = cases::write_record(*record);
        BOOST_REQUIRE(bytes.ok());
        Result<cases::CaseRecord> again = cases::read_record(record->no(), *bytes);
        BOOST_REQUIRE(again.ok());
        records.emplace(record->no(), *std::move(again));
    }
    return records;
}

// Written and read again.
inline cases::CaseState kept(const cases::CaseState& state) {
    const Result<std::string> bytes = cases::write_state(state);
    BOOST_REQUIRE(bytes.ok());
    const Result<cases::ReadState> again = cases::read_state(*bytes, kept_records(state));
    BOOST_REQUIRE(again.ok());
    BOOST_TEST(again->saved == state.records_made);
    return again->state;
}

}  // namespace tongban::tests
