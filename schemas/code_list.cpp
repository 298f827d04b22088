#include "schemas/code_list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.h"
#include "base/files.h"
#include "base/yaml.h"

namespace tongban::schemas {
namespace {

constexpr std::array<std::pair<std::string_view, Unmapped>, 3> policy_names{
    {{"reject", Unmapped::reject}, {"review", Unmapped::review}, {"other", Unmapped::other}}};

bool within(const std::optional<Date>& from, const std::optional<Date>& to, Date day) {
    return (!from || *from <= day) && (!to || day <= *to);
}

// Two spans share a day.
bool overlap(const std::optional<Date>& from_a,
             const std::optional<Date>& to_a,
             const std::optional<Date>& from_b,
             const std::optional<Date>& to_b) {
    const bool a_ends_before = to_a && from_b && *to_a < *from_b;
    const bool b_ends_before = to_b && from_a && *to_b < *from_a;
    return !a_ends_before && !b_ends_before;
}

std::vector<CodeEntry> read_codes(const YamlMap& map) {
    std::vector<CodeEntry> entries;
    for (const YamlValue& value : map.list("codes")) {
        const YamlMap row = value.map({"code", "zh", "en", "from", "to"});
        CodeEntry entry{row.text("code"),
                        row.text("zh"),
                        row.text("en"),
                        row.date_if("from"),
                        row.date_if("to")};
        if (entry.from && entry.to && *entry.to < *entry.from)
            value.fault("the code ends before it begins");
        const auto same = [&entry](const CodeEntry& other) { return other.code == entry.code; };
        if (std::any_of(entries.begin(), entries.end(), same))
            value.fault("code " + entry.code + " stands twice");
        entries.push_back(std::move(entry));
    }
    return entries;
}

Unmapped read_policy(const YamlMap& map) {
    const std::string text = map.text("policy");
    for (const auto& [name, policy] : policy_names) {
        if (name == text) return policy;
    }
    map.at("policy").fault("policy is reject, review or other");
    return Unmapped::reject;
}

}  // namespace

std::string_view name_of(Unmapped policy) {
    for (const auto& [name, candidate] : policy_names) {
        if (candidate == policy) return name;
    }
    return "";
}

bool CodeEntry::valid_on(Date day) const {
    return within(from, to, day);
}

const CodeEntry* CodeList::find(std::string_view code) const {
    const auto found = std::find_if(entries_.begin(),
                                    entries_.end(),
                                    [code](const CodeEntry& entry) { return entry.code == code; });
    return found == entries_.end() ? nullptr : &*found;
}

bool CodeList::valid(std::string_view code, Date day) const {
    const CodeEntry* entry = find(code);
    return entry != nullptr && entry->valid_on(day);
}

CodeAnswer Crosswalk::look_up(Direction direction, std::string_view code, Date event) const {
    const bool inward = direction == Direction::in;
    for (const Row& row : rows_) {
        if (!(inward ? row.in : row.out)) continue;
        if ((inward ? row.native : row.canonical) != code || !within(row.from, row.to, event))
            continue;
        const std::string& answer = inward ? row.canonical : row.native;
        // A row does not outlive the code it names.
        if (!codes_->valid(row.canonical, event)) continue;
        return {true, answer, Unmapped::reject, row.line};
    }
    if (same_ && codes_->valid(code, event)) return {true, std::string(code), Unmapped::reject, 0};
    const Policy& policy = inward ? in_ : out_;
    return {false, policy.fallback, policy.policy, 0};
}

// Reads the files of both kinds; the faults of all stay in the files until every file has been
// seen.
class CodeFiles {
public:
    void read_list(const YamlFile& file, CodeLists& lists) {
        const YamlMap map = file.root().map({"list", "version", "source", "label", "codes"});
        CodeList list;
        list.name_ = map.text("list");
        list.version_ = map.integer("version");
        (void)map.text("source");
        const YamlMap label = map.at("label").map({"zh", "en"});
        (void)label.text("zh");
        (void)label.text("en");
        list.entries_ = read_codes(map);
        lists.versions_["codes:" + list.name_ + "@" + std::to_string(list.version_)] =
            hex(sha256(file.bytes()));
        keep_newest(file, lists, std::move(list));
    }

    void read_crosswalk(const YamlFile& file, CodeLists& lists) {
        const YamlMap map = file.root().map(
            {"crosswalk", "version", "endpoint", "source", "same", "unmapped", "rows"});
        Crosswalk walk;
        walk.list_ = map.text("crosswalk");
        walk.endpoint_ = map.text("endpoint");
        const std::int64_t version = map.integer("version");
        walk.version_ = walk.endpoint_ + "/" + walk.list_ + "@" + std::to_string(version);
        (void)map.text("source");
        walk.same_ = map.boolean_or("same", false);
        walk.codes_ = lists.list(walk.list_);
        if (walk.codes_ == nullptr) {
            map.at("crosswalk").fault("there is no code list " + walk.list_);
            return;
        }
        read_unmapped(map, walk);
        for (const YamlValue& value : map.list_if("rows"))
            read_row(value, walk);
        if (walk.rows_.empty() && !walk.same_)
            map.self().fault("a crosswalk has rows, or same: true");
        lists.versions_["crosswalk:" + walk.version_] = hex(sha256(file.bytes()));
        const std::string key = walk.endpoint_ + "/" + walk.list_;
        if (!lists.crosswalks_.emplace(key, std::move(walk)).second) {
            file.root().fault("a second file states crosswalk " + key +
                              "; keep one version a release");
        }
    }

private:
    static void keep_newest(const YamlFile& file, CodeLists& lists, CodeList list) {
        const auto found = lists.lists_.find(list.name_);
        if (found == lists.lists_.end()) {
            lists.lists_.emplace(list.name_, std::move(list));
            return;
        }
        if (found->second.version_ == list.version_) {
            file.root().fault("a second file states list " + list.name_ + " at the same version");
            return;
        }
        const bool newer = list.version_ > found->second.version_;
        const CodeList& before = newer ? found->second : list;
        const CodeList& after = newer ? list : found->second;
        for (const CodeEntry& entry : before.entries()) {
            // A list may not drop a value in use: it ends it with a date.
            if (after.find(entry.code) == nullptr) {
                file.root().fault("version " + std::to_string(after.version()) + " drops code " +
                                  entry.code + "; end it with `to` instead");
            }
        }
        if (newer) found->second = std::move(list);
    }

    static void read_unmapped(const YamlMap& map, Crosswalk& walk) {
        const YamlMap unmapped = map.at("unmapped").map({"in", "out"});
        const auto read_side = [&walk](const YamlMap& side, bool inward) {
            Crosswalk::Policy policy{read_policy(side), side.text_or("as", "")};
            if (policy.policy == Unmapped::other && policy.fallback.empty()) {
                side.self().fault("policy other needs `as`, the code taken instead");
            }
            if (policy.policy == Unmapped::reject && !policy.fallback.empty()) {
                side.self().fault("policy reject takes no `as`");
            }
            if (inward && !policy.fallback.empty() &&
                walk.codes_->find(policy.fallback) == nullptr) {
                side.at("as").fault("list " + walk.list_ + " has no code " + policy.fallback);
            }
            return policy;
        };
        walk.in_ = read_side(unmapped.at("in").map({"policy", "as"}), true);
        walk.out_ = read_side(unmapped.at("out").map({"policy", "as"}), false);
    }

    static void read_row(const YamlValue& value, Crosswalk& walk) {
        const YamlMap map = value.map({"native", "canonical", "from", "to", "only"});
        Crosswalk::Row row;
        row.native = map.text("native");
        row.canonical = map.text("canonical");
        row.from = map.date_if("from");
        row.to = map.date_if("to");
        row.line = value.line();
        const std::string only = map.text_or("only", "both");
        if (only != "both" && only != "in" && only != "out")
            map.at("only").fault("only is in, out or both");
        row.in = only != "out";
        row.out = only != "in";
        if (row.from && row.to && *row.to < *row.from) value.fault("the row ends before it begins");
        if (walk.codes_->find(row.canonical) == nullptr) {
            map.at("canonical").fault("list " + walk.list_ + " has no code " + row.canonical);
        }
        for (const Crosswalk::Row& other : walk.rows_) {
            if (!overlap(row.from, row.to, other.from, other.to)) continue;
            if (row.in && other.in && row.native == other.native) {
                value.fault("native code " + row.native + " has two meanings; line " +
                            std::to_string(other.line) +
                            " has the other; end one with a date or mark it only: out");
            }
            if (row.out && other.out && row.canonical == other.canonical) {
                value.fault("code " + row.canonical + " could be written two ways; line " +
                            std::to_string(other.line) + " has the other; mark one only: in");
            }
        }
        walk.rows_.push_back(std::move(row));
    }
};

CodeLists CodeLists::load(const std::string& folder) {
    CodeLists lists;
    CodeFiles reader;
    std::vector<YamlFile> files;
    const std::string crosswalks = folder + "/crosswalk/";
    const std::vector<std::string> paths = files_below(folder, ".yaml");
    for (const std::string& path : paths) {
        if (!path.starts_with(crosswalks)) reader.read_list(files.emplace_back(path), lists);
    }
    // Crosswalks point into the lists, which are complete from here on.
    for (const std::string& path : paths) {
        if (path.starts_with(crosswalks)) reader.read_crosswalk(files.emplace_back(path), lists);
    }
    std::vector<ConfigFault> faults;
    for (const YamlFile& file : files)
        faults.insert(faults.end(), file.faults().begin(), file.faults().end());
    if (!faults.empty()) throw ConfigError(std::move(faults));
    return lists;
}

const CodeList* CodeLists::list(std::string_view name) const {
    const auto found = lists_.find(name);
    return found == lists_.end() ? nullptr : &found->second;
}

std::vector<std::string> CodeLists::names() const {
    std::vector<std::string> names;
    names.reserve(lists_.size());
    for (const auto& [name, list] : lists_)
        names.push_back(name);
    return names;
}

const Crosswalk* CodeLists::crosswalk(std::string_view schema_id, std::string_view list) const {
    const std::string_view schema = schema_id.substr(0, schema_id.find('@'));
    const std::string_view member = schema.substr(0, schema.find('/'));
    for (const std::string_view endpoint : {schema, member}) {
        const auto found = crosswalks_.find(std::string(endpoint) + "/" + std::string(list));
        if (found != crosswalks_.end()) return &found->second;
    }
    return nullptr;
}

}  // namespace tongban::schemas
