#include "hub/cases/item/item_book.h"

#include <algorithm>

#include "base/files.h"

namespace tongban::item {
namespace {

// Where a key of the item itself stands: at the beginning of a line.
int line_of(std::string_view bytes, std::string_view key) {
    int line = 1;
    while (!bytes.starts_with(key)) {
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos) return 1;
        bytes.remove_prefix(end + 1);
        ++line;
    }
    return line;
}

std::string title_of(const Item& item) {
    return item.id + "@" + std::to_string(item.version);
}

void check_next(const Item& lower,
                const Item& higher,
                std::string_view bytes,
                std::vector<Mistake>& mistakes) {
    const bool day = lower.valid_from == higher.valid_from;
    const bool ends = lower.valid_to && *lower.valid_to >= higher.valid_from;
    if (higher.valid_from >= lower.valid_from && !day && !ends) return;
    const bool order = higher.valid_from < lower.valid_from;
    mistakes.push_back({order ? "version.order" : "validity.overlap",
                        higher.file,
                        line_of(bytes, "valid_from:"),
                        1,
                        title_of(higher) + (order ? " begins before " : " is valid on a day of ") +
                            title_of(lower)});
}

}  // namespace

BookFile ItemBook::read(const std::vector<std::pair<std::string, std::string>>& files,
                        const Surroundings& around) {
    BookFile result;
    std::shared_ptr<ItemBook> book(new ItemBook());
    std::map<const Item*, std::string_view> bytes_of;
    for (const auto& [name, bytes] : files) {
        ItemFile file = read_item(bytes, name, around);
        result.mistakes.insert(result.mistakes.end(), file.mistakes.begin(), file.mistakes.end());
        if (!file.item) continue;
        bytes_of[file.item.get()] = bytes;
        const auto [place, fresh] =
            book->items_[file.item->id].emplace(file.item->version, file.item);
        if (fresh) continue;
        result.mistakes.push_back(
            {"item.twice",
             name,
             line_of(bytes, "version:"),
             1,
             title_of(*file.item) + " stands in " + place->second->file + " too"});
    }
    for (const auto& [id, versions] : book->items_) {
        const Item* lower = nullptr;
        for (const auto& [version, one] : versions) {
            if (lower != nullptr) check_next(*lower, *one, bytes_of.at(one.get()), result.mistakes);
            lower = one.get();
        }
    }
    sort(result.mistakes);
    if (!any_stops(result.mistakes)) result.book = std::move(book);
    return result;
}

BookFile ItemBook::read(const std::string& folder, const Surroundings& around) {
    std::vector<std::pair<std::string, std::string>> files;
    BookFile unread;
    for (const std::string& path : files_below(folder, ".yaml")) {
        Result<std::string> bytes = read_file(path);
        if (bytes) {
            files.emplace_back(path, *std::move(bytes));
        } else {
            unread.mistakes.push_back({"yaml.syntax", path, 0, 0, bytes.fault().reason});
        }
    }
    if (!unread.mistakes.empty()) return unread;
    return read(files, around);
}

std::shared_ptr<const ItemBook> ItemBook::load(const std::string& folder,
                                               const Surroundings& around) {
    BookFile file = read(folder, around);
    if (any_stops(file.mistakes)) throw ConfigError(as_faults(file.mistakes));
    return std::move(file.book);
}

const Item* ItemBook::newest(std::string_view id, Date day) const {
    const auto versions = items_.find(id);
    if (versions == items_.end()) return nullptr;
    for (auto each = versions->second.rbegin(); each != versions->second.rend(); ++each) {
        if (each->second->valid_on(day)) return each->second.get();
    }
    return nullptr;
}

const Item* ItemBook::find(std::string_view id, std::int32_t version) const {
    const auto versions = items_.find(id);
    if (versions == items_.end()) return nullptr;
    const auto found = versions->second.find(version);
    return found == versions->second.end() ? nullptr : found->second.get();
}

std::vector<std::shared_ptr<const Item>> ItemBook::items() const {
    std::vector<std::shared_ptr<const Item>> all;
    for (const auto& [id, versions] : items_) {
        for (const auto& [version, one] : versions)
            all.push_back(one);
    }
    return all;
}

std::vector<Mistake> ItemBook::broken(const std::vector<Published>& published) const {
    std::vector<Mistake> mistakes;
    for (const Published& before : published) {
        const Item* after = find(before.id, before.version);
        const std::string title = before.id + "@" + std::to_string(before.version);
        if (after == nullptr) {
            mistakes.push_back({"version.gone", "items", 0, 0, title + " has no file any more"});
        } else if (after->digest != before.digest) {
            mistakes.push_back(
                {"version.changed", after->file, 1, 1, title + " is not what it was"});
        }
    }
    sort(mistakes);
    return mistakes;
}

std::map<std::string, std::string> ItemBook::versions() const {
    std::map<std::string, std::string> digests;
    for (const auto& one : items())
        digests["item:" + title_of(*one)] = one->digest;
    return digests;
}

}  // namespace tongban::item
