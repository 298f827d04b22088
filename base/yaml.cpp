#include "base/yaml.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"

namespace tongban {
namespace {

// These files are written and reviewed by people: whoever needs more is not writing one of them.
constexpr std::size_t max_bytes = std::size_t{8} << 20;
constexpr std::size_t max_depth = 32;
constexpr std::size_t max_nodes = 500'000;

enum class Kind { null, scalar, list, map };

struct Node {
    Kind kind = Kind::null;
    bool quoted = false;
    int line = 0;
    int column = 0;
    std::string text;
    std::vector<std::string> keys;  // of a map, beside `items`
    std::vector<Node> items;
};

struct Stop {  // thrown through yaml-cpp's parser, caught in parse()
    int line;
    int column;
    std::string message;
};

// Builds the tree from yaml-cpp's events: its own Node type loses quoting, keeps duplicate keys
// silently, and shares aliased nodes, which is how a small file becomes a large one.
class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(std::vector<ConfigFault>& faults, std::string file)
        : faults_(faults), file_(std::move(file)) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        place(mark, Kind::null, "", false);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw Stop{
            mark.line + 1, mark.column + 1, "an alias is not allowed here: write the value out"};
    }
    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        place(mark, Kind::scalar, value, tag == "!");
    }
    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Kind::map);
    }
    void OnMapEnd() override { close(); }

    Node take() { return std::move(root_); }

private:
    struct Open {
        Node node;
        bool key_read = false;
        bool skip = false;  // the value of a key that was there already
    };

    static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0)
            throw Stop{mark.line + 1, mark.column + 1, "an anchor is not allowed here"};
    }
    static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!")
            throw Stop{mark.line + 1, mark.column + 1, "a tag is not allowed here"};
    }
    void count(const YAML::Mark& mark) {
        if (++nodes_ > max_nodes)
            throw Stop{mark.line + 1, mark.column + 1, "the file holds too many values"};
    }
    static Node make(const YAML::Mark& mark, Kind kind) {
        Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        return node;
    }
    [[nodiscard]] bool expects_key() const {
        return !open_.empty() && open_.back().node.kind == Kind::map && !open_.back().key_read;
    }
    void place(const YAML::Mark& mark, Kind kind, std::string text, bool quoted) {
        count(mark);
        if (expects_key()) {
            take_key(mark, kind, std::move(text));
            return;
        }
        Node node = make(mark, kind);
        node.text = std::move(text);
        node.quoted = quoted;
        put(std::move(node));
    }
    void take_key(const YAML::Mark& mark, Kind kind, std::string text) {
        if (kind != Kind::scalar) throw Stop{mark.line + 1, mark.column + 1, "expected a key"};
        Open& map = open_.back();
        const auto& keys = map.node.keys;
        map.skip = std::find(keys.begin(), keys.end(), text) != keys.end();
        if (map.skip)
            faults_.push_back({file_,
                               mark.line + 1,
                               mark.column + 1,
                               "the key \"" + text + "\" stands here twice"});
        else
            map.node.keys.push_back(std::move(text));
        map.key_read = true;
    }
    void put(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        parent.key_read = false;
        if (!std::exchange(parent.skip, false)) parent.node.items.push_back(std::move(node));
    }
    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
        count(mark);
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (expects_key()) throw Stop{mark.line + 1, mark.column + 1, "a key is a plain text"};
        if (open_.size() >= max_depth)
            throw Stop{mark.line + 1, mark.column + 1, "is nested too deeply"};
        open_.push_back({make(mark, kind)});
    }
    void close() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        put(std::move(node));
    }

    std::vector<ConfigFault>& faults_;
    std::string file_;
    std::vector<Open> open_;
    Node root_;
    std::size_t nodes_ = 0;
};

Node parse(const std::string& bytes, const std::string& name, std::vector<ConfigFault>& faults) {
    if (bytes.size() > max_bytes) throw ConfigError({{name, 0, 0, "the file is too large"}});
    const std::size_t bad = std::min(invalid_utf8(bytes), bytes.find('\0'));
    if (bad != std::string::npos) {
        const auto line =
            1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
        throw ConfigError(
            {{name, static_cast<int>(line), 0, "expected UTF-8 text without NUL bytes"}});
    }
    try {
        std::istringstream stream(bytes);
        YAML::Parser parser(stream);
        TreeBuilder builder(faults, name);
        parser.HandleNextDocument(builder);
        Node root = builder.take();
        std::vector<ConfigFault> ignored;
        TreeBuilder second(ignored, name);
        if (parser.HandleNextDocument(second))
            throw ConfigError({{name, 0, 0, "expected one document, found more after \"---\""}});
        return root;
    } catch (const Stop& stop) {
        faults.push_back({name, stop.line, stop.column, stop.message});
    } catch (const YAML::Exception& error) {
        faults.push_back(
            {name, error.mark.line + 1, error.mark.column + 1, "is not YAML: " + error.msg});
    }
    throw ConfigError(faults);
}

std::string describe(const std::vector<ConfigFault>& faults) {
    std::string text;
    for (const ConfigFault& fault : faults) {
        if (!text.empty()) text += '\n';
        text += fault.file;
        if (fault.line > 0)
            text += ':' + std::to_string(fault.line) + ':' + std::to_string(fault.column);
        text += ": " + fault.message;
    }
    return text;
}

std::string_view word_for(Kind kind) {
    switch (kind) {
        case Kind::null:
            return "nothing";
        case Kind::scalar:
            return "a text";
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a map";
    }
    return "";
}

bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t whole = std::min(text.find_first_not_of("0123456789"), text.size());
    if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
    if (whole == text.size())
        return whole <= 18;  // beyond, a number would lose digits: it stays a text
    const std::string_view rest = text.substr(whole + 1);
    return text[whole] == '.' && !rest.empty() &&
           rest.find_first_not_of("0123456789") == std::string_view::npos;
}

void append_json(const Node& node, std::string& out) {
    switch (node.kind) {
        case Kind::null:
            out += "null";
            return;
        case Kind::scalar:
            if (!node.quoted &&
                (node.text == "true" || node.text == "false" || is_json_number(node.text)))
                out += node.text;
            else
                out += Json(node.text).dump();
            return;
        case Kind::list:
        case Kind::map:
            out += node.kind == Kind::list ? '[' : '{';
            for (std::size_t i = 0; i < node.items.size(); ++i) {
                if (i > 0) out += ',';
                if (node.kind == Kind::map) out += Json(node.keys[i]).dump() + ':';
                append_json(node.items[i], out);
            }
            out += node.kind == Kind::list ? ']' : '}';
            return;
    }
}

}  // namespace

ConfigError::ConfigError(std::vector<ConfigFault> faults)
    : std::runtime_error(describe(faults)), faults_(std::move(faults)) {}

struct YamlFile::State {
    std::string path;
    std::string bytes;
    Node root;
    std::vector<ConfigFault> faults;
};

// A place in the tree, or a place where something is missing.
struct YamlValue::Impl {
    std::shared_ptr<YamlFile::State> file;
    const Node* node = nullptr;  // null: missing
    int line = 0;
    int column = 0;
    std::string name;    // the key it was looked for under
    bool noted = false;  // that it is missing was noted as a fault already

    static YamlValue of(const std::shared_ptr<YamlFile::State>& file,
                        const Node& node,
                        std::string name) {
        auto impl = std::make_shared<Impl>();
        impl->file = file;
        impl->node = &node;
        impl->line = node.line;
        impl->column = node.column;
        impl->name = std::move(name);
        return YamlValue(std::move(impl));
    }
    static YamlValue missing(const Impl& parent, std::string_view name, bool noted) {
        auto impl = std::make_shared<Impl>();
        impl->file = parent.file;
        impl->line = parent.line;
        impl->column = parent.column;
        impl->name = name;
        impl->noted = noted;
        return YamlValue(std::move(impl));
    }
    static YamlValue root(const std::shared_ptr<YamlFile::State>& file) {
        return of(file, file->root, "");
    }

    void note(std::string message) const {
        file->faults.push_back({file->path, line, column, std::move(message)});
    }
    [[nodiscard]] std::string subject() const { return name.empty() ? "" : "\"" + name + "\": "; }

    // True when there is a node of this kind; otherwise one fault says so, once.
    bool expect(Kind kind, std::string_view word) {
        if (node != nullptr && node->kind == kind) return true;
        if (node != nullptr)
            note(subject() + "found " + std::string(word_for(node->kind)) + ", expected " +
                 std::string(word));
        else if (!noted)
            note("the key \"" + name + "\" is missing, expected " + std::string(word));
        if (node == nullptr) noted = true;
        return false;
    }
};

YamlValue::YamlValue(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
bool YamlValue::exists() const {
    return impl_->node != nullptr;
}
bool YamlValue::is_text() const {
    return exists() && impl_->node->kind == Kind::scalar;
}
bool YamlValue::is_map() const {
    return exists() && impl_->node->kind == Kind::map;
}
bool YamlValue::is_list() const {
    return exists() && impl_->node->kind == Kind::list;
}
int YamlValue::line() const {
    return impl_->line;
}
int YamlValue::column() const {
    return impl_->column;
}
void YamlValue::fault(std::string message) const {
    impl_->note(std::move(message));
}
void YamlValue::fault_at(int line, int column, std::string message) const {
    impl_->file->faults.push_back({impl_->file->path, line, column, std::move(message)});
}

std::string YamlValue::text() const {
    return impl_->expect(Kind::scalar, "a text") ? impl_->node->text : "";
}

std::int64_t YamlValue::integer() const {
    if (!impl_->expect(Kind::scalar, "a whole number")) return 0;
    const std::string& text = impl_->node->text;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) return value;
    impl_->note(impl_->subject() + "found \"" + text + "\", expected a whole number");
    return 0;
}

bool YamlValue::boolean() const {
    if (!impl_->expect(Kind::scalar, "true or false")) return false;
    const std::string& text = impl_->node->text;
    if (text != "true" && text != "false")
        impl_->note(impl_->subject() + "found \"" + text + "\", expected true or false");
    return text == "true";
}

Date YamlValue::date() const {
    if (!impl_->expect(Kind::scalar, "a date like 2024-03-15")) return {};
    const auto date = parse_iso_date(impl_->node->text);
    if (date) return *date;
    impl_->note(impl_->subject() + "found \"" + impl_->node->text +
                "\", expected a date like 2024-03-15");
    return {};
}

YamlMap YamlValue::map(const std::vector<std::string_view>& allowed) const {
    const YamlMap map = open_map();
    for (const auto& [key, value] : map.entries()) {
        if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
        std::string expected;
        for (const std::string_view name : allowed)
            expected.append(expected.empty() ? "" : ", ").append(name);
        value.fault(std::string("the key \"")
                        .append(key)
                        .append("\" is not known here, expected one of: ")
                        .append(expected));
    }
    return map;
}

YamlMap YamlValue::open_map() const {
    return YamlMap(impl_->expect(Kind::map, "a map") ? *this
                                                     : Impl::missing(*impl_, impl_->name, true));
}

std::vector<YamlValue> YamlValue::list() const {
    std::vector<YamlValue> values;
    if (!impl_->expect(Kind::list, "a list")) return values;
    for (const Node& item : impl_->node->items)
        values.push_back(Impl::of(impl_->file, item, impl_->name));
    return values;
}

std::vector<std::string> YamlValue::texts() const {
    std::vector<std::string> texts;
    for (const YamlValue& item : list())
        texts.push_back(item.text());
    return texts;
}

std::string YamlValue::dump_json() const {
    std::string out;
    append_json(exists() ? *impl_->node : Node{}, out);
    return out;
}

YamlMap::YamlMap(YamlValue self) : self_(std::move(self)) {}

bool YamlMap::has(std::string_view key) const {
    return find(key).exists();
}

YamlValue YamlMap::find(std::string_view key) const {
    const auto& impl = *self_.impl_;
    if (impl.node != nullptr && impl.node->kind == Kind::map) {
        const auto& keys = impl.node->keys;
        const auto found = std::find(keys.begin(), keys.end(), key);
        if (found != keys.end())
            return YamlValue::Impl::of(
                impl.file,
                impl.node->items[static_cast<std::size_t>(found - keys.begin())],
                std::string(key));
        return YamlValue::Impl::missing(impl, key, false);
    }
    return YamlValue::Impl::missing(impl, key, true);  // that this is no map was noted already
}

YamlValue YamlMap::at(std::string_view key) const {
    const YamlValue value = find(key);
    if (value.exists() || value.impl_->noted) return value;
    value.fault("the key \"" + std::string(key) + "\" is missing");
    value.impl_->noted = true;
    return value;
}

std::vector<std::pair<std::string, YamlValue>> YamlMap::entries() const {
    std::vector<std::pair<std::string, YamlValue>> entries;
    const auto& impl = *self_.impl_;
    if (impl.node == nullptr || impl.node->kind != Kind::map) return entries;
    for (std::size_t i = 0; i < impl.node->keys.size(); ++i)
        entries.emplace_back(
            impl.node->keys[i],
            YamlValue::Impl::of(impl.file, impl.node->items[i], impl.node->keys[i]));
    return entries;
}

std::string YamlMap::text(std::string_view key) const {
    return at(key).text();
}
std::int64_t YamlMap::integer(std::string_view key) const {
    return at(key).integer();
}
Date YamlMap::date(std::string_view key) const {
    return at(key).date();
}
std::vector<YamlValue> YamlMap::list(std::string_view key) const {
    return at(key).list();
}

std::string YamlMap::text_or(std::string_view key, std::string_view fallback) const {
    const YamlValue value = find(key);
    return value.exists() ? value.text() : std::string(fallback);
}

std::int64_t YamlMap::integer_or(std::string_view key, std::int64_t fallback) const {
    const YamlValue value = find(key);
    return value.exists() ? value.integer() : fallback;
}

bool YamlMap::boolean_or(std::string_view key, bool fallback) const {
    const YamlValue value = find(key);
    return value.exists() ? value.boolean() : fallback;
}

std::optional<Date> YamlMap::date_if(std::string_view key) const {
    const YamlValue value = find(key);
    if (!value.exists()) return std::nullopt;
    return value.date();
}

std::vector<YamlValue> YamlMap::list_if(std::string_view key) const {
    const YamlValue value = find(key);
    return value.exists() ? value.list() : std::vector<YamlValue>{};
}

std::vector<std::string> YamlMap::texts_if(std::string_view key) const {
    const YamlValue value = find(key);
    return value.exists() ? value.texts() : std::vector<std::string>{};
}

YamlFile::YamlFile(const std::string& path) {
    auto bytes = read_file(path, max_bytes);
    if (!bytes) throw ConfigError({{path, 0, 0, bytes.fault().reason}});
    *this = from_text(*std::move(bytes), path);
}

YamlFile YamlFile::from_text(std::string text, std::string name) {
    YamlFile file;
    file.state_ = std::make_shared<State>();
    file.state_->path = std::move(name);
    file.state_->bytes = std::move(text);
    file.state_->root = parse(file.state_->bytes, file.state_->path, file.state_->faults);
    return file;
}

const std::string& YamlFile::path() const {
    return state_->path;
}
const std::string& YamlFile::bytes() const {
    return state_->bytes;
}
YamlValue YamlFile::root() const {
    return YamlValue::Impl::root(state_);
}
const std::vector<ConfigFault>& YamlFile::faults() const {
    return state_->faults;
}

void YamlFile::check() const {
    if (state_->faults.empty()) return;
    // By place, and in the order of finding at one place.
    std::multimap<std::pair<int, int>, const ConfigFault*> by_place;
    for (const ConfigFault& fault : state_->faults)
        by_place.emplace(std::pair(fault.line, fault.column), &fault);
    std::vector<ConfigFault> faults;
    faults.reserve(by_place.size());
    for (const auto& [place, fault] : by_place)
        faults.push_back(*fault);
    throw ConfigError(std::move(faults));
}

}  // namespace tongban
