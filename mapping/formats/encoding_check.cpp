#include "mapping/formats/encoding_check.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mapping/formats/sender_finding.h"

namespace tongban::mapping {
namespace {

using schemas::Checked;
using schemas::Finding;
using schemas::NativeSchema;
using schemas::Node;
using schemas::Place;
using schemas::Severity;

Finding block(
    const NativeSchema& schema, std::string code, Place place, std::string zh, std::string en) {
    return sender_finding(
        schema, std::move(place), {std::move(code), Severity::block, std::move(zh), std::move(en)});
}

Place place_of_byte(std::string_view bytes, std::size_t offset) {
    const std::string_view before = bytes.substr(0, offset);
    const auto line =
        static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    const auto start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? offset + 1 : offset - start;
    return {"", line, static_cast<std::uint32_t>(column)};
}

bool is_ascii(std::string_view text) {
    return std::all_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_han(char32_t point) {
    return point >= 0x4E00 && point <= 0x9FFF;
}

// base/text is certain of a text of four misread characters. Names are shorter, and one short name
// may be both good GBK and good UTF-8 by chance; two of them in one record are no chance.
constexpr std::size_t certain_in_two = 2;
// A whole file promised as GB18030 that is UTF-8 and holds this many hanzi is UTF-8.
constexpr std::ptrdiff_t certain_in_file = 4;

class MojibakeSearch {
public:
    explicit MojibakeSearch(const NativeSchema& schema) : schema_(schema) {}

    void node(const Node& node) {
        text(node.text, node, "");
        for (const auto& attribute : node.attributes)
            text(attribute.value, node, attribute.name);
        for (std::size_t i = 0; i < node.children.size() && !found_; ++i) {
            way_.push_back({&node, i});
            this->node(node.children[i]);
            way_.pop_back();
        }
    }

    std::optional<Finding> take() { return std::move(found_); }

private:
    struct Stride {
        const Node* parent;
        std::size_t child;
    };

    // Only a hit pays for its path: counting earlier siblings for every node would be quadratic.
    [[nodiscard]] std::string path(const Node& at, std::string_view attribute) const {
        const bool xml = schema_.format() == schemas::Format::xml;
        std::string text = xml ? "/" + (way_.empty() ? at.name : way_.front().parent->name) : "";
        for (const Stride& stride : way_) {
            const auto& siblings = stride.parent->children;
            const Node& child = siblings[stride.child];
            const auto earlier =
                std::count_if(siblings.begin(),
                              siblings.begin() + static_cast<std::ptrdiff_t>(stride.child),
                              [&child](const Node& other) { return other.name == child.name; });
            if (!child.name.empty()) text += "/" + child.name;
            if (schema_.format() == schemas::Format::json) {
                if (child.in_array) text += "/" + std::to_string(earlier);
            } else if (schema_.format() == schemas::Format::rows ? child.name == "row"
                                                                 : earlier > 0) {
                text += "[" + std::to_string(earlier + 1) + "]";
            }
        }
        if (!attribute.empty()) text.append("/@").append(attribute);
        return text;
    }

    void text(std::string_view value, const Node& at, std::string_view attribute) {
        if (found_ || is_ascii(value)) return;
        if (!looks_like_mojibake(value)) {
            if (characters_misread(value) >= certain_in_two) ++suspects_;
            if (suspects_ < 2) return;
        }
        found_ = block(
            schema_,
            "encoding.mojibake",
            {path(at, attribute), at.line, at.column},
            "文件中有乱码（曾以错误的编码读写），整份文件不予接收；请用正确的编码重新导出后发送。",
            "The file holds text that was once read in the wrong encoding; the whole file is "
            "refused: export it "
            "again in the right encoding and send again.");
        found_->shape = shape_of(value);
    }

    const NativeSchema& schema_;
    std::vector<Stride> way_;
    std::optional<Finding> found_;
    int suspects_ = 0;
};

}  // namespace

Finding cut_character(const NativeSchema& schema, Place place) {
    const std::string name(name_of(schema.encoding()));
    return block(schema,
                 "encoding.bytes",
                 std::move(place),
                 "文件不是规定的 " + name + " 编码，或有被截断的字符；请重新导出后发送。",
                 "The bytes are not " + name +
                     " as the interface says, or a character was cut; export the file again.");
}

std::size_t characters_misread(std::string_view utf8) {
    const auto bytes = utf8_to_gb18030(utf8);
    if (!bytes || invalid_utf8(*bytes) != std::string::npos) return 0;
    const std::u32string points = code_points(*bytes);
    return static_cast<std::size_t>(std::count_if(points.begin(), points.end(), is_han));
}

std::optional<Finding> check_bytes(std::string_view bytes, const NativeSchema& schema) {
    if (bytes.size() > schema.limits().bytes) {
        Finding finding = block(
            schema,
            "limit.bytes",
            {},
            "文件大小超过接口规定的上限，未予读取；请拆分或核对后重新发送。",
            "The file is larger than the interface allows and was not read; split or check it.");
        finding.shape = std::to_string(bytes.size()) + " bytes";
        return finding;
    }
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        return block(schema,
                     "encoding.declared",
                     {"", 1, 1},
                     "文件为 UTF-16 编码，与接口规定的 " + std::string(name_of(schema.encoding())) +
                         " 不符；请按规定编码重新导出。",
                     "The file is UTF-16, not " + std::string(name_of(schema.encoding())) +
                         " as the interface says; export it again.");
    }
    if (const auto nul = bytes.find('\0'); nul != std::string_view::npos) {
        return block(schema,
                     "encoding.nul",
                     place_of_byte(bytes, nul),
                     "文件中有空字节（NUL），不是文本文件；请核对后重新发送。",
                     "The file holds a NUL byte, so it is no text; check it and send again.");
    }
    if (is_ascii(bytes)) return std::nullopt;
    const std::size_t invalid = invalid_utf8(bytes);
    if (schema.encoding() == Encoding::utf8 && invalid != std::string::npos) {
        if (!gb18030_to_utf8(bytes)) return cut_character(schema, place_of_byte(bytes, invalid));
        return block(
            schema,
            "encoding.bytes",
            place_of_byte(bytes, invalid),
            "文件实为 GB18030 编码，与接口规定的 UTF-8 不符；请按规定编码重新导出。",
            "The bytes are GB18030, not UTF-8 as the interface says; export the file again.");
    }
    if (schema.encoding() == Encoding::gb18030 && invalid == std::string::npos) {
        const std::u32string points = code_points(bytes);
        if (std::count_if(points.begin(), points.end(), is_han) >= certain_in_file) {
            return block(
                schema,
                "encoding.bytes",
                {"", 1, 1},
                "文件实为 UTF-8 编码，与接口规定的 GB18030 不符；请按规定编码重新导出。",
                "The bytes are UTF-8, not GB18030 as the interface says; export the file again.");
        }
    }
    return std::nullopt;
}

Checked<std::string> text_of(std::string_view bytes, const NativeSchema& schema) {
    if (auto finding = check_bytes(bytes, schema)) return {std::nullopt, {std::move(*finding)}};
    if (bytes.starts_with("\xEF\xBB\xBF"))
        bytes.remove_prefix(3);  // spreadsheets write one; it says nothing wrong
    auto text = to_utf8(bytes, schema.encoding());
    if (text) return {std::move(*text), {}};
    // The decoder names the byte ("byte 123"); a clerk needs the line.
    std::size_t offset = 0;
    for (const char c : text.fault().where) {
        if (c >= '0' && c <= '9') offset = offset * 10 + static_cast<std::size_t>(c - '0');
    }
    return {std::nullopt,
            {cut_character(schema, place_of_byte(bytes, std::min(offset, bytes.size())))}};
}

std::optional<Finding> check_mojibake(const Node& root, const NativeSchema& schema) {
    MojibakeSearch search(schema);
    search.node(root);
    return search.take();
}

}  // namespace tongban::mapping
