#include "base/metrics.h"

#include <algorithm>
#include <cstdio>

#include "base/check.h"

namespace tongban {
namespace {

bool is_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string rendered(const Labels& labels) {
    std::string out;
    for (const auto& [name, value] : labels) {
        TONGBAN_CHECK(is_name(name), "metrics.label_name");
        out += (out.empty() ? "" : ",") + name + "=\"";
        for (const char c : value) {
            if (c == '\n')
                out += "\\n";
            else if (c == '"' || c == '\\')
                out += std::string{'\\', c};
            else
                out += c;
        }
        out += '"';
    }
    return out;
}

std::string in_braces(const std::string& labels) {
    return labels.empty() ? "" : "{" + labels + "}";
}

std::string seconds(std::uint64_t us) {
    char buffer[32];
    const int size = std::snprintf(buffer,
                                   sizeof buffer,
                                   "%llu.%06llu",
                                   static_cast<unsigned long long>(us / 1'000'000),
                                   static_cast<unsigned long long>(us % 1'000'000));
    std::string text(buffer, static_cast<std::size_t>(size));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string header(const std::string& name, const std::string& help, std::string_view type) {
    return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + std::string(type) + "\n";
}

}  // namespace

void Histogram::observe_us(std::uint64_t us) {
    const auto* bound = std::lower_bound(bounds_us.begin(), bounds_us.end(), us);
    buckets_[static_cast<std::size_t>(bound - bounds_us.begin())].fetch_add(
        1, std::memory_order_relaxed);
    sum_us_.fetch_add(us, std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const {
    std::uint64_t total = 0;
    for (const auto& bucket : buckets_)
        total += bucket.load(std::memory_order_relaxed);
    return total;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
    TONGBAN_CHECK(is_name(name), "metrics.name");
    auto families = families_.lock();
    auto& family = families->counters[std::string(name)];
    if (family.help.empty()) family.help = help;
    auto& series = family.series[rendered(labels)];
    if (series == nullptr) series = std::make_unique<Counter>();
    return *series;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, const Labels& labels) {
    TONGBAN_CHECK(is_name(name), "metrics.name");
    auto families = families_.lock();
    auto& family = families->histograms[std::string(name)];
    if (family.help.empty()) family.help = help;
    auto& series = family.series[rendered(labels)];
    if (series == nullptr) series = std::make_unique<Histogram>();
    return *series;
}

std::string Metrics::render() {
    std::string out;
    auto families = families_.lock();
    for (const auto& [name, family] : families->counters) {
        out += header(name, family.help, "counter");
        for (const auto& [labels, series] : family.series)
            out += name + in_braces(labels) + " " + std::to_string(series->value()) + "\n";
    }
    for (const auto& [name, family] : families->histograms) {
        out += header(name, family.help, "histogram");
        for (const auto& [labels, series] : family.series) {
            const std::string before = labels.empty() ? "" : labels + ",";
            std::uint64_t so_far = 0;
            for (std::size_t i = 0; i <= Histogram::bounds_us.size(); ++i) {
                so_far += series->buckets_[i].load(std::memory_order_relaxed);
                const std::string bound =
                    i < Histogram::bounds_us.size() ? seconds(Histogram::bounds_us[i]) : "+Inf";
                out.append(name).append("_bucket{").append(before).append("le=\"").append(bound);
                out.append("\"} ").append(std::to_string(so_far)).append("\n");
            }
            out += name + "_sum" + in_braces(labels) + " " +
                   seconds(series->sum_us_.load(std::memory_order_relaxed)) + "\n";
            out += name + "_count" + in_braces(labels) + " " + std::to_string(so_far) + "\n";
        }
    }
    return out;
}

}  // namespace tongban
