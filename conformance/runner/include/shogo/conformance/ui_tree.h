// UiTree: the answer to `get_ui_tree`. The device's own words about its screen, so a judge may only
// cross-check with it what frames show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/result.h>

namespace shogo::conformance {

struct UiNode {
  std::string id;
  std::string role;
  int x = 0, y = 0, width = 0, height = 0;  ///< pixels of the panel
  std::string text;
  bool enabled = true;
  double font_px = 0;
  std::string colour, ground;  ///< "#rrggbb", empty when the device does not say
  std::string spoken;

  friend bool operator==(const UiNode&, const UiNode&) = default;
  [[nodiscard]] int centre_x() const { return x + width / 2; }
  [[nodiscard]] int centre_y() const { return y + height / 2; }
};

struct UiTree {
  std::string state, screen_id, lang;
  std::vector<UiNode> nodes;
  /// Number of the screen frame that shows exactly this tree and is at rest; empty when the device does not
  /// say.
  std::optional<std::uint64_t> frame;

  [[nodiscard]] const UiNode* find(std::string_view id) const;
  /// First enabled node of that role (empty: any) whose text equals `text`.
  [[nodiscard]] const UiNode* find(std::string_view role, std::string_view text) const;
};

[[nodiscard]] Result<UiTree> parse_ui_tree(const boost::json::value& answer);
/// As an answer to get_ui_tree: parse_ui_tree() reads it back.
[[nodiscard]] boost::json::object to_json(const UiTree& tree);

}  // namespace shogo::conformance
