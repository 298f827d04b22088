// Retry: when to ask again, and when to stop asking. Full jitter, drawn from the op key's hash and
// the attempt, so that the interpreter stays pure and a shard's calls do not march in step.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "hub/cases/engine/cause.h"

namespace tongban::cases {

struct RetryTerms {
    std::int32_t attempts = 6;
    std::int64_t first_ms = 1'000;
    std::int64_t ceiling_ms = 600'000;
};

// Between 1 ms and min(first * 2^(attempt-1), ceiling); the wait after this attempt.
std::int64_t backoff_ms(const RetryTerms& terms, std::string_view op_key, std::int32_t attempt);

enum class Next {
    take,       // the answer is final
    ask_again,  // nothing was done, or doing it again is harmless
    give_up,    // enough attempts: a person must look
    in_doubt    // it may have been done and must not be done twice: a person must look
};

// What an answer means for a call of this effect class: read | idempotent | queryable |
// at_most_once. `tries`: attempts since the call began, or since a person last sent it on.
Next after(AnswerStatus status,
           std::string_view effect,
           bool forever,
           std::int32_t tries,
           const RetryTerms& terms);

}  // namespace tongban::cases
