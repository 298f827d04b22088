#include "connectors/native_fields.h"

#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/xml.h"

namespace tongban::connectors {
namespace {

// Follows the configured paths only; nothing of the message is kept but what they name.
class PathReader final : public XmlHandler {
public:
    PathReader(const std::vector<std::string>& paths, NativeFields& found)
        : paths_(paths), found_(found) {}

    void start(std::string_view name,
               std::string_view,
               const std::vector<XmlAttribute>& attributes,
               std::uint32_t,
               std::uint32_t) override {
        if (where_.empty()) found_.root = std::string(name);
        lengths_.push_back(where_.size());
        where_.append("/").append(name);
        texts_.emplace_back();
        for (const XmlAttribute& attribute : attributes) {
            note(where_ + "/@" + std::string(attribute.name), std::string(attribute.value));
        }
    }

    void text(std::string_view run) override {
        if (!texts_.empty()) texts_.back().append(run);
    }

    void end() override {
        note(where_, trim(texts_.back()));
        texts_.pop_back();
        where_.resize(lengths_.back());
        lengths_.pop_back();
    }

private:
    void note(const std::string& path, const std::string& value) {
        for (const std::string& wanted : paths_) {
            if (wanted == path) found_.values.try_emplace(path, value);
        }
    }

    const std::vector<std::string>& paths_;
    NativeFields& found_;
    std::string where_;
    std::vector<std::size_t> lengths_;
    std::vector<std::string> texts_;
};

Result<NativeFields> read_xml(std::string_view bytes, const std::vector<std::string>& paths) {
    NativeFields found;
    PathReader reader(paths, found);
    const auto problems = parse_xml(bytes, XmlLimits{}, "", nullptr, &reader);
    if (!problems.empty()) {
        return Fault{FaultKind::malformed,
                     "line " + std::to_string(problems.front().line),
                     "not well-formed XML: " + problems.front().code};
    }
    return found;
}

std::string plain_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null() || value.is_structured()) return "";
    return value.dump();
}

// Null where the message has no such place.
const Json* at_path(const Json& message, const std::string& path) {
    try {
        const Json::json_pointer pointer(path);
        return message.contains(pointer) ? &message.at(pointer) : nullptr;
    } catch (const Json::exception&) {
        return nullptr;  // a pointer that this message's shape cannot have
    }
}

Result<NativeFields> read_json(std::string_view bytes, const std::vector<std::string>& paths) {
    auto parsed = parse_json(bytes);
    if (!parsed) return std::move(parsed).fault();
    NativeFields found;
    for (const std::string& path : paths) {
        if (const Json* value = at_path(*parsed, path)) found.values[path] = plain_text(*value);
    }
    return found;
}

}  // namespace

std::string NativeFields::value(std::string_view path) const {
    const auto entry = values.find(std::string(path));
    return entry == values.end() ? std::string() : entry->second;
}

Result<NativeFields> read_native_fields(std::string_view bytes,
                                        NativeFormat format,
                                        const std::vector<std::string>& paths) {
    return format == NativeFormat::xml ? read_xml(bytes, paths) : read_json(bytes, paths);
}

}  // namespace tongban::connectors
