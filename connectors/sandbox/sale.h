// Sale: one existing home that is sold, and what registry, construction office, civil affairs, tax
// and window hold about it: each office's own copy, with its own way of writing a share or a price.
//
// Everything depends on seed and index alone; a story (sale_story.h) changes the copies that it is
// about. No real people.
//
// Threads: values; Sales is immutable after construction.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sandbox/population.h"
#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

struct SaleParty {
    bool buyer = false;
    Person person;
    std::string share;  // as typed; empty: none
};

struct Sale {
    std::uint64_t index = 0;
    Date today;
    std::string story;
    std::string acceptance;  // SJBH, of the window
    std::string unit, title, location;
    std::string right;     // business number of the right that the book holds
    std::string business;  // under which the registry takes the application in
    std::int64_t area = 0, inner = 0, shared = 0;  // hundredths of m2
    std::string floor = "3";
    std::int64_t floors = 18;
    std::vector<Holder> holders;     // in the book
    std::vector<SaleParty> parties;  // at the window
    std::vector<SaleParty> filed;    // in the contract
    std::string ownership = "2";     // of the buyers
    Person child;
    std::string marriage_number;
    Date married, titled, taxed, signed_on, filed_on;
    std::string contract, filing;
    std::int64_t price = 0, valuation = 0, loan = 0;  // fen
    // As the offices write the price: 万元, with separators, with separators.
    std::string registry_price, contract_price, tax_price;
    std::string loan_contract, mortgagee, mortgagee_code;
    std::string residence_code = "17";  // how the signing client writes a residence permit
    bool voucher = true;                // the tax office has one behind its flag
    bool seized_at_review = false;      // a court's seizure comes when the review begins

    [[nodiscard]] const Person& buyer() const;   // who leads the application
    [[nodiscard]] const Person& spouse() const;  // the other buyer
    [[nodiscard]] const Person& seller() const;
    [[nodiscard]] std::int64_t deed_tax(std::size_t buyer) const;  // fen
    [[nodiscard]] std::int64_t base(std::size_t buyer) const;
    [[nodiscard]] std::int64_t tax_total() const;
    [[nodiscard]] std::string declaration() const;  // PZXH
    [[nodiscard]] std::string certificate() const;  // the new one's number
};

Sale make_sale(std::uint64_t seed, std::uint64_t index, Date today, std::string_view story);

class Sales {
public:
    explicit Sales(const PopulationPlan& plan);
    [[nodiscard]] const std::vector<Sale>& all() const { return sales_; }
    [[nodiscard]] const Sale* of_unit(std::string_view unit) const;  // null: nobody sells it
    [[nodiscard]] const Sale* of_contract(std::string_view number) const;

private:
    std::vector<Sale> sales_;
    std::map<std::string, std::size_t, std::less<>> by_unit_, by_contract_;
};

std::string with_separators(std::int64_t fen);  // "910,330.00"

}  // namespace tongban::sandbox
