// What the two files of a joint filing share.
#pragma once

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {

const item::Joint* filing_of(const Work& work, const Joint& joint);
const item::JointMember* member_of(const Work& work, const Joint& joint, const std::string& part);
Branch* branch_of(Joint& joint, const std::string& part);

// "reserve" "confirm" "cancel" "status.<n>" "extend.<n>", with the round behind it when it is not
// the first.
void ask_member(Work& work, Joint& joint, Branch& branch, const std::string& verb);
std::string confirm_key(const Work& work, const Joint& joint, const Branch& branch);
std::string call_name(const std::string& part, const std::string& verb);

void send_confirm(Work& work, Joint& joint, Branch& branch);
void confirms_go_on(Work& work, std::int32_t no);
void cancels_go_on(Work& work, std::int32_t no);
void hazard(Work& work, Joint& joint, Branch& branch);

// The hold of a reservation (joint_hold.cpp).
bool held_too_short(const Work& work, const Joint& joint, const Branch& branch);
void arm_extend(const Work& work, const Joint& joint, Branch& branch);
void extended(Work& work, Joint& joint, Branch& branch, const Answered& answer);
void drop_extend(Work& work, const Joint& joint, const Branch& branch);
std::int64_t hold_of(const schemas::Group& record);

}  // namespace tongban::cases::internal
