// What cases see of the items and the directory in force: one snapshot of each, for a World.
//
// Threads: immutable.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "hub/cases/item/item_book.h"
#include "hub/cases/ports.h"
#include "hub/policy/policy.h"

namespace tongban::cases {

class BookItems final : public Items {
public:
    explicit BookItems(std::shared_ptr<const item::ItemBook> book) : book_(std::move(book)) {}
    [[nodiscard]] std::shared_ptr<const item::Item> newest(std::string_view id,
                                                           Date day) const override {
        return {book_, book_->newest(id, day)};
    }
    [[nodiscard]] std::shared_ptr<const item::Item> at(std::string_view id,
                                                       std::int32_t version) const override {
        return {book_, book_->find(id, version)};
    }

private:
    std::shared_ptr<const item::ItemBook> book_;
};

// A member's id says its division and kind: "640100.housing-fund".
class PolicyDirectory final : public Directory {
public:
    explicit PolicyDirectory(std::shared_ptr<const policy::Policy> policy)
        : policy_(std::move(policy)) {}
    [[nodiscard]] std::string member_of(std::string_view kind,
                                        std::string_view division) const override {
        const policy::Member* member =
            policy_->member(std::string(division) + "." + std::string(kind));
        return member == nullptr ? "" : member->id;
    }
    [[nodiscard]] bool is_member(std::string_view id) const override {
        return policy_->member(id) != nullptr;
    }
    [[nodiscard]] std::string division_of(std::string_view member) const override {
        return std::string(member.substr(0, member.find('.')));
    }

private:
    std::shared_ptr<const policy::Policy> policy_;
};

}  // namespace tongban::cases
