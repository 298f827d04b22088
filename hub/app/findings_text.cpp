#include "hub/app/findings_text.h"

namespace tongban::app {

Json json_of(const schemas::Finding& finding) {
    return Json{{"code", finding.code},
                {"severity", name_of(finding.severity)},
                {"mend", name_of(finding.mender)},
                {"part", finding.part},
                {"field", finding.field},
                {"path", finding.place.path},
                {"line", finding.place.line},
                {"column", finding.place.column},
                {"shape", finding.shape},
                {"version", finding.version},
                {"zh", finding.zh},
                {"en", finding.en}};
}

std::string text_of(const schemas::Finding& finding) {
    std::string text = "[";
    text += name_of(finding.severity);
    text += "] " + finding.code;
    if (!finding.part.empty()) text += " " + finding.part;
    if (finding.place.line > 0)
        text +=
            " " + std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column);
    if (!finding.place.path.empty()) text += " " + finding.place.path;
    if (!finding.field.empty()) text += " (" + finding.field + ")";
    text += "\n    " + finding.zh + "\n    " + finding.en + "\n";
    return text;
}

std::string text_of(const std::vector<schemas::Finding>& findings) {
    std::string text;
    for (const auto& finding : findings)
        text += text_of(finding);
    return text;
}

}  // namespace tongban::app
