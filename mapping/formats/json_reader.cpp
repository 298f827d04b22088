#include "mapping/formats/json_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "mapping/formats/sender_finding.h"

namespace tongban::mapping {
namespace {

using schemas::Finding;
using schemas::NativeSchema;
using schemas::Node;
using schemas::NodeKind;
using schemas::Severity;

constexpr std::size_t number_limit =
    64;  // characters: no office writes more, and a longer one only costs

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

using Problem = Telling;

Problem syntax() {
    return {"json.syntax",
            Severity::return_,
            "JSON 语法错误，请由接口开发人员更正后重新发送。",
            "Not well-formed JSON; have the interface corrected and send again."};
}

Problem limit(std::string code, const std::string& zh, const std::string& en) {
    return {std::move(code),
            Severity::block,
            zh + "超过接口规定的上限，未继续读取；请核对后重新发送。",
            en + " beyond what the interface allows; the rest was not read. Check the record and "
                 "send again."};
}

// Recursive descent: the depth limit bounds the stack. `failed_` ends the reading at the first
// place that cannot be read.
class Reader {
public:
    Reader(std::string_view text, const NativeSchema& schema, JsonStart start)
        : text_(text), schema_(schema), line_(start.line), nodes_(start.nodes_before) {}

    JsonReading read() {
        JsonReading out;
        Node root;
        blanks();
        value(root, out.value, 1);
        if (!failed_) {
            blanks();
            if (at_ != text_.size()) fail(syntax());
        }
        out.nodes = nodes_;
        out.findings = std::move(findings_);
        if (out.findings.empty()) out.root = std::move(root);
        return out;
    }

private:
    void report(Problem problem, std::uint32_t line, std::uint32_t column) {
        if (findings_.size() >= 200) return;
        findings_.push_back(sender_finding(schema_, {path(), line, column}, std::move(problem)));
    }

    void fail(Problem problem) {
        if (!failed_) report(std::move(problem), line_, column());
        failed_ = true;
    }

    [[nodiscard]] std::uint32_t column() const {
        return static_cast<std::uint32_t>(at_ - line_start_ + 1);
    }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    [[nodiscard]] std::string path() const { return json_pointer(way_); }

    void blanks() {
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\n') {
                ++line_;
                line_start_ = at_ + 1;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
        }
    }

    bool take(char expected) {
        if (peek() != expected || at_ >= text_.size()) return false;
        ++at_;
        return true;
    }

    void value(Node& node, Json& json, std::size_t depth) {
        node.line = line_;
        node.column = column();
        if (++nodes_ > schema_.limits().nodes)
            return fail(limit("limit.nodes", "数据项个数", "The number of values is"));
        switch (peek()) {
            case '{':
                return object(node, json, depth);
            case '[':
                return array(node, json, depth);
            case '"':
                node.kind = NodeKind::string;
                node.text = string();
                json = node.text;
                return;
            case 't':
                return word(node, json, "true", NodeKind::boolean, Json(true));
            case 'f':
                return word(node, json, "false", NodeKind::boolean, Json(false));
            case 'n':
                return word(node, json, "null", NodeKind::null, Json(nullptr));
            default:
                return number(node, json);
        }
    }

    void word(Node& node, Json& json, std::string_view expected, NodeKind kind, Json meaning) {
        if (text_.substr(at_, expected.size()) != expected) return fail(syntax());
        at_ += expected.size();
        node.kind = kind;
        if (kind == NodeKind::boolean) node.text = expected;
        json = std::move(meaning);
    }

    void object(Node& node, Json& json, std::size_t depth) {
        if (depth > schema_.limits().depth)
            return fail(limit("limit.depth", "嵌套层数", "The nesting is"));
        node.kind = NodeKind::object;
        json = Json::object();
        ++at_;
        blanks();
        if (take('}')) return;
        while (!failed_) {
            const std::uint32_t line = line_;
            const std::uint32_t start = column();
            if (peek() != '"') return fail(syntax());
            std::string name = string();
            if (failed_) return;
            const bool repeated = json.contains(name);
            if (repeated) {
                report({"json.duplicate",
                        Severity::block,
                        "同一对象内有重名的项，含义不明，不予接收；请删除其一后重新发送。",
                        "A member is named twice in one object, so its meaning is open; remove one "
                        "and send again."},
                       line,
                       start);
            }
            blanks();
            if (!take(':')) return fail(syntax());
            blanks();
            way_.push_back(name);
            Node child;
            child.name = std::move(name);
            Json member;
            value(child, member, depth + 1);
            way_.pop_back();
            if (failed_) return;
            const std::string key = child.name;
            append(node, std::move(child));
            json[key] = std::move(member);
            blanks();
            if (take('}')) return;
            if (!take(',')) return fail(syntax());
            blanks();
        }
    }

    // An array that is a member's value gives one child an item, named as the member; an empty one
    // gives none.
    static void append(Node& parent, Node child) {
        if (child.kind != NodeKind::array_item) {
            parent.children.push_back(std::move(child));
            return;
        }
        for (Node& item : child.children) {
            item.name = child.name;
            parent.children.push_back(std::move(item));
        }
    }

    void array(Node& node, Json& json, std::size_t depth) {
        if (depth > schema_.limits().depth)
            return fail(limit("limit.depth", "嵌套层数", "The nesting is"));
        node.kind = NodeKind::array_item;
        json = Json::array();
        ++at_;
        blanks();
        if (take(']')) return;
        for (std::size_t i = 0; !failed_; ++i) {
            way_.push_back(std::to_string(i));
            Node child;
            child.in_array = true;
            Json item;
            value(child, item, depth + 1);
            way_.pop_back();
            if (failed_) return;
            node.children.push_back(std::move(child));
            json.push_back(std::move(item));
            blanks();
            if (take(']')) return;
            if (!take(',')) return fail(syntax());
            blanks();
        }
    }

    void number(Node& node, Json& json) {
        const std::size_t start = at_;
        const auto digits = [this] {
            const std::size_t first = at_;
            while (is_digit(peek()))
                ++at_;
            return at_ - first;
        };
        take('-');
        const bool zero = peek() == '0';
        const std::size_t whole = digits();
        if (whole == 0 || (zero && whole > 1)) return fail(syntax());
        bool integer = true;
        if (take('.')) {
            integer = false;
            if (digits() == 0) return fail(syntax());
        }
        if (peek() == 'e' || peek() == 'E') {
            integer = false;
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            if (digits() == 0) return fail(syntax());
        }
        const std::string_view written = text_.substr(start, at_ - start);
        if (written.size() > number_limit)
            return fail(limit("limit.number", "数字的位数", "The length of a number is"));
        node.kind = NodeKind::number;
        node.text = written;
        json = meaning_of(written, integer);
    }

    // Only for the schema's bounds; the record keeps the digits.
    Json meaning_of(std::string_view written, bool integer) {
        const std::string digits(written);
        const char* const begin = digits.c_str();
        const char* const end = begin + digits.size();
        std::int64_t whole = 0;
        if (integer && std::from_chars(begin, end, whole).ec == std::errc{}) return whole;
        double real = 0;
        if (std::from_chars(begin, end, real).ec != std::errc{}) {
            fail(limit("limit.number", "数值", "A number is"));
        }
        return real;
    }

    std::string string() {
        std::string out;
        ++at_;
        while (at_ < text_.size()) {
            const std::size_t run = at_;
            while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
                   static_cast<unsigned char>(text_[at_]) >= 0x20)
                ++at_;
            out.append(text_, run, at_ - run);
            if (out.size() > schema_.limits().text) {
                fail(limit("limit.text", "文本长度", "The length of a text is"));
                return out;
            }
            if (at_ >= text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) break;
            if (text_[at_++] == '"') return out;
            if (!escape(out)) break;
        }
        fail(syntax());
        return out;
    }

    bool escape(std::string& out) {
        if (at_ >= text_.size()) return false;
        const char c = text_[at_++];
        static constexpr std::string_view names = "\"\\/bfnrt";
        static constexpr std::string_view means = "\"\\/\b\f\n\r\t";
        if (const auto i = names.find(c); i != std::string_view::npos) {
            out += means[i];
            return true;
        }
        char32_t point = 0;
        if (c != 'u' || !four(point)) return false;
        if (point >= 0xD800 && point <= 0xDBFF) {
            char32_t low = 0;
            if (text_.substr(at_, 2) != "\\u") return false;
            at_ += 2;
            if (!four(low) || low < 0xDC00 || low > 0xDFFF) return false;
            point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
        } else if (point >= 0xDC00 && point <= 0xDFFF) {
            return false;
        }
        if (point == 0) {
            fail({"encoding.nul",
                  Severity::block,
                  "文本中有空字符（NUL），不予接收；请核对后重新发送。",
                  "A text holds a NUL character; check it and send again."});
            return false;
        }
        out += to_utf8(std::u32string_view(&point, 1));
        return true;
    }

    bool four(char32_t& point) {
        if (text_.size() - at_ < 4) return false;
        std::uint32_t code = 0;
        const auto end = text_.data() + at_ + 4;
        if (std::from_chars(text_.data() + at_, end, code, 16).ptr != end || text_[at_] == '-')
            return false;
        at_ += 4;
        point = code;
        return true;
    }

    std::string_view text_;
    const NativeSchema& schema_;
    std::size_t at_ = 0;
    std::uint32_t line_;
    std::size_t line_start_ = 0;
    std::size_t nodes_;
    std::vector<std::string> way_;
    std::vector<Finding> findings_;
    bool failed_ = false;
};

}  // namespace

JsonReading read_json_text(std::string_view utf8, const NativeSchema& schema, JsonStart start) {
    return Reader(utf8, schema, start).read();
}

std::string json_pointer(const std::vector<std::string>& tokens) {
    std::string out;
    for (const std::string& token : tokens) {
        out += '/';
        for (const char c : token) {
            if (c == '~') {
                out += "~0";
            } else if (c == '/') {
                out += "~1";
            } else {
                out += c;
            }
        }
    }
    return out;
}

const Node& node_at(const Node& root, const std::vector<std::string>& tokens) {
    const Node* at = &root;
    const auto index_of = [](const std::string& token) {
        std::size_t index = std::string::npos;
        std::from_chars(token.data(), token.data() + token.size(), index);
        return index;
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (at->kind == NodeKind::array_item) {
            const std::size_t index = index_of(tokens[i]);
            if (index >= at->children.size()) return *at;
            at = &at->children[index];
            continue;
        }
        const Node* found = at->child(tokens[i]);
        if (found == nullptr) return *at;
        if (found->in_array && i + 1 < tokens.size()) {
            // Items of one array stand side by side.
            const std::size_t index = index_of(tokens[++i]);
            const auto first = static_cast<std::size_t>(found - at->children.data());
            if (index >= at->children.size() - first ||
                at->children[first + index].name != found->name)
                return *found;
            found = &at->children[first + index];
        }
        at = found;
    }
    return *at;
}

}  // namespace tongban::mapping
