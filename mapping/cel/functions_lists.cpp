// Lists: counting, summing, and what a row of months says about continuity.
#include <algorithm>
#include <array>

#include "base/time.h"
#include "mapping/cel/functions.h"

namespace tongban::mapping::cel {
namespace {

using Arguments = std::span<const Datum>;
const Datum spent{Undecided{Cause::limit}};

// All items, or the first undecided one as the answer for the whole.
struct Walk {
    std::vector<Datum> items;
    Datum undecided{true};  // decided: nothing was missing
};

Walk walk(const Datum& list, Scene& scene) {
    const auto& items = list.as<Items>();
    Walk result;
    if (!spend(scene, items.size())) {
        result.undecided = spent;
        return result;
    }
    result.items.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        Datum item = items.at(i);
        if (item.undecided()) {
            result.undecided = item;
            return result;
        }
        result.items.push_back(std::move(item));
    }
    return result;
}

Datum size_of_list(Arguments a, Scene& /*scene*/) {
    return static_cast<std::int64_t>(a[0].as<Items>().size());
}
Datum size_of_map(Arguments a, Scene& /*scene*/) {
    return static_cast<std::int64_t>(a[0].as<Entries>().pairs->size());
}

template <typename Zero>
Datum sum_from(Zero zero, const Datum& list, Scene& scene) {
    const Walk all = walk(list, scene);
    if (all.undecided.undecided()) return all.undecided;
    Datum total(zero);
    for (const Datum& item : all.items) {
        total = add(total, item);
        if (total.undecided()) return total;
    }
    return total;
}

Datum sum_int(Arguments a, Scene& scene) {
    return sum_from(std::int64_t{0}, a[0], scene);
}
Datum sum_decimal(Arguments a, Scene& scene) {
    return sum_from(schemas::Decimal{}, a[0], scene);
}
Datum sum_money(Arguments a, Scene& scene) {
    return sum_from(schemas::Money{}, a[0], scene);
}
Datum sum_share(Arguments a, Scene& scene) {
    return sum_from(schemas::Share{}, a[0], scene);
}

// Of an empty list there is no least item: undecided.
Datum extreme(const Datum& list, Scene& scene, int wanted) {
    const Walk all = walk(list, scene);
    if (all.undecided.undecided()) return all.undecided;
    if (all.items.empty()) return {};
    const Datum* best = &all.items.front();
    for (const Datum& item : all.items) {
        if (compare(item, *best) * wanted > 0) best = &item;
    }
    return *best;
}

Datum least(Arguments a, Scene& scene) {
    return extreme(a[0], scene, -1);
}
Datum greatest(Arguments a, Scene& scene) {
    return extreme(a[0], scene, 1);
}

// First appearances in order; or the items that appear again.
Datum sifted(const Datum& list, Scene& scene, bool repeats) {
    const Walk all = walk(list, scene);
    if (all.undecided.undecided()) return all.undecided;
    std::vector<Datum> seen;
    std::vector<Datum> again;
    for (const Datum& item : all.items) {
        if (!spend(scene, seen.size())) return spent;
        const bool known = std::any_of(
            seen.begin(), seen.end(), [&](const Datum& other) { return equal(item, other); });
        (known ? again : seen).push_back(item);
    }
    if (!repeats) return owned(std::move(seen));
    return sifted(owned(std::move(again)), scene, false);
}

Datum distinct(Arguments a, Scene& scene) {
    return sifted(a[0], scene, false);
}
Datum repeated(Arguments a, Scene& scene) {
    return sifted(a[0], scene, true);
}

Datum joined(Arguments a, Scene& scene) {
    const auto& first = a[0].as<Items>();
    const auto& second = a[1].as<Items>();
    const std::size_t size = first.size() + second.size();
    if (size > max_items || !spend(scene, size)) return spent;
    std::vector<Datum> items;
    items.reserve(size);
    for (std::size_t i = 0; i < first.size(); ++i)
        items.push_back(first.at(i));
    for (std::size_t i = 0; i < second.size(); ++i)
        items.push_back(second.at(i));
    return owned(std::move(items));
}

Datum flattened(Arguments a, Scene& scene) {
    const Walk lists = walk(a[0], scene);
    if (lists.undecided.undecided()) return lists.undecided;
    std::vector<Datum> items;
    for (const Datum& list : lists.items) {
        const auto& inner = list.as<Items>();
        if (items.size() + inner.size() > max_items || !spend(scene, inner.size())) return spent;
        for (std::size_t i = 0; i < inner.size(); ++i)
            items.push_back(inner.at(i));
    }
    return owned(std::move(items));
}

struct Months {
    std::vector<Period> sorted;  // without repeats
    Datum undecided{true};
};

Months months_of(const Datum& list, Scene& scene) {
    Walk all = walk(list, scene);
    Months months;
    months.undecided = all.undecided;
    for (const Datum& item : all.items)
        months.sorted.push_back(item.as<Period>());
    std::sort(months.sorted.begin(), months.sorted.end());
    months.sorted.erase(std::unique(months.sorted.begin(), months.sorted.end()),
                        months.sorted.end());
    return months;
}

std::int64_t span_of(Period from, Period to) {
    return std::int64_t{months_between(from, to)} + 1;
}

// Months without an entry between the first and the last: 0 for none or one month.
Datum missing_inside(Arguments a, Scene& scene) {
    const Months months = months_of(a[0], scene);
    if (months.undecided.undecided()) return months.undecided;
    if (months.sorted.empty()) return std::int64_t{0};
    return span_of(months.sorted.front(), months.sorted.back()) -
           static_cast<std::int64_t>(months.sorted.size());
}

Datum missing_between(Arguments a, Scene& scene) {
    const Months months = months_of(a[0], scene);
    if (months.undecided.undecided()) return months.undecided;
    const Period from = a[1].as<Period>();
    const Period to = a[2].as<Period>();
    if (to < from) return std::int64_t{0};
    const auto inside = std::count_if(months.sorted.begin(),
                                      months.sorted.end(),
                                      [&](Period month) { return from <= month && month <= to; });
    return span_of(from, to) - static_cast<std::int64_t>(inside);
}

Datum contiguous(Arguments a, Scene& scene) {
    const Datum missing = missing_inside(a, scene);
    return missing.undecided() ? missing : Datum(missing.as<std::int64_t>() == 0);
}

// The first month of the unbroken row that ends with the given month; undecided when that month is
// not there.
Datum run_start(Arguments a, Scene& scene) {
    const Months months = months_of(a[0], scene);
    if (months.undecided.undecided()) return months.undecided;
    const auto end = std::find(months.sorted.begin(), months.sorted.end(), a[1].as<Period>());
    if (end == months.sorted.end()) return {};
    auto start = end;
    while (start != months.sorted.begin() && months_between(*(start - 1), *start) == 1)
        --start;
    return *start;
}

constexpr std::array table{
    Function{"size(list<T>) int", size_of_list},
    Function{"size(map<T>) int", size_of_map},
    Function{"count(list<T>) int", size_of_list},
    Function{"sum(list<int>) int", sum_int},
    Function{"sum(list<decimal>) decimal", sum_decimal},
    Function{"sum(list<money>) money", sum_money},
    Function{"sum(list<share>) share", sum_share},
    Function{"min(list<int>) int", least},
    Function{"min(list<decimal>) decimal", least},
    Function{"min(list<money>) money", least},
    Function{"min(list<date>) date", least},
    Function{"min(list<period>) period", least},
    Function{"max(list<int>) int", greatest},
    Function{"max(list<decimal>) decimal", greatest},
    Function{"max(list<money>) money", greatest},
    Function{"max(list<date>) date", greatest},
    Function{"max(list<period>) period", greatest},
    Function{"distinct(list<S>) list<S>", distinct},
    Function{"repeated(list<S>) list<S>", repeated},
    Function{"+(list<T>, list<T>) list<T>", joined},
    Function{"flatten(list<list<T>>) list<T>", flattened},
    Function{"contiguous(list<period>) bool", contiguous},
    Function{"missing_months(list<period>) int", missing_inside},
    Function{"missing_months(list<period>, period, period) int", missing_between},
    Function{"run_start(list<period>, period) period", run_start},
};

}  // namespace

std::span<const Function> list_functions() {
    return table;
}

bool equal(const Datum& a, const Datum& b) {
    if (const auto* x = a.get<bool>()) return *x == b.as<bool>();
    if (const auto* x = a.get<Items>()) {
        const auto& y = b.as<Items>();
        if (x->size() != y.size()) return false;
        for (std::size_t i = 0; i < x->size(); ++i) {
            if (!equal(x->at(i), y.at(i))) return false;
        }
        return true;
    }
    return compare(a, b) == 0;
}

}  // namespace tongban::mapping::cel
