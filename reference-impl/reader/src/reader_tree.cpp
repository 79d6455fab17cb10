// The page of the moment in words, for the device protocol.
#include "reader.h"

#include <fmt/core.h>

namespace shogo::reader {
namespace {

std::string hex(Colour c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c.r, c.g, c.b);
}

}  // namespace

boost::json::object Reader::ui_tree() const {
  const JourneyState& now = journey_.state(state_);
  boost::json::array nodes;
  for (const Node& node : page_.nodes) {
    const auto px = [](double v) { return static_cast<std::int64_t>(v + 0.5); };
    nodes.push_back({{"id", node.id},
                     {"role", node.role},
                     {"bounds_px", {px(node.box.x), px(node.box.y), px(node.box.w), px(node.box.h)}},
                     {"text", node.text},
                     {"enabled", node.enabled},
                     {"font_px", node.font_px},
                     {"colour", {hex(node.ink), hex(node.ground)}},
                     {"spoken", spoken(node)}});
  }
  return {{"state", contract::to_string(now.state)},
          {"screen_id", now.screen},
          {"lang", code_of(language_)},
          {"nodes", std::move(nodes)}};
}

}  // namespace shogo::reader
