// 3-12: with the option on, every PIN entry shows a new layout, and every digit is equally likely everywhere.
// Layouts are read from the pixels of the running device's screens.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/keypad.h>
#include <shogo/conformance/png.h>
#include <shogo/conformance/statistics_basic.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kQuickLayouts = 100;  // expectation 10 a cell: the chi-square approximation asks for 5
constexpr int kFullLayouts = 1000;
constexpr int kOffLayouts = 5;
constexpr int kSequence = 20;  // layouts compared between two starts of the device

using Layout = std::array<int, 10>;

Image crop_of(const Image& image, int left, int top, int right, int bottom) {
  Image crop{right - left, bottom - top, 3, {}};
  crop.pixels.reserve(static_cast<std::size_t>(crop.width) * static_cast<std::size_t>(crop.height) * 3);
  for (int y = top; y < bottom; ++y)
    append(crop.pixels, {image.at(left, y), static_cast<std::size_t>(crop.width) * 3});
  return crop;
}

/// Where the keypad lies in a frame, with a margin of ground around it.
Result<Box> keypad_place(const Image& image) {
  SHOGO_TRY(const Keypad keypad, find_keypad(image));
  constexpr int kMargin = 8;
  const Box hull = keypad.hull();
  return Box{std::max(0.0, std::floor(hull.left) - kMargin), std::max(0.0, std::floor(hull.top) - kMargin),
             std::min<double>(image.width, std::floor(hull.right) + kMargin + 1),
             std::min<double>(image.height, std::floor(hull.bottom) + kMargin + 1)};
}

/// Keeps the keypad's part of every frame: the judge reads the digits from it, on the bench or years later.
Result<void> keep_keypad(Stage& stage, const Box& place, std::string_view step, int index) {
  SHOGO_TRY(const Frame frame, stage.latest_frame());
  SHOGO_TRY(Bytes png,
            encode_png(crop_of(frame.image, static_cast<int>(place.left), static_cast<int>(place.top),
                               static_cast<int>(place.right), static_cast<int>(place.bottom))));
  stage.record(source::kDevice, "keypad", {{"step", step}, {"index", index}}, fmt::format("keypad_{}", step),
               "png", std::move(png));
  return {};
}

/// Touches the same place as before and waits for the state that followed then: asking for the UI tree twice
/// a layout would take as long as the layout itself.
Result<void> touch_again(Stage& stage, const UiNode& node, const char* state) {
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.touch(node.centre_x(), node.centre_y()));
  SHOGO_CHECK_OK(stage.wait_state({state}, start));
  return {};
}

const UiNode* button_with(const UiTree& tree, std::initializer_list<std::string_view> words) {
  for (const UiNode& node : tree.nodes)
    for (const std::string_view word : words)
      if (node.role == "button" && node.enabled && node.text.find(word) != std::string::npos) return &node;
  return nullptr;
}

Result<void> collect(Stage& stage, std::string_view step, int count) {
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  begin_step(stage, step, kWho, {{"layouts", count}});
  // A keypad that moves about would not be found in its old place by the judge, and count as unreadable.
  SHOGO_TRY(const Screen page, stage.settled_screen());
  const auto place = keypad_place(page.frame.image);
  if (!place.ok()) SHOGO_CHECK_OK(stage.keep_frame("unreadable_keypad"));
  if (!place.ok()) return place.error();
  const UiNode* back = button_with(page.tree, {"戻る", "Back"});
  if (back == nullptr) return Error{Code::kNotFound, "the PIN page offers no way back"};
  SHOGO_CHECK_OK(keep_keypad(stage, *place, step, 0));
  SHOGO_CHECK_OK(touch_again(stage, *back, "method"));
  SHOGO_TRY(const Screen method, stage.settled_screen());
  const UiNode* pin = button_with(method.tree, {"暗証番号", "PIN"});
  if (pin == nullptr) return Error{Code::kNotFound, "the method page does not offer the PIN"};
  SHOGO_CHECK_OK(touch_again(stage, *pin, "pin"));
  for (int i = 1; i < count; ++i) {
    SHOGO_CHECK_OK(keep_keypad(stage, *place, step, i));
    SHOGO_CHECK_OK(touch_again(stage, *back, "method"));
    SHOGO_CHECK_OK(touch_again(stage, *pin, "pin"));
  }
  return finish(stage);
}

std::vector<Layout> layouts_of(const Transcript& transcript, std::string_view step, int& unread) {
  std::vector<Layout> layouts;
  std::set<std::int64_t> seen;  // a frame told twice is one layout
  for (const Event* event : transcript.select(source::kDevice, "keypad")) {
    if (text_of(event->data, "step") != step) continue;
    if (!seen.insert(integer_of(event->data, "index", -1)).second) continue;
    const Bytes* png = transcript.blob(event->blob);
    const auto image = png == nullptr ? Result<Image>(Error{Code::kNotFound, ""}) : decode_png(*png);
    const auto keypad = image.ok() ? find_keypad(*image) : Result<Keypad>(image.error());
    if (keypad.ok()) {
      layouts.push_back(keypad->layout());
    } else {
      ++unread;
    }
  }
  return layouts;
}

struct Uniformity {
  double digit_by_position = 0;  ///< p of one test over all cells
  double neighbour_steps = 0;    ///< p of the differences between neighbouring positions
};

Uniformity uniformity(const std::vector<Layout>& layouts) {
  Uniformity result;
  // One test over all 100 cells of digit x position. A layout is a permutation, so rows and columns have
  // fixed sums: 81 degrees of freedom, and the cells' covariance is 10/9 of the multinomial one, which the
  // factor takes back.
  double statistic = 0;
  const double expected = static_cast<double>(layouts.size()) / 10;
  for (std::size_t position = 0; position < 10; ++position) {
    std::array<int, 10> counts{};
    for (const Layout& layout : layouts) ++counts[static_cast<std::size_t>(layout[position])];
    for (const int count : counts) statistic += (count - expected) * (count - expected) / expected;
  }
  result.digit_by_position = chi_square_tail(statistic * 0.9, 81);
  // A layout that is only rotated passes the test above; there, a neighbour always differs by the same step.
  // Pairs that do not share a position are independent enough: five pairs a layout.
  std::vector<std::int64_t> steps(9, 0);
  for (const Layout& layout : layouts) {
    for (std::size_t i = 0; i < 10; i += 2)
      ++steps[static_cast<std::size_t>((layout[i + 1] - layout[i] + 10) % 10 - 1)];
  }
  result.neighbour_steps = chi_square_uniform_p(steps);
  return result;
}

}  // namespace

Result<void> stimulate_random_keypad(Stage& stage) {
  const int layouts = stage.count(kQuickLayouts, kFullLayouts);
  SHOGO_CHECK_OK(stage.set_settings({{"random_keypad", false}}));
  SHOGO_CHECK_OK(collect(stage, "off", kOffLayouts));
  SHOGO_CHECK_OK(stage.set_settings({{"random_keypad", true}}));
  SHOGO_CHECK_OK(collect(stage, "on_first", layouts / 2));
  // A device that draws from the same start after every reset shows the same sequence: an observer learns it
  // once.
  SHOGO_CHECK_OK(stage.call("reset", {{"level", "app"}}));
  SHOGO_CHECK_OK(stage.call(
      "begin_case",
      {{"case_id", "3-12 again"}, {"seed", static_cast<std::int64_t>(stage.rng().below(1U << 30))}}));
  SHOGO_CHECK_OK(stage.set_settings({{"random_keypad", true}}));
  SHOGO_CHECK_OK(collect(stage, "on_second", layouts - layouts / 2));
  SHOGO_CHECK_OK(stage.set_settings({{"random_keypad", false}}));
  return end_script(stage);
}

Judgement judge_random_keypad(const Transcript& transcript, const CheckContext& context) {
  const double p_min = context.number("uniformity_p_min");
  // A quick run asks for less than the catalogue, but for no less than the tests below need.
  const auto needed = context.profile != "quick" ? static_cast<std::int64_t>(context.number("layouts"))
                                                 : std::int64_t{kQuickLayouts};
  int unread = 0;
  const auto off = layouts_of(transcript, "off", unread);
  const auto first = layouts_of(transcript, "on_first", unread);
  const auto second = layouts_of(transcript, "on_second", unread);
  std::vector<Layout> on = first;
  on.insert(on.end(), second.begin(), second.end());
  const auto n = static_cast<std::int64_t>(on.size());
  if (unread > 0 || n < needed || off.size() < 2 || first.size() < kSequence || second.size() < kSequence)
    return inconclusive(
        Reason::kControlFailed,
        fmt::format("{} layouts read with the option on and {} with it off, {} could not be read", n,
                    off.size(), unread),
        fmt::format("読み取れた配列は有効時{}件・無効時{}件、読み取り不能{}件", n, off.size(), unread));

  const Uniformity u = uniformity(on);
  // Ten digits have 3 628 800 orders: among a thousand entries an immediate repeat of one is a fault, not
  // chance (p < 0.0003).
  int repeats = 0;
  for (std::size_t i = 1; i < on.size(); ++i) repeats += on[i] == on[i - 1] ? 1 : 0;
  const bool same_sequence = std::equal(first.begin(), first.begin() + kSequence, second.begin());
  const bool off_fixed =
      std::all_of(off.begin(), off.end(), [&](const Layout& layout) { return layout == off.front(); });

  std::string why;
  std::string why_ja;
  // First, because a sequence that comes again is uneven as well.
  if (same_sequence) {
    why = "after a restart the device shows the same sequence of layouts again";
    why_ja = "再起動後に同じ配列の順序が再現した";
  } else if (u.digit_by_position <= p_min) {
    why = fmt::format("digits are not spread evenly over positions (p = {:.2g})", u.digit_by_position);
    why_ja = fmt::format("数字の位置に偏りがある（p={:.2g}）", u.digit_by_position);
  } else if (u.neighbour_steps <= p_min) {
    why =
        fmt::format("neighbouring digits depend on each other (p = {:.2g}): layouts are shifts of few orders",
                    u.neighbour_steps);
    why_ja = fmt::format("隣り合う数字が独立でない（p={:.2g}）。限られた並びをずらしているだけである",
                         u.neighbour_steps);
  } else if (repeats > 0) {
    why = fmt::format("the same layout came twice in a row {} times", repeats);
    why_ja = fmt::format("同じ配列が続けて現れた（{}回）", repeats);
  } else if (!off_fixed) {
    why = "with the option off the layout changes";
    why_ja = "無効時にも配列が変わる";
  }
  Judgement judgement = why.empty() ? pass(fmt::format("{} layouts: uniform over positions (p = {:.2g}), "
                                                       "neighbours independent (p = {:.2g}), new per "
                                                       "entry and after a restart; fixed with the option off",
                                                       n, u.digit_by_position, u.neighbour_steps),
                                           fmt::format("{}件の配列：位置は一様（p={:.2g}）、隣接は独立（p={:."
                                                       "2g}）、入力ごと・再起動後に新しく、無効時は固定",
                                                       n, u.digit_by_position, u.neighbour_steps))
                                    : fail(why, why_ja);
  judgement.measurements = {{"uniformity_p", u.digit_by_position, "p", fmt::format("> {}", p_min), n},
                            {"neighbour_p", u.neighbour_steps, "p", fmt::format("> {}", p_min), n},
                            {"layouts", static_cast<double>(n), "count", "", n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
