// tongban item: service items without a hub: check them, list them, draw one.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/files.h"
#include "base/json.h"
#include "hub/app/command.h"
#include "hub/app/item_names.h"
#include "hub/cases/item/graph.h"
#include "hub/cases/item/item_book.h"

namespace tongban::app {

namespace {

struct ItemOptions {
    std::vector<std::string> files;
    std::string item;
    std::string root;
    std::string configs;
    std::string out;
    std::string format = "text";
    std::string picture = "svg";
};

struct Loaded {
    std::string root;
    ItemWorld world;
    item::BookFile book;
    std::size_t files = 0;
};

// As a person would name it: relative to the root.
std::string short_name(const std::string& path, const std::string& root) {
    return path.starts_with(root + "/") ? path.substr(root.size() + 1) : path;
}

Result<Loaded> load(const ItemOptions& options) {
    Loaded loaded;
    loaded.root = find_root(options.root);
    const std::string configs =
        options.configs.empty() ? loaded.root + "/configs" : options.configs;
    loaded.world = ItemWorld::load(loaded.root, configs);
    std::vector<std::string> paths = options.files;
    if (paths.empty()) paths = files_below(configs + "/items", ".yaml");
    std::vector<std::pair<std::string, std::string>> files;
    for (const std::string& path : paths) {
        auto bytes = read_file(path);
        if (!bytes) return std::move(bytes).fault();
        files.emplace_back(short_name(path, loaded.root), *std::move(bytes));
    }
    loaded.files = files.size();
    loaded.book = item::ItemBook::read(files, loaded.world.around());
    return loaded;
}

Json json_of(const item::Mistake& one) {
    return Json{{"file", one.file},
                {"line", one.line},
                {"column", one.column},
                {"code", one.code},
                {"stops", one.stops()},
                {"what", one.what},
                {"why", std::string(one.kind().why)},
                {"remedy", std::string(one.kind().remedy)}};
}

Json json_of(const item::Item& one) {
    Json json{{"item", one.id},
              {"version", one.version},
              {"zh", one.words.zh},
              {"en", one.words.en},
              {"valid_from", iso(one.valid_from)},
              {"steps", one.steps.size()},
              {"file", one.file},
              {"digest", one.digest}};
    if (one.valid_to) json["valid_to"] = iso(*one.valid_to);
    return json;
}

void print(const item::Mistake& one) {
    std::printf("%s:%d:%d: %s [%s] %s\n  why: %s\n  do:  %s\n",
                one.file.c_str(),
                one.line,
                one.column,
                one.stops() ? "fault" : "warning",
                one.code.c_str(),
                one.what.c_str(),
                std::string(one.kind().why).c_str(),
                std::string(one.kind().remedy).c_str());
}

int check(const ItemOptions& options) {
    const auto loaded = load(options);
    if (!loaded) return report(loaded.fault());
    std::size_t faults = 0;
    for (const item::Mistake& one : loaded->book.mistakes)
        faults += one.stops() ? 1U : 0U;
    const std::size_t warnings = loaded->book.mistakes.size() - faults;
    if (options.format == "json") {
        Json json{{"files", loaded->files}, {"faults", faults}, {"warnings", warnings}};
        json["mistakes"] = Json::array();
        for (const item::Mistake& one : loaded->book.mistakes)
            json["mistakes"].push_back(json_of(one));
        std::printf("%s\n", json.dump().c_str());
    } else {
        for (const item::Mistake& one : loaded->book.mistakes)
            print(one);
        std::printf("files: %zu, faults: %zu, warnings: %zu\n", loaded->files, faults, warnings);
    }
    return faults == 0 ? fine : findings;
}

// Items of a folder with mistakes are not listed or drawn: nobody may begin a case with them.
int refuse(const item::BookFile& book) {
    for (const ConfigFault& fault : item::as_faults(book.mistakes))
        std::fprintf(stderr,
                     "%s:%d:%d: %s\n",
                     fault.file.c_str(),
                     fault.line,
                     fault.column,
                     fault.message.c_str());
    return findings;
}

int list(const ItemOptions& options) {
    const auto loaded = load(options);
    if (!loaded) return report(loaded.fault());
    if (!loaded->book.book) return refuse(loaded->book);
    Json json = Json::array();
    for (const auto& one : loaded->book.book->items()) {
        json.push_back(json_of(*one));
        if (options.format == "json") continue;
        std::printf("%s@%d  %s %s  from %s%s  %zu steps  %s\n",
                    one->id.c_str(),
                    one->version,
                    one->words.zh.c_str(),
                    one->words.en.c_str(),
                    iso(one->valid_from).c_str(),
                    one->valid_to ? (" to " + iso(*one->valid_to)).c_str() : "",
                    one->steps.size(),
                    one->digest.substr(0, 12).c_str());
    }
    if (options.format == "json") std::printf("%s\n", json.dump().c_str());
    return fine;
}

// "housing-fund/remote-loan", "housing-fund/remote-loan@1", or a file's name.
const item::Item* wanted(const item::ItemBook& book, const std::string& name) {
    const std::size_t at = name.find('@');
    const item::Item* found = nullptr;
    for (const auto& one : book.items()) {
        const bool version =
            at != std::string::npos && name.substr(at + 1) == std::to_string(one->version);
        if (one->id == name.substr(0, at) && (at == std::string::npos || version))
            found = one.get();
    }
    return found;
}

int graph(ItemOptions options) {
    const bool file = options.item.ends_with(".yaml");
    if (file) options.files = {options.item};
    const auto loaded = load(options);
    if (!loaded) return report(loaded.fault());
    if (!loaded->book.book) return refuse(loaded->book);
    const item::Item* found =
        file ? loaded->book.book->items().front().get() : wanted(*loaded->book.book, options.item);
    if (found == nullptr)
        return report(Fault{FaultKind::not_found, options.item, "no such service item"});
    const std::string drawn =
        options.picture == "dot" ? item::to_dot(*found) : item::to_svg(*found);
    if (options.out.empty()) {
        std::fputs(drawn.c_str(), stdout);
        return fine;
    }
    const auto done = write_file_durably(options.out, drawn);
    return done ? fine : report(done.fault());
}

void add_folders(CLI::App& command, ItemOptions& options) {
    command.add_option("--root", options.root, "Folder with schemas/, mapping/ and configs/");
    command.add_option("--configs",
                       options.configs,
                       "Folder with items/, members/, resources/, calendars/ (ROOT/configs)");
}

void add_format(CLI::App& command, ItemOptions& options) {
    command.add_option("--format", options.format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
}

}  // namespace

void add_item_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<ItemOptions>();
    auto* item = root.add_subcommand("item", "Service items: check, list, draw");
    item->require_subcommand(1);

    auto* checking = item->add_subcommand("check", "Read items whole and tell every mistake");
    checking->add_option("files", options->files, "Files (every item of CONFIGS/items)");
    add_folders(*checking, *options);
    add_format(*checking, *options);
    checking->callback([options, &action] { action = [options] { return check(*options); }; });

    auto* listing = item->add_subcommand("list", "Every item and version");
    add_folders(*listing, *options);
    add_format(*listing, *options);
    listing->callback([options, &action] { action = [options] { return list(*options); }; });

    auto* drawing = item->add_subcommand("graph", "Draw one item");
    drawing->add_option("item", options->item, "Item, ITEM@VERSION, or a file")->required();
    drawing->add_option("--format", options->picture, "svg or dot")
        ->check(CLI::IsMember({"svg", "dot"}))
        ->capture_default_str();
    drawing->add_option("--out", options->out, "Write it here (standard output)");
    add_folders(*drawing, *options);
    drawing->callback([options, &action] { action = [options] { return graph(*options); }; });
}

}  // namespace tongban::app
