#include "mapping/formats/write.h"

#include <utility>

#include "base/text.h"

namespace tongban::mapping {

using schemas::Finding;
using schemas::NativeSchema;
using schemas::Node;

Finding write_finding(const NativeSchema& schema,
                      std::string code,
                      std::string path,
                      std::string zh,
                      std::string en) {
    Finding finding;
    finding.code = std::move(code);
    finding.severity = schemas::Severity::block;
    finding.mender = schemas::Mender::mapping_owner;
    finding.place.path = std::move(path);
    finding.version = schema.id();
    finding.zh = std::move(zh);
    finding.en = std::move(en);
    return finding;
}

bool carries_xml(std::string_view utf8) {
    if (invalid_utf8(utf8) != std::string::npos) return false;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
        if (byte == 0xEF &&
            (utf8.substr(i, 3) == "\xEF\xBF\xBE" || utf8.substr(i, 3) == "\xEF\xBF\xBF"))
            return false;
    }
    return true;
}

void finish(Writing& writing, std::string utf8, const NativeSchema& schema) {
    if (schema.encoding() == Encoding::utf8) {
        writing.bytes = std::move(utf8);
        return;
    }
    auto bytes = from_utf8(utf8, schema.encoding());
    if (bytes) {
        writing.bytes = std::move(*bytes);
    } else {
        writing.findings.push_back(write_finding(
            schema,
            "encode.character",
            "",
            "有接收方编码无法表示的字符，未送出；请映射负责人处理。",
            "A character that the receiver's encoding cannot carry; nothing was sent."));
    }
}

Writing write_format(const Node& root, const NativeSchema& schema) {
    Writing writing;
    switch (schema.format()) {
        case schemas::Format::xml:
            writing = write_xml(root, schema);
            break;
        case schemas::Format::json:
            writing = write_json(root, schema);
            break;
        case schemas::Format::rows:
            writing = write_rows(root, schema);
            break;
    }
    if (schemas::any_stops(writing.findings)) return writing;
    // What leaves obeys the receiver's schema: the bytes themselves are judged, not the tree they
    // came from.
    Reading reading = read_format(writing.bytes, schema);
    for (auto* findings : {&reading.findings, &reading.schema_findings}) {
        for (Finding& finding : *findings) {
            finding.mender = schemas::Mender::mapping_owner;
            finding.zh =
                "转换结果不符合接收方的接口规范，未送出，请映射负责人更正映射：" + finding.zh;
            finding.en =
                "The converted record breaks the receiver's schema and was not sent; the mapping's "
                "owner must correct it: " +
                finding.en;
            writing.findings.push_back(std::move(finding));
        }
    }
    return writing;
}

Reading read_format(std::string_view bytes, const NativeSchema& schema) {
    switch (schema.format()) {
        case schemas::Format::xml:
            return read_xml(bytes, schema);
        case schemas::Format::json:
            return read_json(bytes, schema);
        case schemas::Format::rows:
            return read_rows(bytes, schema);
    }
    return {};
}

}  // namespace tongban::mapping
