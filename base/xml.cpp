// One pass: libxml2's SAX2 events go to our handler first and to the XSD validator after it. Our
// handler keeps the path and the place of every open element, because the validator's own error
// records know neither column nor path.
#include "base/xml.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemastypes.h>

#include "base/internal/xml.h"
#include "base/text.h"

namespace tongban {
namespace {

using xml_internal::Phase;
using xml_internal::problem_of;
using xml_internal::Wording;

constexpr std::size_t most_problems = 1000;
constexpr std::size_t shape_bytes = 4096;

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view()
                           : std::string_view(reinterpret_cast<const char*>(text));
}

std::string_view view(const xmlChar* from, const xmlChar* to) {
    return {reinterpret_cast<const char*>(from), static_cast<std::size_t>(to - from)};
}

// How many children of each name an element has had. libxml2 keeps one copy of a name, so pointers
// compare.
class NameCounts {
public:
    std::uint32_t next(const xmlChar* name) {
        for (auto& [known, count] : few_)
            if (known == name) return ++count;
        if (few_.size() < 16) {
            few_.emplace_back(name, 1U);
            return 1;
        }
        return ++many_[name];
    }

private:
    std::vector<std::pair<const xmlChar*, std::uint32_t>> few_;
    std::unordered_map<const xmlChar*, std::uint32_t> many_;
};

struct OpenElement {
    const xmlChar* name = nullptr;
    std::uint32_t index = 1;
    xml_internal::Place place;
    NameCounts children;
};

class Parse {
public:
    Parse(std::string_view utf8,
          const XmlLimits& limits,
          XmlHandler* handler,
          std::vector<XmlProblem>& problems)
        : utf8_(utf8), limits_(limits), handler_(handler), problems_(problems) {}

    void run(const XmlSchema* schema);

private:
    // libxml2 is C: nothing may be thrown through it.
    template <typename Step>
    static void guarded(void* self, Step&& step) {
        auto& parse = *static_cast<Parse*>(self);
        if (parse.stopped_) return;
        try {
            step(parse);
        } catch (...) {
            parse.thrown_ = std::current_exception();
            parse.stop();
        }
    }
    static xmlSAXHandler callbacks();
    static void on_syntax_error(void* self, xmlErrorPtr error);
    static void on_schema_error(void* self, xmlErrorPtr error);

    void start(const xmlChar* name,
               const xmlChar* ns,
               int namespaces,
               int count,
               const xmlChar** attributes);
    void text(std::string_view run);
    void end();
    void flush_text();
    void close_ended();
    void count_node();
    void stop();
    void stop_with(Wording wording);
    void add(XmlProblem problem);
    [[nodiscard]] xml_internal::Place place_now();
    [[nodiscard]] xml_internal::Place place_at(std::size_t offset);
    [[nodiscard]] std::size_t offset_now() const;
    [[nodiscard]] std::string path() const;
    [[nodiscard]] std::string shape(const std::string& attribute) const;
    [[nodiscard]] bool is_follow_up(const XmlProblem& problem) const;

    std::string_view utf8_;
    const XmlLimits& limits_;
    XmlHandler* handler_;
    std::vector<XmlProblem>& problems_;
    xmlParserCtxtPtr parser_ = nullptr;
    std::vector<OpenElement> open_;
    NameCounts roots_;
    bool ended_ = false;  // the innermost element's end was seen; it stays open while the validator
                          // speaks of it
    bool stopped_ = false;
    Phase phase_ = Phase::start;
    std::string run_;   // text since the last tag, for the handler
    std::string leaf_;  // the beginning of the innermost element's text, for shapes
    const xmlChar** attributes_ = nullptr;
    int attribute_count_ = 0;
    std::vector<XmlAttribute> attribute_views_;
    std::size_t nodes_ = 0;
    std::size_t known_offset_ = 0;  // a place that was computed, from which the next is counted on
    xml_internal::Place known_place_;
    std::exception_ptr thrown_;
};

xmlSAXHandler Parse::callbacks() {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = [](void* self,
                            const xmlChar* name,
                            const xmlChar*,
                            const xmlChar* ns,
                            int namespaces,
                            const xmlChar**,
                            int count,
                            int,
                            const xmlChar** attributes) {
        guarded(self, [&](Parse& parse) { parse.start(name, ns, namespaces, count, attributes); });
    };
    sax.endElementNs = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
        guarded(self, [](Parse& parse) { parse.end(); });
    };
    sax.characters = [](void* self, const xmlChar* run, int size) {
        guarded(self, [&](Parse& parse) { parse.text(view(run, run + size)); });
    };
    sax.ignorableWhitespace = sax.characters;
    sax.cdataBlock = sax.characters;
    sax.comment = [](void* self, const xmlChar*) {
        guarded(self, [](Parse& parse) { parse.count_node(); });
    };
    sax.processingInstruction = [](void* self, const xmlChar*, const xmlChar*) {
        guarded(self, [](Parse& parse) { parse.count_node(); });
    };
    sax.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
        guarded(self, [](Parse& parse) {
            parse.stop_with({"xml.doctype",
                             "不接收带 DOCTYPE（DTD、实体）的文件。",
                             "A file with a DOCTYPE (DTD, entities) is not accepted."});
            // Here the input may go: what follows is the inside of the DTD, and nobody looks at it.
            xmlStopParser(parse.parser_);
        });
    };
    return sax;
}

void Parse::run(const XmlSchema* schema) {
    parser_ = xmlCreateMemoryParserCtxt(utf8_.data(), static_cast<int>(utf8_.size()));
    if (parser_ == nullptr) {
        stopped_ = true;
        add(problem_of(
            {"xml.syntax", "文件为空，不是 XML。", "The file is empty: it is not XML."}, 1, 1));
        return;
    }
    // NOENT: without it &amp; in an attribute reaches SAX2 as &#38;. There are no other entities: a
    // DOCTYPE stops the reading.
    xmlCtxtUseOptions(parser_, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlSAXHandler sax = callbacks();
    xmlSAXHandlerPtr used = &sax;
    void* data = this;
    xmlSchemaValidCtxtPtr validator = nullptr;
    xmlSchemaSAXPlugPtr plug = nullptr;
    if (schema != nullptr) {
        validator = xmlSchemaNewValidCtxt(schema->state().schema);
        xmlSchemaSetValidStructuredErrors(
            validator, [](void* self, xmlErrorPtr e) { on_schema_error(self, e); }, this);
        plug = xmlSchemaSAXPlug(validator, &used, &data);
    }
    const xmlSAXHandlerPtr own = parser_->sax;
    parser_->sax = used;
    parser_->userData = data;
    // Per thread, and restored: the plug passes structured syntax errors on to nobody else.
    const xmlStructuredErrorFunc before = xmlStructuredError;
    void* const before_context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(this, [](void* self, xmlErrorPtr e) { on_syntax_error(self, e); });
    xmlParseDocument(parser_);
    xmlSetStructuredErrorFunc(before_context, before);
    if (plug != nullptr) xmlSchemaSAXUnplug(plug);
    if (validator != nullptr) xmlSchemaFreeValidCtxt(validator);
    parser_->sax = own;
    parser_->userData = parser_;
    // Ours builds none, but the parser itself begins one for declarations of entities.
    xmlFreeDoc(parser_->myDoc);
    parser_->myDoc = nullptr;
    xmlFreeParserCtxt(parser_);
    if (thrown_) std::rethrow_exception(thrown_);
}

void Parse::start(
    const xmlChar* name, const xmlChar* ns, int namespaces, int count, const xmlChar** attributes) {
    flush_text();
    close_ended();
    phase_ = Phase::start;
    attributes_ = attributes;
    attribute_count_ = count;
    leaf_.clear();
    // Attribute values hold no raw "<", so the last one before here opened this tag.
    const std::size_t tag = utf8_.rfind('<', std::min(offset_now(), utf8_.size() - 1));
    OpenElement element;
    element.name = name;
    element.index = open_.empty() ? roots_.next(name) : open_.back().children.next(name);
    element.place = place_at(tag == std::string_view::npos ? 0 : tag);
    open_.push_back(std::move(element));
    count_node();
    if (open_.size() > limits_.depth)
        return stop_with(
            {"xml.depth",
             "元素嵌套超过 " + std::to_string(limits_.depth) + " 层。",
             "Elements are nested deeper than " + std::to_string(limits_.depth) + "."});
    if (static_cast<std::size_t>(count) + static_cast<std::size_t>(namespaces) > limits_.attributes)
        return stop_with(
            {"xml.attributes",
             "一个元素的属性超过 " + std::to_string(limits_.attributes) + " 个。",
             "An element has more than " + std::to_string(limits_.attributes) + " attributes."});
    attribute_views_.clear();
    for (int i = 0; i < count; ++i) {
        const xmlChar** const at = attributes + std::ptrdiff_t{5} * i;
        const std::string_view value = view(at[3], at[4]);
        if (value.size() > limits_.text)
            return stop_with({"xml.size",
                              "属性值超过 " + std::to_string(limits_.text) + " 字节。",
                              "An attribute's value is longer than " +
                                  std::to_string(limits_.text) + " bytes."});
        attribute_views_.push_back({view(at[0]), view(at[2]), value});
        count_node();
    }
    if (handler_ != nullptr && !stopped_)
        handler_->start(view(name),
                        view(ns),
                        attribute_views_,
                        open_.back().place.line,
                        open_.back().place.column);
}

void Parse::text(std::string_view run) {
    close_ended();
    phase_ = Phase::text;
    attribute_count_ = 0;
    if (run_.size() + run.size() > limits_.text)
        return stop_with({"xml.size",
                          "一段文本超过 " + std::to_string(limits_.text) + " 字节。",
                          "A text is longer than " + std::to_string(limits_.text) + " bytes."});
    if (run_.empty()) count_node();
    run_ += run;
    if (leaf_.size() < shape_bytes) leaf_ += run;
}

void Parse::end() {
    flush_text();
    close_ended();
    phase_ = Phase::end;
    attribute_count_ = 0;
    ended_ = true;
    if (handler_ != nullptr && !stopped_) handler_->end();
}

void Parse::flush_text() {
    if (!run_.empty() && handler_ != nullptr) handler_->text(run_);
    run_.clear();
}

void Parse::close_ended() {
    if (!std::exchange(ended_, false)) return;
    open_.pop_back();
    leaf_.clear();
}

void Parse::count_node() {
    if (++nodes_ == limits_.nodes + 1)
        stop_with({"xml.size",
                   "元素、属性与文本总数超过 " + std::to_string(limits_.nodes) + "。",
                   "There are more than " + std::to_string(limits_.nodes) +
                       " elements, attributes and texts."});
}

// Not xmlStopParser: it frees the input, and the validator still looks at this event's names and
// values after us.
void Parse::stop() {
    stopped_ = true;
    parser_->disableSAX = 1;
    parser_->instate = XML_PARSER_EOF;
}

void Parse::stop_with(Wording wording) {
    const auto place = place_now();
    XmlProblem problem = problem_of(std::move(wording), place.line, place.column);
    problem.path = path();
    add(std::move(problem));
    stop();
}

void Parse::add(XmlProblem problem) {
    if (problems_.size() < most_problems) {
        problems_.push_back(std::move(problem));
    } else if (!stopped_) {
        problems_.push_back(problem_of({"xml.too_many",
                                        "问题太多，其余未列出。",
                                        "There are too many problems; the rest is not listed."},
                                       problem.line,
                                       problem.column));
        stop();
    }
}

std::size_t Parse::offset_now() const {
    const long offset = xmlByteConsumed(parser_);
    return offset < 0 ? known_offset_ : std::min(static_cast<std::size_t>(offset), utf8_.size());
}

xml_internal::Place Parse::place_now() {
    return place_at(offset_now());
}

xml_internal::Place Parse::place_at(std::size_t offset) {
    if (offset < known_offset_) return xml_internal::place_in(utf8_, offset);
    const std::string_view between = utf8_.substr(known_offset_, offset - known_offset_);
    const std::size_t last_line = between.rfind('\n');
    if (last_line == std::string_view::npos) {
        known_place_.column += static_cast<std::uint32_t>(between.size());
    } else {
        known_place_.line +=
            static_cast<std::uint32_t>(std::count(between.begin(), between.end(), '\n'));
        known_place_.column = static_cast<std::uint32_t>(between.size() - last_line);
    }
    known_offset_ = offset;
    return known_place_;
}

std::string Parse::path() const {
    std::string path;
    for (const OpenElement& element : open_) {
        path += '/';
        path += view(element.name);
        if (element.index > 1) path += '[' + std::to_string(element.index) + ']';
    }
    return path.empty() ? "/" : path;
}

std::string Parse::shape(const std::string& attribute) const {
    if (attribute.empty()) return shape_of(leaf_);
    for (int i = 0; i < attribute_count_; ++i) {
        const xmlChar** const at = attributes_ + std::ptrdiff_t{5} * i;
        if (view(at[0]) == attribute) return shape_of(view(at[3], at[4]));
    }
    return "";
}

// For one wrong value the validator names the facet first and the type as well: the second says
// nothing new.
bool Parse::is_follow_up(const XmlProblem& problem) const {
    if (problem.code != "xsd.type" || problems_.empty()) return false;
    const XmlProblem& last = problems_.back();
    return last.code == "xsd.facet" && last.path == problem.path && last.line == problem.line &&
           last.column == problem.column;
}

void Parse::on_schema_error(void* self, xmlErrorPtr error) {
    guarded(self, [&](Parse& parse) {
        if (error->level == XML_ERR_WARNING) return;
        auto described = xml_internal::describe_schema_error(*error, parse.phase_);
        const auto place = parse.open_.empty() ? parse.place_now() : parse.open_.back().place;
        XmlProblem problem = problem_of(std::move(described.wording), place.line, place.column);
        problem.path = parse.path();
        if (!described.attribute.empty()) problem.path += "/@" + described.attribute;
        if (described.about_value) problem.shape = parse.shape(described.attribute);
        if (!parse.is_follow_up(problem)) parse.add(std::move(problem));
    });
}

void Parse::on_syntax_error(void* self, xmlErrorPtr error) {
    guarded(self, [&](Parse& parse) {
        if (error->level == XML_ERR_WARNING || error->code == XML_ERR_USER_STOP) return;
        parse.close_ended();
        const auto place = parse.place_now();
        XmlProblem problem =
            problem_of(xml_internal::describe_syntax_error(*error), place.line, place.column);
        problem.path = parse.path();
        parse.add(std::move(problem));
        // After the first error of syntax the rest would be consequences of it; errors of
        // namespaces stand alone.
        if (error->domain != XML_FROM_NAMESPACE && error->level == XML_ERR_FATAL) parse.stop();
    });
}

}  // namespace

void prepare_xml() {
    static std::once_flag once;
    std::call_once(once, [] {
        xmlInitParser();
        xmlSchemaInitTypes();
    });
}

std::vector<XmlProblem> parse_xml(std::string_view bytes,
                                  const XmlLimits& limits,
                                  std::string_view expected_encoding,
                                  const XmlSchema* schema,
                                  XmlHandler* handler) {
    prepare_xml();
    std::vector<XmlProblem> problems;
    if (bytes.size() > limits.bytes) {
        problems.push_back(
            problem_of({"xml.size",
                        "文件超过 " + std::to_string(limits.bytes) + " 字节。",
                        "The file is larger than " + std::to_string(limits.bytes) + " bytes."},
                       1,
                       1));
        return problems;
    }
    xml_internal::Decoded decoded = xml_internal::decode(bytes, expected_encoding);
    problems = std::move(decoded.problems);
    if (!decoded.readable) return problems;
    Parse(decoded.utf8, limits, handler, problems).run(schema);
    return problems;
}

namespace {

std::string escape(std::string_view utf8, bool attribute) {
    std::string out;
    out.reserve(utf8.size() + utf8.size() / 8);
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const char c = utf8[i];
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '\r':
                out += "&#13;";
                break;  // a parser would turn it into a line feed
            case '"':
                out += attribute ? "&quot;" : "\"";
                break;
            case '\n':
                out += attribute ? "&#10;" : "\n";
                break;
            case '\t':
                out += attribute ? "&#9;" : "\t";
                break;
            default:
                // XML 1.0 has no way to write the other control characters, U+FFFE and U+FFFF.
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\uFFFD";
                } else if (utf8.substr(i, 3) == "\xEF\xBF\xBE" ||
                           utf8.substr(i, 3) == "\xEF\xBF\xBF") {
                    out += "\uFFFD";
                    i += 2;
                } else {
                    out += c;
                }
        }
    }
    return out;
}

}  // namespace

std::string escape_xml_text(std::string_view utf8) {
    return escape(utf8, false);
}
std::string escape_xml_attribute(std::string_view utf8) {
    return escape(utf8, true);
}

}  // namespace tongban
