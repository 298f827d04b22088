#include "connectors/sandbox/xml_text.h"

#include "base/check.h"
#include "base/xml.h"

namespace tongban::sandbox {

XmlText::XmlText(std::string_view encoding, std::string prefix)
    : prefix_(std::move(prefix)),
      text_("<?xml version=\"1.0\" encoding=\"" + std::string(encoding) + "\"?>\n") {}

void XmlText::start(std::string_view name, const Attributes& attributes) {
    text_.append(open_.size() * 2, ' ');
    text_ += "<" + prefix_ + std::string(name);
    for (const auto& [key, value] : attributes) {
        if (!value.empty())
            text_ += " " + std::string(key) + "=\"" + escape_xml_attribute(value) + "\"";
    }
}

XmlText& XmlText::open(std::string_view name, const Attributes& attributes) {
    start(name, attributes);
    text_ += ">\n";
    open_.push_back(prefix_ + std::string(name));
    return *this;
}

XmlText& XmlText::close() {
    TONGBAN_CHECK(!open_.empty(), "sandbox.xml.close");
    const std::string name = std::move(open_.back());
    open_.pop_back();
    text_.append(open_.size() * 2, ' ');
    text_ += "</" + name + ">\n";
    return *this;
}

XmlText& XmlText::leaf(std::string_view name, std::string_view text) {
    start(name, {});
    text_ += ">" + escape_xml_text(text) + "</" + prefix_ + std::string(name) + ">\n";
    return *this;
}

XmlText& XmlText::leaf_if(std::string_view name, std::string_view text) {
    return text.empty() ? *this : leaf(name, text);
}

XmlText& XmlText::empty(std::string_view name, const Attributes& attributes) {
    start(name, attributes);
    text_ += "/>\n";
    return *this;
}

}  // namespace tongban::sandbox
