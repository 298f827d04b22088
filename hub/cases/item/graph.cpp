#include "hub/cases/item/graph.h"

#include <algorithm>

#include "hub/cases/item/internal/drawing.h"

namespace tongban::item {
namespace {

std::string dot_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out + "\"";
}

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else {
            out += c == '\n' ? ' ' : c;
        }
    }
    return out;
}

std::string_view shape_of(const Step& step) {
    static constexpr std::string_view shapes[] = {
        "box", "diamond", "box", "ellipse", "octagon", "hexagon", "ellipse", "box"};
    return shapes[step.what.index()];
}

std::string number(int value) {
    return std::to_string(value);
}

std::string svg_box(const Item& item, const Step& step, Point at) {
    const bool round =
        kind_of(step) == "end" || kind_of(step) == "wait" || kind_of(step) == "timer";
    const bool starts = step.id == item.start;
    std::string out = "<g><title>" + xml_text(step.id + " (" + std::string(kind_of(step)) + ")") +
                      "</title><rect x=\"" + number(at.x) + "\" y=\"" + number(at.y) +
                      "\" width=\"" + number(box_width) + "\" height=\"" + number(box_height) +
                      "\" rx=\"" + number(round ? 30 : 6) + "\" fill=\"" +
                      std::string(colour_of(step)) + "\" stroke=\"#334155\" stroke-width=\"" +
                      (starts ? "3" : "1") + "\"/>";
    const auto text = [&](int down, const char* kind, const std::string& words) {
        if (words.empty()) return;
        out += "<text x=\"" + number(at.x + box_width / 2) + "\" y=\"" + number(at.y + down) +
               "\" class=\"" + kind + "\">" + xml_text(words) + "</text>";
    };
    text(22, "zh", shortened(step.words.zh, 12));
    text(38, "en", shortened(step.words.en, 30));
    text(54, "due", owes(item, step));
    return out + "</g>\n";
}

std::string svg_line(const Arrow& arrow, const std::vector<Point>& points, bool back) {
    if (points.empty()) return "";
    std::string out = "<path d=\"M" + number(points[0].x) + " " + number(points[0].y);
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Point& a = points[i - 1];
        const Point& b = points[i];
        const int middle = (a.y + b.y) / 2;
        out += " C" + number(a.x) + " " + number(middle) + " " + number(b.x) + " " +
               number(middle) + " " + number(b.x) + " " + number(b.y);
    }
    out += std::string("\" class=\"") +
           (arrow.breach ? "breach"
            : back       ? "back"
                         : "way") +
           "\" marker-end=\"url(#tip)\"/>";
    if (arrow.label.empty()) return out + "\n";
    // Near its beginning, where the arrows of one step are still apart.
    const Point& a = points[0];
    const Point& b = points.size() > 1 ? points[1] : points[0];
    return out + "<text x=\"" + number((2 * a.x + 3 * b.x) / 5) + "\" y=\"" +
           number((2 * a.y + 3 * b.y) / 5) + "\" class=\"label\">" + xml_text(arrow.label) +
           "</text>\n";
}

}  // namespace

std::string to_dot(const Item& item) {
    std::string out = "digraph " + dot_text(item.id + "@" + std::to_string(item.version)) +
                      " {\n  label=" + dot_text(item.words.zh + " " + item.words.en) +
                      ";\n  node [style=filled, fontname=\"Noto Sans CJK SC\"];\n"
                      "  edge [fontname=\"Noto Sans CJK SC\", fontsize=10];\n";
    for (const Step& step : item.steps) {
        const std::string due = owes(item, step);
        std::string label = dot_text(step.words.zh);
        label.pop_back();
        label += "\\n" + dot_text(step.words.en).substr(1);
        if (!due.empty()) {
            label.pop_back();
            label += "\\n" + dot_text(due).substr(1);
        }
        out += "  " + dot_text(step.id) + " [label=" + label +
               ", shape=" + std::string(shape_of(step)) +
               ", fillcolor=" + dot_text(colour_of(step)) +
               (step.id == item.start ? ", penwidth=3" : "") + "];\n";
    }
    for (const Arrow& arrow : arrows_of(item)) {
        out +=
            "  " + dot_text(item.steps[arrow.from].id) + " -> " + dot_text(item.steps[arrow.to].id);
        std::string traits = arrow.label.empty() ? "" : "label=" + dot_text(arrow.label);
        if (arrow.breach) traits += std::string(traits.empty() ? "" : ", ") + "style=dashed";
        out += (traits.empty() ? "" : " [" + traits + "]") + ";\n";
    }
    return out + "}\n";
}

std::string to_svg(const Item& item) {
    const std::vector<Arrow> arrows = arrows_of(item);
    const Layout layout = lay_out(item, arrows);
    const std::string size = number(layout.width) + " " + number(layout.height);
    std::string out =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(layout.width) +
        "\" height=\"" + number(layout.height) + "\" viewBox=\"0 0 " + size + "\">\n<title>" +
        xml_text(item.words.zh + " " + item.words.en + " (" + item.id + "@" +
                 std::to_string(item.version) + ")") +
        "</title>\n<style>text{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;"
        "text-anchor:middle;fill:#0f172a}.zh{font-size:15px}.en{font-size:11px;fill:#475569}"
        ".due{font-size:11px;fill:#9a3412}.label{font-size:11px;paint-order:stroke;stroke:#fff;"
        "stroke-width:4px}path{fill:none;stroke:#475569;stroke-width:1.3}"
        ".back{stroke:#7c3aed}.breach{stroke:#b91c1c;stroke-dasharray:5 4}</style>\n"
        "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" "
        "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" "
        "style=\"fill:#475569;stroke:none\"/></marker></defs>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    for (std::size_t i = 0; i < arrows.size(); ++i)
        out += svg_line(arrows[i], layout.lines[i], layout.back[i]);
    for (std::size_t i = 0; i < item.steps.size(); ++i)
        out += svg_box(item, item.steps[i], layout.boxes[i]);
    return out + "</svg>\n";
}

}  // namespace tongban::item
