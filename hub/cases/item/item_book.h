// ItemBook: every service item of a folder, every version, as one immutable snapshot.
//
// A new case takes the newest version that is valid on its day; a running one finds its own by id
// and version. Whatever was published may neither change nor go: running cases go on by it.
//
// Threads: immutable.
// Faults:  load throws ConfigError with every mistake.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/cases/item/item_file.h"

namespace tongban::item {

class ItemBook;

struct Published {  // a version that cases may run by, wherever that is remembered
    std::string id;
    std::int32_t version = 0;
    std::string digest;  // hex SHA-256 of its file
};

struct BookFile {
    std::shared_ptr<const ItemBook> book;  // null when a mistake stops it
    std::vector<Mistake> mistakes;         // of every file, by place
};

class ItemBook {
public:
    // Every *.yaml below the folder.
    static BookFile read(const std::string& folder, const Surroundings& around);
    static BookFile read(
        const std::vector<std::pair<std::string, std::string>>& files,  // name, bytes
        const Surroundings& around);
    static std::shared_ptr<const ItemBook> load(const std::string& folder,
                                                const Surroundings& around);

    [[nodiscard]] const Item* newest(std::string_view id, Date day) const;            // null: none
    [[nodiscard]] const Item* find(std::string_view id, std::int32_t version) const;  // null: none
    [[nodiscard]] std::vector<std::shared_ptr<const Item>> items() const;  // by id, then version
    // What of it this book changes ("version.changed") or has no more ("version.gone").
    [[nodiscard]] std::vector<Mistake> broken(const std::vector<Published>& published) const;
    // "item:<id>@<version>" -> hex SHA-256 of the file.
    [[nodiscard]] std::map<std::string, std::string> versions() const;

private:
    ItemBook() = default;
    using Versions = std::map<std::int32_t, std::shared_ptr<const Item>>;
    std::map<std::string, Versions, std::less<>> items_;
};

}  // namespace tongban::item
