// 1-9.a: a touch is felt where it lands. On the PIN page, the one with the most and the smallest buttons,
// every enabled button is touched at five points inside, its corners among them, and at five just outside;
// what each touch does to the screen is seen in the pixels. Fingers are lifted on bare ground, so that
// nothing is set off.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "screen_record.h"
#include "whole_script.h"
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// How far inside or outside an edge a finger is put down. Nearer, half a pixel would decide.
constexpr double kFromEdge_mm = 1.0;
/// A button answers a touch when this share of it changes.
constexpr double kChangedShare = 0.05;

struct Point {
  int x = 0, y = 0;
};

bool is_inside(const UiNode& node, Point point) {
  return point.x >= node.x && point.x < node.x + node.width && point.y >= node.y &&
         point.y < node.y + node.height;
}

std::vector<const UiNode*> buttons_of(const UiTree& tree, bool enabled_only) {
  std::vector<const UiNode*> buttons;
  for (const UiNode& node : tree.nodes)
    if (node.role == "button" && (node.enabled || !enabled_only)) buttons.push_back(&node);
  return buttons;
}

std::vector<Point> points_inside(const UiNode& node, int inset) {
  const int left = node.x + inset, right = node.x + node.width - 1 - inset;
  const int top = node.y + inset, bottom = node.y + node.height - 1 - inset;
  return {{node.centre_x(), node.centre_y()}, {left, top}, {right, top}, {left, bottom}, {right, bottom}};
}

std::vector<Point> points_outside(const UiNode& node, int away) {
  const int left = node.x - 1 - away, right = node.x + node.width + away;
  const int top = node.y - 1 - away, bottom = node.y + node.height + away;
  return {{left, node.centre_y()},
          {right, node.centre_y()},
          {node.centre_x(), top},
          {node.centre_x(), bottom},
          {left, top}};
}

/// Buttons that look different now.
json::array changed_buttons(const Screen& before, const Image& now) {
  json::array ids;
  const Image& was = before.frame.image;
  if (was.width != now.width || was.height != now.height) return ids;
  for (const UiNode* node : buttons_of(before.tree, false)) {
    std::int64_t differ = 0;
    std::int64_t all = 0;
    for (int y = std::max(0, node->y); y < std::min(now.height, node->y + node->height); ++y) {
      for (int x = std::max(0, node->x); x < std::min(now.width, node->x + node->width); ++x) {
        ++all;
        differ += std::equal(now.at(x, y), now.at(x, y) + 3, was.at(x, y)) ? 0 : 1;
      }
    }
    if (all > 0 && static_cast<double>(differ) > kChangedShare * static_cast<double>(all))
      ids.emplace_back(node->id);
  }
  return ids;
}

Result<void> finger(Stage& stage, Point point, std::string_view phase) {
  json::array points;
  points.push_back(json::array{point.x, point.y});
  SHOGO_CHECK_OK(stage.call("touch", {{"points", std::move(points)}, {"phase", phase}}));
  return {};
}

Result<void> touch_point(Stage& stage, const Screen& page, const UiNode& node, Point point, bool inside,
                         Point bare) {
  SHOGO_CHECK_OK(finger(stage, point, "down"));
  SHOGO_TRY(const Screen during, stage.settled_screen());
  json::array changed = changed_buttons(page, during.frame.image);
  const bool as_expected = inside ? changed == json::array{json::value(node.id)} : changed.empty();
  json::object told{{"button", node.id},
                    {"inside", inside},
                    {"x", point.x},
                    {"y", point.y},
                    {"changed", std::move(changed)}};
  if (as_expected) {
    stage.record(source::kHarness, "touch_point", std::move(told));
  } else {
    SHOGO_TRY(Bytes png, Stage::ours(encode_png(during.frame.image)));
    stage.record(source::kHarness, "touch_point", std::move(told), "touch_" + node.id, "png", std::move(png));
  }
  SHOGO_CHECK_OK(finger(stage, bare, "up"));
  if (during.tree.state != page.tree.state)
    return Error{Code::kConflict,
                 fmt::format("\"{}\" acts before the finger is lifted: the page is gone", node.text)};
  return {};
}

/// A place that belongs to no button, as far from all of them as the corners of the panel allow.
Point bare_ground(const UiTree& tree, const Image& frame) {
  for (int y = 1; y < frame.height; y += 8)
    for (int x = 1; x < frame.width; x += 8)
      if (std::none_of(tree.nodes.begin(), tree.nodes.end(), [&](const UiNode& node) {
            return is_inside(node, {x, y});
          }))
        return {x, y};
  return {0, 0};
}

}  // namespace

Result<void> stimulate_touch_map(Stage& stage) {
  constexpr sim::Patient who = sim::Patient::kValid;
  SHOGO_CHECK_OK(go_to_pin(stage, who));
  SHOGO_TRY(const Screen page, stage.settled_screen());
  SHOGO_CHECK_OK(record_screen(stage, page, "touch_map"));
  const double scale = px_per_mm(stage.hello());
  const int step = std::max(2, static_cast<int>(std::lround(kFromEdge_mm * (scale > 0 ? scale : 7))));
  const Point bare = bare_ground(page.tree, page.frame.image);
  const auto felt = buttons_of(page.tree, true);
  const auto all = buttons_of(page.tree, false);
  for (const UiNode* node : felt) {
    for (const Point point : points_inside(*node, step))
      SHOGO_CHECK_OK(touch_point(stage, page, *node, point, true, bare));
    for (const Point point : points_outside(*node, step)) {
      const bool on_panel = point.x >= 0 && point.y >= 0 && point.x < page.frame.image.width &&
                            point.y < page.frame.image.height;
      // Where buttons lie close together the place outside one is the inside of another.
      const bool taken =
          std::any_of(all.begin(), all.end(), [&](const UiNode* other) { return is_inside(*other, point); });
      if (on_panel && !taken) SHOGO_CHECK_OK(touch_point(stage, page, *node, point, false, bare));
    }
  }
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_touch_map(const Transcript& transcript, const CheckContext& context) {
  const auto points_wanted = static_cast<std::int64_t>(context.number("points_inside"));
  const double rate_wanted = context.number("inside_hit_rate");
  const auto outside_allowed = static_cast<std::int64_t>(context.number("outside_hits"));
  std::int64_t inside = 0, hits = 0, outside = 0, strays = 0;
  std::string first_miss, first_stray;
  std::map<std::string, std::int64_t> per_button;
  for (const Event* event : transcript.select(source::kHarness, "touch_point")) {
    const json::value* is_in = event->data.if_contains("inside");
    const json::value* changed = event->data.if_contains("changed");
    if (is_in == nullptr || !is_in->is_bool() || changed == nullptr || !changed->is_array()) continue;
    const std::string button = text_of(event->data, "button");
    const std::string where =
        fmt::format("{} at {}, {}", button, integer_of(event->data, "x", 0), integer_of(event->data, "y", 0));
    if (is_in->get_bool()) {
      ++inside;
      ++per_button[button];
      if (changed->get_array() == json::array{json::value(button)})
        ++hits;
      else if (first_miss.empty())
        first_miss = where;
    } else {
      ++outside;
      if (changed->get_array().empty()) continue;
      ++strays;
      if (first_stray.empty()) first_stray = where;
    }
  }
  const double rate = inside == 0 ? 0 : 100.0 * static_cast<double>(hits) / static_cast<double>(inside);
  const bool all_played =
      !per_button.empty() && std::all_of(per_button.begin(), per_button.end(),
                                         [&](const auto& b) { return b.second == points_wanted; });
  Judgement judgement;
  if (inside == 0 || hits == 0) {
    judgement = inconclusive(Reason::kControlFailed,
                             "no touch shows on any button: where touches are felt cannot be seen",
                             "どのボタンに触れても画面が変わらず、どこで認識されたか分からない");
  } else if (rate < rate_wanted || strays > outside_allowed) {
    judgement =
        fail(fmt::format("{} of {} touches inside were felt by their button{}; {} of {} outside were felt{}",
                         hits, inside, first_miss.empty() ? "" : " (first miss: " + first_miss + ")", strays,
                         outside, first_stray.empty() ? "" : " (first: " + first_stray + ")"),
             fmt::format("内側{}点のうち{}点が正しく認識され、外側{}点のうち{}点が反応した", inside, hits,
                         outside, strays));
  } else if (!all_played || outside == 0) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("{} points inside {} buttons and {} outside: too few", inside,
                                         per_button.size(), outside),
                             fmt::format("内側{}点・外側{}点では足りない", inside, outside));
  } else {
    judgement = pass(fmt::format("{} buttons: all {} touches inside felt, none of {} outside",
                                 per_button.size(), inside, outside),
                     fmt::format("ボタン{}個：内側{}点はすべて認識され、外側{}点は反応しなかった",
                                 per_button.size(), inside, outside));
  }
  judgement.measurements = {
      {"inside_hit_rate", rate, "%", fmt::format("= {} %", rate_wanted), inside},
      {"outside_hits", static_cast<double>(strays), "count", fmt::format("<= {}", outside_allowed), outside}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
