// Loading an XSD. Schemas come from departments: before libxml2 compiles one, its files are read by
// our own parser, which sees that imports stay in the folder and that no pattern can be made to run
// for ever (limits: `(a|aa)*b` takes 300 ms for 40 characters).
#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

#include <libxml/parser.h>

#include "base/files.h"
#include "base/internal/xml.h"
#include "base/yaml.h"

namespace tongban {
namespace {

constexpr std::string_view xsd_namespace = "http://www.w3.org/2001/XMLSchema";
constexpr std::size_t most_files = 64;

// Length bounds of what an expression matches; enough to see whether repeating it is ambiguous.
class PatternReader {
public:
    explicit PatternReader(std::string_view pattern) : text_(pattern) {}

    const char* check() {
        branches(0);
        return fault_;
    }

private:
    struct Shape {
        bool varies = false;    // matches texts of different lengths
        bool branches = false;  // has an alternation
    };
    struct Repeat {
        std::size_t least = 1;
        std::size_t most = 1;
    };

    Shape branches(int depth) {
        Shape all;
        if (depth > 20) fault_ = "groups are nested too deeply";
        while (at_ < text_.size() && text_[at_] != ')' && fault_ == nullptr) {
            if (text_[at_] == '|') {
                all.branches = true;
                ++at_;
                continue;
            }
            const Shape one = piece(depth);
            all.varies = all.varies || one.varies;
            all.branches = all.branches || one.branches;
        }
        return all;
    }

    Shape piece(int depth) {
        Shape atom;
        bool group = false;
        if (text_[at_] == '(') {
            ++at_;
            atom = branches(depth + 1);
            group = true;
            if (at_ < text_.size()) ++at_;
        } else if (text_[at_] == '[') {
            skip_class();
        } else if (text_[at_] == '\\') {
            skip_escape();
        } else {
            ++at_;
        }
        const Repeat repeat = quantifier();
        if (group && repeat.most > 1 && (atom.varies || atom.branches))
            fault_ = "a repeated group holds a repetition or alternatives of its own";
        atom.varies = atom.varies || repeat.least != repeat.most;
        return atom;
    }

    void skip_escape() {
        at_ += 2;
        if (at_ <= text_.size() && at_ >= 2 && (text_[at_ - 1] == 'p' || text_[at_ - 1] == 'P') &&
            at_ < text_.size() && text_[at_] == '{')
            at_ = std::min(text_.size(), text_.find('}', at_)) + 1;
        at_ = std::min(at_, text_.size());
    }

    void skip_class() {
        int open = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            at_ += c == '\\' ? 2 : 1;
            if (c == '[') ++open;
            if (c == ']' && --open == 0) break;
        }
        at_ = std::min(at_, text_.size());
    }

    std::size_t number() {
        std::size_t value = 0;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && value < 1'000'000)
            value = value * 10 + static_cast<std::size_t>(text_[at_++] - '0');
        return value;
    }

    Repeat quantifier() {
        constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();
        if (at_ >= text_.size()) return {};
        switch (text_[at_]) {
            case '?':
                ++at_;
                return {0, 1};
            case '*':
                ++at_;
                return {0, unbounded};
            case '+':
                ++at_;
                return {1, unbounded};
            case '{':
                break;
            default:
                return {};
        }
        ++at_;
        Repeat repeat;
        repeat.least = repeat.most = number();
        if (at_ < text_.size() && text_[at_] == ',') {
            ++at_;
            repeat.most = at_ < text_.size() && text_[at_] == '}' ? unbounded : number();
        }
        if (repeat.most != unbounded && repeat.most > 10'000)
            fault_ = "a repetition is bounded too high";
        if (at_ < text_.size()) ++at_;
        return repeat;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    const char* fault_ = nullptr;
};

// Notes what must not stand in a department's XSD, and which files it draws in.
class SchemaScan final : public XmlHandler {
public:
    SchemaScan(std::string file, std::vector<ConfigFault>& faults)
        : file_(std::move(file)), faults_(faults) {}

    void start(std::string_view name,
               std::string_view ns,
               const std::vector<XmlAttribute>& attributes,
               std::uint32_t line,
               std::uint32_t column) override {
        if (ns != xsd_namespace) return;
        const auto fault = [&](std::string message) {
            faults_.push_back(
                {file_, static_cast<int>(line), static_cast<int>(column), std::move(message)});
        };
        const bool draws_in = name == "import" || name == "include" || name == "redefine";
        bool located = false;
        for (const XmlAttribute& attribute : attributes) {
            if (name == "pattern" && attribute.name == "value")
                if (const char* danger = xml_internal::dangerous_pattern(attribute.value))
                    fault(danger);
            if (!draws_in || attribute.name != "schemaLocation") continue;
            located = true;
            if (attribute.value.find_first_of("/\\:%") != std::string_view::npos ||
                attribute.value.starts_with('.'))
                fault("schemaLocation must name a file in the same folder");
            else
                drawn_in_.emplace_back(attribute.value);
        }
        if (draws_in && !located)
            fault("schemaLocation is missing: nothing is fetched by its namespace");
    }
    void text(std::string_view) override {}
    void end() override {}

    [[nodiscard]] const std::vector<std::string>& drawn_in() const { return drawn_in_; }

private:
    std::string file_;
    std::vector<ConfigFault>& faults_;
    std::vector<std::string> drawn_in_;
};

void scan(const std::string& path, std::set<std::string>& seen, std::vector<ConfigFault>& faults) {
    if (!seen.insert(path).second) return;
    if (seen.size() > most_files) {
        faults.push_back(
            {path, 0, 0, "draws in more than " + std::to_string(most_files) + " files"});
        return;
    }
    const auto bytes = read_file(path, 8U << 20);
    if (!bytes) {
        faults.push_back({path, 0, 0, bytes.fault().reason});
        return;
    }
    SchemaScan handler(path, faults);
    for (const XmlProblem& problem : parse_xml(*bytes, XmlLimits{}, "", nullptr, &handler))
        faults.push_back(
            {path, static_cast<int>(problem.line), static_cast<int>(problem.column), problem.en});
    for (const std::string& file : handler.drawn_in())
        scan((std::filesystem::path(path).parent_path() / file).string(), seen, faults);
}

// The message of a schema's own error may be shown: a schema holds no personal data.
void on_compile_error(void* self, xmlErrorPtr error) {
    auto& faults = *static_cast<std::vector<ConfigFault>*>(self);
    if (error->level == XML_ERR_WARNING) return;
    std::string message = error->message == nullptr ? "the schema is not valid" : error->message;
    while (!message.empty() && message.back() == '\n')
        message.pop_back();
    faults.push_back(
        {error->file == nullptr ? "" : error->file, error->line, 0, std::move(message)});
}

}  // namespace

namespace xml_internal {

const char* dangerous_pattern(std::string_view pattern) {
    return PatternReader(pattern).check();
}

}  // namespace xml_internal

XmlSchema::XmlSchema(std::unique_ptr<State> state) : state_(std::move(state)) {}
XmlSchema::~XmlSchema() = default;

std::shared_ptr<const XmlSchema> XmlSchema::load(const std::string& xsd_path) {
    prepare_xml();
    std::vector<ConfigFault> faults;
    std::set<std::string> seen;
    scan(xsd_path, seen, faults);
    if (!faults.empty()) throw ConfigError(std::move(faults));
    auto state = std::make_unique<State>();
    const xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(xsd_path.c_str());
    if (parser != nullptr) {
        xmlSchemaSetParserStructuredErrors(
            parser, [](void* self, xmlErrorPtr e) { on_compile_error(self, e); }, &faults);
        state->schema = xmlSchemaParse(parser);
        xmlSchemaFreeParserCtxt(parser);
    }
    if (state->schema == nullptr && faults.empty())
        faults.push_back({xsd_path, 0, 0, "the schema cannot be compiled"});
    if (!faults.empty()) throw ConfigError(std::move(faults));
    return std::make_shared<const XmlSchema>(std::move(state));
}

}  // namespace tongban
