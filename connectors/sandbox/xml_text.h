// XmlText: writes indented XML the way office systems do, one element or attribute at a time,
// UTF-8.
//
// Threads: one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongban::sandbox {

class XmlText {
public:
    using Attributes = std::vector<std::pair<std::string_view, std::string>>;

    explicit XmlText(std::string_view encoding, std::string prefix = "");
    XmlText& open(std::string_view name, const Attributes& attributes = {});
    XmlText& close();
    XmlText& leaf(std::string_view name, std::string_view text);
    XmlText& leaf_if(std::string_view name, std::string_view text);  // nothing for an empty text
    XmlText& empty(std::string_view name,
                   const Attributes& attributes);  // attributes with empty values are left out
    void prefix(std::string prefix) { prefix_ = std::move(prefix); }  // of the names that follow
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void start(std::string_view name, const Attributes& attributes);
    std::string prefix_;
    std::string text_;
    std::vector<std::string> open_;
};

}  // namespace tongban::sandbox
