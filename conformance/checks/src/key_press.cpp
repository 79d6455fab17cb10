#include "key_press.h"

#include "journey.h"
#include "screen_record.h"
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// How long a finger rests on a key when nothing happens: four times what the feedback may take.
constexpr milliseconds kRest{400};

struct Target {
  std::string key;
  Box box;
  [[nodiscard]] int x() const { return static_cast<int>(std::lround(box.center_x())); }
  [[nodiscard]] int y() const { return static_cast<int>(std::lround(box.center_y())); }
};

Result<void> finger(Stage& stage, const Target& target, std::string_view phase) {
  json::array point{target.x(), target.y()};
  json::array points;
  points.push_back(std::move(point));
  SHOGO_CHECK_OK(stage.call("touch", {{"points", std::move(points)}, {"phase", phase}}));
  return {};
}

/// Not through the stage: the answer is a time and nothing else, and times are kept apart from what must be
/// equal for the same seed. The press event carries it.
Result<std::int64_t> device_clock(Stage& stage) {
  SHOGO_TRY(const json::value answer, stage.device().call("ping", {{"t", 0}}, kAnswerWait));
  const json::object* object = answer.if_object();
  const json::value* t_dev = object == nullptr ? nullptr : object->if_contains("t_dev");
  return t_dev != nullptr && t_dev->is_int64() ? t_dev->get_int64() : std::int64_t{0};
}

bool differ_within(const Image& a, const Image& b, const Box& box) {
  if (a.width != b.width || a.height != b.height) return true;
  for (int y = std::max(0, static_cast<int>(box.top)); y < std::min<double>(a.height, box.bottom); ++y)
    for (int x = std::max(0, static_cast<int>(box.left)); x < std::min<double>(a.width, box.right); ++x)
      if (!std::equal(a.at(x, y), a.at(x, y) + 3, b.at(x, y))) return true;
  return false;
}

Result<void> keep_crop(Stage& stage, std::string_view kind, const Target& target, const Image& frame) {
  const int left = std::clamp(static_cast<int>(std::floor(target.box.left)), 0, frame.width - 1);
  const int top = std::clamp(static_cast<int>(std::floor(target.box.top)), 0, frame.height - 1);
  const int right = std::clamp(static_cast<int>(std::ceil(target.box.right)), left + 1, frame.width);
  const int bottom = std::clamp(static_cast<int>(std::ceil(target.box.bottom)), top + 1, frame.height);
  Image crop{right - left, bottom - top, 3, {}};
  for (int y = top; y < bottom; ++y)
    append(crop.pixels, {frame.at(left, y), static_cast<std::size_t>(crop.width) * 3});
  SHOGO_TRY(Bytes png, Stage::ours(encode_png(crop)));
  stage.record(source::kDevice, kind, {{"key", target.key}}, fmt::format("{}_{}", kind, target.key), "png",
               std::move(png));
  return {};
}

/// Finger down, what it does to the screen, finger up.
Result<void> press(Stage& stage, const Target& target, const Screen& before) {
  SHOGO_CHECK_OK(keep_crop(stage, "key_before", target, before.frame.image));
  stage.note("ask_clock", {{"key", target.key}});
  SHOGO_TRY(const std::int64_t clock_before, device_clock(stage));
  Mark since = stage.mark();
  stage.note("finger_down", {{"key", target.key}, {"x", target.x()}, {"y", target.y()}});
  SHOGO_CHECK_OK(finger(stage, target, "down"));
  json::object told{{"key", target.key}, {"seen", false}, {"t_dev_before_ns", clock_before}};
  // A clock elsewhere on the page may tick meanwhile: only what happens at the key ends the wait.
  for (;;) {
    const auto frame = stage.frame_after(since, kRest);
    if (!frame.ok() && frame.error().code() != Code::kTimeout) return frame.error();
    if (!frame.ok()) break;
    if (differ_within(before.frame.image, frame->image, target.box)) {
      told["seen"] = true;
      told["t_seen_ns"] = frame->t_ns;
      told["t_dev_seen_ns"] = frame->t_dev_ns;
      break;
    }
    since = stage.mark();
  }
  SHOGO_TRY(const Screen during, record_screen(stage, "pressed " + target.key));
  SHOGO_CHECK_OK(keep_crop(stage, "key_pressed", target, during.frame.image));
  stage.record(source::kHarness, "press", std::move(told));
  return finger(stage, target, "up");
}

const UiNode* find_button(const UiTree& tree, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    for (const UiNode& node : tree.nodes)
      if (node.role == "button" && node.text == word) return &node;
  return nullptr;
}

/// Digits on the screen by count: every picture that is not the same as one before belongs to the evidence.
class AfterDigits {
 public:
  Result<void> record(Stage& stage, int digit, int count) {
    SHOGO_TRY(const Frame frame, stage.settled_frame());
    const std::string hash = sha256_hex(frame.image.pixels);
    json::object told{{"digit", digit}, {"count", count}, {"sha256", hash}};
    if (!seen_.insert(hash).second) {
      stage.record(source::kDevice, "after_digit", std::move(told));
      return {};
    }
    SHOGO_TRY(Bytes png, Stage::ours(encode_png(frame.image)));
    stage.record(source::kDevice, "after_digit", std::move(told), fmt::format("after_{}_digits", count),
                 "png", std::move(png));
    return {};
  }

 private:
  std::set<std::string> seen_;
};

}  // namespace

Result<void> press_every_key(Stage& stage) {
  SHOGO_TRY(const Screen page, stage.settled_screen());
  SHOGO_TRY(const Keypad keypad, find_keypad(page.frame.image));
  const UiNode* erase = find_button(page.tree, {"消す", "削除", "訂正", "Delete", "Clear"});
  if (erase == nullptr)
    return Error{Code::kNotFound, "the PIN page has no key that deletes a digit (消す, Delete, …)"};
  const Target delete_key{"delete", box_of(*erase)};
  const auto target_of = [&](int digit) { return Target{std::to_string(digit), keypad.digit(digit).box}; };
  AfterDigits after;
  SHOGO_CHECK_OK(after.record(stage, -1, 0));
  for (int digit = 0; digit < 10; ++digit) {
    SHOGO_TRY(const Screen before, stage.settled_screen());
    SHOGO_CHECK_OK(press(stage, target_of(digit), before));
    SHOGO_CHECK_OK(after.record(stage, digit, 1));
    if (digit == 0) {
      SHOGO_TRY(const Screen one, stage.settled_screen());
      SHOGO_CHECK_OK(press(stage, delete_key, one));
    } else {
      SHOGO_CHECK_OK(stage.touch(delete_key.x(), delete_key.y()));
    }
  }
  // Two PINs without a digit in common at the same place: what shows of one would not show of the other.
  // Three digits, for a device may send the fourth at once.
  constexpr int kUnfinished = 3;
  for (const bool rising : {true, false}) {
    for (int count = 1; count <= kUnfinished; ++count) {
      const int digit = rising ? count : 10 - count;
      SHOGO_CHECK_OK(stage.touch(target_of(digit).x(), target_of(digit).y()));
      SHOGO_CHECK_OK(after.record(stage, digit, count));
    }
    for (int count = 0; count < kUnfinished; ++count)
      SHOGO_CHECK_OK(stage.touch(delete_key.x(), delete_key.y()));
  }
  return {};
}

Result<void> press_done(Stage& stage) {
  SHOGO_TRY(const Screen before, stage.settled_screen());
  const UiNode* done = find_button(before.tree, {"確定", "完了", "決定", "OK", "Done", "Enter"});
  if (done == nullptr)
    return Error{Code::kNotFound, "the PIN page has no key that ends the entry (確定, Done, …)"};
  return press(stage, {"done", box_of(*done)}, before);
}

}  // namespace shogo::conformance
