// EveryMember: a directory in which whoever is named is there; "640100.housing-fund" says both its
// division and its kind.
#pragma once

#include <string>
#include <string_view>

#include "hub/cases/engine/facts.h"

namespace tongban::support {

class EveryMember final : public cases::Directory {
public:
    [[nodiscard]] std::string member_of(std::string_view kind,
                                        std::string_view division) const override {
        return std::string(division) + "." + std::string(kind);
    }
    [[nodiscard]] bool is_member(std::string_view /*id*/) const override { return true; }
    [[nodiscard]] std::string division_of(std::string_view member) const override {
        return std::string(member.substr(0, member.find('.')));
    }
};

}  // namespace tongban::support
