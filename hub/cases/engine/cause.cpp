#include "hub/cases/engine/cause.h"

#include <array>

namespace tongban::cases {

std::string_view name_of(AnswerStatus status) {
    static constexpr std::array<std::string_view, 7> names{
        "answered", "no_record", "refused", "returned", "denied", "unavailable", "in_doubt"};
    return names[static_cast<std::size_t>(status)];
}

std::string_view name_of(Order order) {
    static constexpr std::array<std::string_view, 13> names{"pause",
                                                            "resume",
                                                            "cancel",
                                                            "retry",
                                                            "skip",
                                                            "set_result",
                                                            "signal",
                                                            "reassign",
                                                            "claim",
                                                            "release",
                                                            "prioritise",
                                                            "extend",
                                                            "external"};
    return names[static_cast<std::size_t>(order)];
}

std::string_view name_of(const Cause& cause) {
    static constexpr std::array<std::string_view, 7> names{
        "opened", "answer", "event", "decision", "timer", "command", "calendar"};
    return names[cause.what.index()];
}

}  // namespace tongban::cases
