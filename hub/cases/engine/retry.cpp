#include "hub/cases/engine/retry.h"

#include <algorithm>
#include <string>

#include "base/crypto.h"

namespace tongban::cases {
namespace {

constexpr std::int32_t most_doublings = 40;

std::uint64_t hash_of(std::string_view op_key, std::int32_t attempt) {
    std::string key(op_key);
    key += '#';
    key += std::to_string(attempt);
    const Digest digest = sha256(key);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
        value = (value << 8U) | digest[i];
    return value;
}

}  // namespace

std::int64_t backoff_ms(const RetryTerms& terms, std::string_view op_key, std::int32_t attempt) {
    const std::int32_t doublings = std::clamp(attempt - 1, 0, most_doublings);
    std::int64_t most = std::max<std::int64_t>(terms.first_ms, 1);
    for (std::int32_t i = 0; i < doublings && most < terms.ceiling_ms; ++i)
        most *= 2;
    most = std::max<std::int64_t>(std::min(most, terms.ceiling_ms), 1);
    return 1 +
           static_cast<std::int64_t>(hash_of(op_key, attempt) % static_cast<std::uint64_t>(most));
}

Next after(AnswerStatus status,
           std::string_view effect,
           bool forever,
           std::int32_t tries,
           const RetryTerms& terms) {
    switch (status) {
        case AnswerStatus::answered:
        case AnswerStatus::no_record:
        case AnswerStatus::refused:
        case AnswerStatus::returned:
            return Next::take;
        case AnswerStatus::denied:
            return Next::give_up;  // asking again cannot help: an agreement or a consent is missing
        case AnswerStatus::in_doubt:
            // A queryable office was asked already, and could not say.
            if (effect == "at_most_once" || effect == "queryable") return Next::in_doubt;
            break;
        case AnswerStatus::unavailable:
            break;
    }
    return forever || tries < terms.attempts ? Next::ask_again : Next::give_up;
}

}  // namespace tongban::cases
