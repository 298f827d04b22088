// SaleRecords: what the offices answer about a sale, each in its own form
// (schemas/native/640100.*).
//
// Written by hand as the offices' programs do (records.h). UTF-8.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/sandbox/reservations.h"
#include "connectors/sandbox/sale.h"

namespace tongban::sandbox {

struct Seizure {  // a court's, as the registry has it
    std::string authority, document;
    Date from, to;
};

struct RegistryHead {
    std::string message_id, now;  // yyyy-MM-ddTHH:mm:ss
};

// 640100.real-estate
std::string registry_house(const Sale& sale,
                           const RegistryHead& head,
                           const std::vector<Seizure>& seizures);
std::string registry_acceptance(const Sale& sale, const RegistryHead& head);
std::string registry_closing(const Sale& sale, const RegistryHead& head);
std::string registry_review(const Sale& sale, const RegistryHead& head);
std::string registry_entry(const Sale& sale, const RegistryHead& head, const Standing& standing);
std::string registry_certificate(const Sale& sale, const RegistryHead& head);
std::string registry_mortgage(const Sale& sale, const RegistryHead& head);
std::string registry_code(const RegistryHead& head, std::string_view code);  // no Data

// 640100.tax
std::string tax_receipt(const Sale& sale, std::string_view state);
std::string tax_assessment(const Sale& sale);
std::string tax_declaration(const Sale& sale);
std::string tax_payment_state(const Sale& sale, bool paid);
std::string tax_clearance(const Sale& sale);
std::string tax_lock(const Sale& sale, const Standing& standing);
std::string tax_refund(const Sale& sale);
std::string tax_notice_receipt(const Sale& sale);

// 640100.construction, 640100.civil-affairs
std::string construction_contract(const Sale& sale);
std::string construction_notice_receipt(const Sale& sale);
const std::vector<std::string>& marriage_columns();
std::vector<std::vector<std::string>> marriage_rows(const Sale& sale);

std::string shanghai_text(std::int64_t ms);  // yyyy-MM-ddTHH:mm:ss

}  // namespace tongban::sandbox
