#include "hub/exchange/budget.h"

#include "base/json.h"

namespace tongban::exchange {

namespace {

constexpr std::size_t remembered = 100'000;

std::string key_of(const Budget::Try& attempt) {
    return "verify/" + attempt.member + "/" + attempt.subject_hash + "/" + attempt.field;
}

}  // namespace

void Budget::load(const std::string& key) {
    if (used_.lock()->contains(key)) return;
    Days days;
    const Result<std::optional<std::string>> stored = store_.meta(key);
    if (stored && *stored) {
        const Result<Json> json = parse_json(**stored);
        if (json) {
            for (const auto& [day, count] : json->items())
                days[std::stoll(day)] = count.get<std::int64_t>();
        }
    }
    auto used = used_.lock();
    if (used->size() >= remembered) used->clear();
    used->try_emplace(key, std::move(days));
}

bool Budget::take(const std::vector<Try>& tries, const policy::VerifyTerms& terms, Date today) {
    for (const Try& attempt : tries)
        load(key_of(attempt));
    const std::int64_t day = days_since_1970(today);
    auto used = used_.lock();
    for (const Try& attempt : tries) {
        Days& days = (*used)[key_of(attempt)];
        days.erase(days.begin(), days.lower_bound(day - terms.days + 1));
        std::int64_t sum = 0;
        for (const auto& [when, count] : days)
            sum += count;
        if (sum >= terms.tries) return false;
    }
    for (const Try& attempt : tries)
        ++(*used)[key_of(attempt)][day];
    return true;
}

std::vector<store::Mutation> Budget::unsaved(const std::vector<Try>& tries) {
    std::vector<store::Mutation> mutations;
    auto used = used_.lock();
    for (const Try& attempt : tries) {
        const std::string key = key_of(attempt);
        Json json = Json::object();
        for (const auto& [day, count] : (*used)[key])
            json[std::to_string(day)] = count;
        mutations.push_back(store::PutMeta{key, json.dump()});
    }
    return mutations;
}

}  // namespace tongban::exchange
