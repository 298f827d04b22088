// Where the boxes stand: in layers from the start down, arrows that cross layers through a place of
// their own in each (Sugiyama's way: break circles, layer, order by the middle of the neighbours).
#include <algorithm>
#include <cstdint>
#include <utility>

#include "hub/cases/item/internal/draft.h"
#include "hub/cases/item/internal/drawing.h"
#include "hub/cases/item/internal/ways.h"

namespace tongban::item {
namespace {

constexpr int gap_across = 36;
constexpr int gap_down = 58;
constexpr int margin = 24;
constexpr int lane_width = 26;  // of an arrow that passes a layer
constexpr int sweeps = 8;

struct Node {
    std::size_t step = nowhere;  // nowhere: an arrow passes here
    std::size_t layer = 0;
    int x = 0;  // its middle
};

class Layering {
public:
    Layering(const Item& item, const std::vector<Arrow>& arrows)
        : item_(item), arrows_(arrows), back_(arrows.size(), false) {}

    Layout run() {
        find_back();
        put_in_layers();
        chain_arrows();
        for (int sweep = 0; sweep < sweeps; ++sweep)
            order(sweep % 2 == 0);
        return place();
    }

private:
    [[nodiscard]] std::size_t upper(std::size_t arrow) const {
        return back_[arrow] ? arrows_[arrow].to : arrows_[arrow].from;
    }
    [[nodiscard]] std::size_t lower(std::size_t arrow) const {
        return back_[arrow] ? arrows_[arrow].from : arrows_[arrow].to;
    }

    // Arrows that close a circle, as met from the start on.
    void find_back() {
        enum class Mark { fresh, open, done };
        std::vector<Mark> marks(item_.steps.size(), Mark::fresh);
        struct Frame {
            std::size_t step;
            std::size_t next = 0;
        };
        const std::size_t start = index_of(item_, item_.start).value_or(0);
        for (std::size_t i = 0; i <= item_.steps.size(); ++i) {
            const std::size_t first = i == 0 ? start : i - 1;
            if (item_.steps.empty() || marks[first] != Mark::fresh) continue;
            std::vector<Frame> stack{{first, 0}};
            marks[first] = Mark::open;
            while (!stack.empty()) {
                Frame& top = stack.back();
                while (top.next < arrows_.size() && arrows_[top.next].from != top.step)
                    ++top.next;
                if (top.next == arrows_.size()) {
                    marks[top.step] = Mark::done;
                    stack.pop_back();
                    continue;
                }
                const std::size_t arrow = top.next++;
                Mark& mark = marks[arrows_[arrow].to];
                back_[arrow] = mark == Mark::open;
                if (mark != Mark::fresh) continue;
                mark = Mark::open;
                stack.push_back({arrows_[arrow].to, 0});
            }
        }
    }

    void put_in_layers() {
        for (std::size_t i = 0; i < item_.steps.size(); ++i)
            nodes_.push_back({i, 0, 0});
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < arrows_.size(); ++i) {
                if (upper(i) == lower(i)) continue;
                const std::size_t least = nodes_[upper(i)].layer + 1;
                if (nodes_[lower(i)].layer >= least) continue;
                nodes_[lower(i)].layer = least;
                more = true;
            }
        }
    }

    void chain_arrows() {
        chains_.resize(arrows_.size());
        for (std::size_t i = 0; i < arrows_.size(); ++i) {
            chains_[i].push_back(upper(i));
            for (std::size_t layer = nodes_[upper(i)].layer + 1; layer < nodes_[lower(i)].layer;
                 ++layer) {
                chains_[i].push_back(nodes_.size());
                nodes_.push_back({nowhere, layer, 0});
            }
            chains_[i].push_back(lower(i));
        }
        above_.resize(nodes_.size());
        below_.resize(nodes_.size());
        for (const std::vector<std::size_t>& chain : chains_) {
            for (std::size_t k = 0; k + 1 < chain.size(); ++k) {
                below_[chain[k]].push_back(chain[k + 1]);
                above_[chain[k + 1]].push_back(chain[k]);
            }
        }
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            layers_.resize(std::max(layers_.size(), nodes_[i].layer + 1));
            layers_[nodes_[i].layer].push_back(i);
        }
        spread();
    }

    // Each node beside the one before it, the layer's middle at 0.
    void spread() {
        for (const std::vector<std::size_t>& layer : layers_) {
            int width = -gap_across;
            for (const std::size_t node : layer)
                width += width_of(node) + gap_across;
            int x = -width / 2;
            for (const std::size_t node : layer) {
                nodes_[node].x = x + width_of(node) / 2;
                x += width_of(node) + gap_across;
            }
        }
    }
    [[nodiscard]] int width_of(std::size_t node) const {
        return nodes_[node].step == nowhere ? lane_width : box_width;
    }

    void order(bool down) {
        for (std::size_t l = 0; l < layers_.size(); ++l) {
            std::vector<std::size_t>& layer = layers_[down ? l : layers_.size() - 1 - l];
            const auto& beside = down ? above_ : below_;
            const auto middle = [&](std::size_t node) {
                std::int64_t sum = 0;
                for (const std::size_t other : beside[node])
                    sum += nodes_[other].x;
                const auto count = static_cast<std::int64_t>(beside[node].size());
                return count == 0 ? nodes_[node].x : static_cast<int>(sum / count);
            };
            std::sort(layer.begin(), layer.end(), [&](std::size_t a, std::size_t b) {
                return std::pair(middle(a), nodes_[a].x) < std::pair(middle(b), nodes_[b].x);
            });
            spread();
        }
    }

    [[nodiscard]] Layout place() const {
        int left = 0;
        int right = 0;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            left = std::min(left, nodes_[i].x - width_of(i) / 2);
            right = std::max(right, nodes_[i].x + width_of(i) / 2);
        }
        const int shift = margin - left;
        Layout layout;
        layout.back = back_;
        layout.width = right - left + 2 * margin;
        layout.height =
            static_cast<int>(layers_.size()) * (box_height + gap_down) - gap_down + 2 * margin;
        const auto top = [](const Node& node) {
            return margin + static_cast<int>(node.layer) * (box_height + gap_down);
        };
        for (std::size_t i = 0; i < item_.steps.size(); ++i)
            layout.boxes.push_back({nodes_[i].x + shift - box_width / 2, top(nodes_[i])});
        for (std::size_t i = 0; i < arrows_.size(); ++i) {
            std::vector<Point> line;
            for (std::size_t k = 0; k < chains_[i].size(); ++k) {
                const Node& node = nodes_[chains_[i][k]];
                const int x = node.x + shift;
                if (k > 0) line.push_back({x, top(node)});
                if (k + 1 < chains_[i].size()) line.push_back({x, top(node) + box_height});
            }
            if (back_[i]) std::reverse(line.begin(), line.end());
            layout.lines.push_back(std::move(line));
        }
        return layout;
    }

    const Item& item_;
    const std::vector<Arrow>& arrows_;
    std::vector<bool> back_;
    std::vector<Node> nodes_;
    std::vector<std::vector<std::size_t>> layers_;
    std::vector<std::vector<std::size_t>> chains_;
    std::vector<std::vector<std::size_t>> above_;
    std::vector<std::vector<std::size_t>> below_;
};

}  // namespace

Layout lay_out(const Item& item, const std::vector<Arrow>& arrows) {
    return Layering(item, arrows).run();
}

}  // namespace tongban::item
