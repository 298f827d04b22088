// Drawing: what both pictures of an item say, and where the boxes of the SVG stand.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "hub/cases/item/item.h"

namespace tongban::item {

struct Arrow {  // a way as it is drawn
    std::size_t from = 0;
    std::size_t to = 0;
    std::string label;
    bool breach = false;  // taken when a deadline is broken
};

std::vector<Arrow> arrows_of(const Item& item);
std::string owes(const Item& item, const Step& step);  // "公积金中心 · 3 个工作日"
std::string_view colour_of(const Step& step);
std::string shortened(std::string_view text, std::size_t most);  // code points, with … at the end

struct Point {
    int x = 0;
    int y = 0;
};

inline constexpr int box_width = 184;
inline constexpr int box_height = 62;

struct Layout {
    std::vector<Point> boxes;               // upper left, by step
    std::vector<std::vector<Point>> lines;  // by arrow
    std::vector<bool> back;                 // by arrow: leads upwards
    int width = 0;
    int height = 0;
};

Layout lay_out(const Item& item, const std::vector<Arrow>& arrows);

}  // namespace tongban::item
