#include "hub/app/published_items.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/files.h"
#include "base/yaml.h"

namespace tongban::app {

namespace {

// The file's text, if it is still the one that was checked.
Result<std::string> text_of(const item::Item& item) {
    Result<std::string> text = read_file(item.file);
    if (text && hex(sha256(*text)) != item.digest)
        return Fault{FaultKind::conflict, item.file, "changed while it was read: reload again"};
    return text;
}

}  // namespace

Result<Done> publish_items(store::Store& store, const item::ItemBook& book, Instant now) {
    Result<std::vector<store::ItemRow>> kept = store.items();
    if (!kept) return std::move(kept).fault();
    std::vector<item::Published> published;
    std::set<std::pair<std::string, std::int32_t>> known;
    for (const store::ItemRow& row : *kept) {
        published.push_back({row.item, row.version, hex(row.digest)});
        known.emplace(row.item, row.version);
    }
    if (const std::vector<item::Mistake> broken = book.broken(published); !broken.empty())
        return Fault{FaultKind::conflict, "items", ConfigError(as_faults(broken)).what()};
    store::Batch batch;
    for (const auto& one : book.items()) {
        if (known.contains({one->id, one->version})) continue;
        Result<std::string> text = text_of(*one);
        if (!text) return std::move(text).fault();
        batch.add(
            store::PutItem{{one->id, one->version, sha256(*text), 0, *std::move(text), now.ms}});
    }
    if (batch.mutations.empty()) return Done{};
    Result<store::Committed> done = store.apply(std::move(batch));
    if (!done) return std::move(done).fault();
    return Done{};
}

}  // namespace tongban::app
