#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mapping/formats/write.h"

namespace tongban::mapping {
namespace {

using schemas::NativeSchema;
using schemas::Node;
using schemas::NodeKind;

bool digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9')
        ++count;
    text.remove_prefix(count);
    return count > 0;
}

bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.starts_with('0')) {
        text.remove_prefix(1);
    } else if (!digits(text)) {
        return false;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!digits(text)) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (!digits(text)) return false;
    }
    return text.empty();
}

class Writer {
public:
    explicit Writer(const NativeSchema& schema) : schema_(schema) {}

    void value(const Node& node, const std::string& path) {
        switch (node.kind) {
            case NodeKind::object:
                return object(node, path);
            case NodeKind::element:
                if (!node.children.empty()) return object(node, path);
                return string(node.text, path);
            case NodeKind::array_item:
                return array(node, path);
            case NodeKind::string:
                return string(node.text, path);
            case NodeKind::number:
                if (!is_json_number(node.text))
                    bad(path,
                        "encode.number",
                        "应写为数字的值不是数字",
                        "A value that should be a number is none");
                out_ += node.text;
                return;
            case NodeKind::boolean:
                if (node.text != "true" && node.text != "false") {
                    bad(path,
                        "encode.boolean",
                        "应写为 true 或 false 的值不是",
                        "A value that should be true or false is neither");
                }
                out_ += node.text;
                return;
            case NodeKind::null:
                out_ += "null";
                return;
        }
    }

    Writing take() {
        finish(writing_, std::move(out_), schema_);
        return std::move(writing_);
    }

    void line_end() { out_ += '\n'; }

private:
    void bad(const std::string& path,
             std::string code,
             const std::string& zh,
             const std::string& en) {
        writing_.findings.push_back(
            write_finding(schema_,
                          std::move(code),
                          path,
                          zh + "，未送出；请映射负责人更正映射。",
                          en + "; nothing was sent, the mapping must be corrected."));
    }

    void object(const Node& node, const std::string& path) {
        out_ += '{';
        bool first = true;
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            const Node& child = node.children[i];
            const auto same = [&child](const Node& other) { return other.name == child.name; };
            const auto here = node.children.begin() + static_cast<std::ptrdiff_t>(i);
            // Items of one array may stand apart; the array is written where its first item stands.
            if (std::any_of(node.children.begin(), here, same)) continue;
            if (!first) out_ += ',';
            first = false;
            const std::string below = path + "/" + child.name;
            string(child.name, below);
            out_ += ':';
            const bool list = child.in_array || std::any_of(here + 1, node.children.end(), same);
            if (!list) {
                value(child, below);
                continue;
            }
            out_ += '[';
            std::size_t index = 0;
            for (auto item = here; item != node.children.end(); ++item) {
                if (!same(*item)) continue;
                if (index > 0) out_ += ',';
                value(*item, below + "/" + std::to_string(index++));
            }
            out_ += ']';
        }
        out_ += '}';
    }

    void array(const Node& node, const std::string& path) {
        out_ += '[';
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            if (i > 0) out_ += ',';
            value(node.children[i], path + "/" + std::to_string(i));
        }
        out_ += ']';
    }

    void string(std::string_view text, const std::string& path) {
        if (invalid_utf8(text) != std::string::npos)
            bad(path, "encode.character", "有无效的字符", "A character that is none");
        static constexpr std::string_view hexadecimal = "0123456789abcdef";
        out_ += '"';
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                out_ += '\\';
                out_ += c;
            } else if (c == '\n') {
                out_ += "\\n";
            } else if (c == '\r') {
                out_ += "\\r";
            } else if (c == '\t') {
                out_ += "\\t";
            } else if (byte < 0x20 || byte == 0x7F) {
                out_ += "\\u00";
                out_ += hexadecimal[byte >> 4U];
                out_ += hexadecimal[byte & 15U];
            } else {
                out_ += c;
            }
        }
        out_ += '"';
    }

    const NativeSchema& schema_;
    Writing writing_;
    std::string out_;
};

}  // namespace

Writing write_json(const Node& root, const NativeSchema& schema) {
    Writer writer(schema);
    writer.value(root, "");
    return writer.take();
}

Writing write_rows(const Node& root, const NativeSchema& schema) {
    Writer writer(schema);
    if (root.name != "rows") {
        writer.value(root, "");
        writer.line_end();
        return writer.take();
    }
    for (std::size_t i = 0; i < root.children.size(); ++i) {
        writer.value(root.children[i], "/row[" + std::to_string(i + 1) + "]");
        writer.line_end();
    }
    return writer.take();
}

}  // namespace tongban::mapping
