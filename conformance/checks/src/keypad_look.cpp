// 3-10.j, .k, .l and 1-18.c: the keys of the screen keypad as they look, as they answer a finger, and what
// they keep to themselves. All from the pixels of the screen walk's PIN pages.
#include "card_trace.h"
#include "checks.h"
#include "screen_record.h"
#include "whole_script.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/contrast.h>
#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

constexpr double kMmPerPoint = 25.4 / 72;
/// Figures and capital letters are this high for each em of type: what is seen tells the type size.
constexpr double kFigurePerEm = 0.70;
constexpr double kLarge_pt = 18, kLargeIfBold_pt = 14;
constexpr double kKeyBorder_mm = 1.0;

enum class Finding { kGood, kBad, kOpen };

/// 4.5:1, or 3:1 where the type is large. Bold type counts as large from 14 points on, but pixels alone do
/// not tell it with certainty: then the answer stays open.
Finding judge_ink(const InkReading& ink, double scale, double limit, double large_limit) {
  if (ink.contrast >= limit) return Finding::kGood;
  if (ink.thin) return Finding::kOpen;
  if (ink.contrast < large_limit) return Finding::kBad;
  if (scale <= 0) return Finding::kOpen;
  const double points = ink.tallest_line() / kFigurePerEm / scale / kMmPerPoint;
  return points >= kLarge_pt ? Finding::kGood : points >= kLargeIfBold_pt ? Finding::kOpen : Finding::kBad;
}

std::optional<InkReading> legend_of(const Image& image, const Box& key, double scale) {
  const double inset = std::max(2.0, kKeyBorder_mm * scale);
  return read_ink(image, {key.left + inset, key.top + inset, key.right - inset, key.bottom - inset});
}

bool is_pin_page(const RecordedScreen& screen) {
  return screen.tree.state == "pin";
}
bool is_pressed(const RecordedScreen& screen) {
  return screen.moment.rfind("pressed", 0) == 0;
}

std::string joined(const std::vector<std::string>& parts) {
  constexpr std::size_t kMost = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(parts.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + parts[i];
  return parts.size() > kMost ? fmt::format("{} and {} more", text, parts.size() - kMost) : text;
}

Judgement no_pin_page() {
  return inconclusive(Reason::kControlFailed, "no PIN page with a keypad was recorded",
                      "テンキーのある暗証番号画面が記録されていない");
}

/// `bad` fails, `open` leaves undecided, else `good` passes.
Judgement verdict_of(const std::vector<std::string>& bad, const std::vector<std::string>& open,
                     const std::string& good, const std::string& good_ja) {
  if (!bad.empty()) return fail(joined(bad), fmt::format("不足: {}", joined(bad)));
  if (!open.empty())
    return inconclusive(Reason::kPartial, "undecided: " + joined(open), "判定できない: " + joined(open));
  return pass(good, good_ja);
}

}  // namespace

Judgement judge_digit_contrast(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("digit_contrast_min");
  const double large_limit = context.number("large_digit_contrast_min");
  const double scale = px_per_mm(context.device);
  int unreadable = 0;
  std::vector<std::string> bad, open;
  double worst = 21;
  std::int64_t n = 0;
  for (const RecordedScreen& screen : screens_of(transcript, unreadable)) {
    if (!is_pin_page(screen) || is_pressed(screen)) continue;
    const auto keypad = find_keypad(screen.image);
    if (!keypad.ok()) {
      open.push_back(fmt::format("{}: {}", screen.name(), keypad.error().message()));
      continue;
    }
    for (int digit = 0; digit < 10; ++digit) {
      const std::string name = fmt::format("{} key {}", screen.name(), digit);
      const auto ink = legend_of(screen.image, keypad->digit(digit).box, scale);
      if (!ink) {
        open.push_back(name);
        continue;
      }
      ++n;
      worst = std::min(worst, ink->contrast);
      const Finding finding = judge_ink(*ink, scale, limit, large_limit);
      if (finding == Finding::kBad) bad.push_back(fmt::format("{} {:.2f}:1", name, ink->contrast));
      if (finding == Finding::kOpen) open.push_back(fmt::format("{} {:.2f}:1", name, ink->contrast));
    }
  }
  if (n == 0 && bad.empty()) return no_pin_page();
  Judgement judgement =
      verdict_of(bad, open, fmt::format("{} digits on keys, the faintest {:.2f}:1", n, worst),
                 fmt::format("キーの数字{}個、最小コントラストは{:.2f}:1", n, worst));
  judgement.measurements = {
      {"digit_contrast_min", worst, "ratio", fmt::format(">= {} (large >= {})", limit, large_limit), n}};
  return only_if_whole(std::move(judgement), transcript);
}

namespace {

struct Press {
  bool pressed = false, changed = false;
  double latency_ms = 0;  ///< at most
  double slack_ms = 0;    ///< of which so much may be the touch's way to the device
};

/// A colour change that a person sees: a twentieth of the key by a twentieth of the scale.
bool changed(const Image& before, const Image& after) {
  constexpr int kLevels = 12;
  constexpr double kShare = 0.05;
  if (before.width != after.width || before.height != after.height) return false;
  std::size_t count = 0;
  for (std::size_t i = 0; i + 2 < before.pixels.size(); i += 3) {
    int most = 0;
    for (std::size_t c = 0; c < 3; ++c)
      most = std::max(most, std::abs(int{before.pixels[i + c]} - int{after.pixels[i + c]}));
    count += most > kLevels ? 1 : 0;
  }
  return static_cast<double>(count) * 3 > kShare * static_cast<double>(before.pixels.size());
}

std::map<std::string, Press> presses_of(const Transcript& transcript) {
  std::map<std::string, Press> presses;
  std::map<std::string, Image> before, pressed;
  std::map<std::string, std::int64_t> asked, down;
  for (const Event& event : transcript.events()) {
    const std::string key = text_of(event.data, "key");
    if (event.source == source::kStimulus && event.kind == "ask_clock") asked[key] = event.t_ns;
    if (event.source == source::kStimulus && event.kind == "finger_down") down[key] = event.t_ns;
    if (event.source == source::kDevice && (event.kind == "key_before" || event.kind == "key_pressed")) {
      const Bytes* png = transcript.blob(event.blob);
      auto image = png == nullptr ? Result<Image>(Error{Code::kNotFound, ""}) : decode_png(*png);
      if (image.ok()) (event.kind == "key_before" ? before : pressed)[key] = *std::move(image);
    }
    if (event.source != source::kHarness || event.kind != "press") continue;
    Press& press = presses[key];
    press.pressed = down.count(key) > 0 && before.count(key) > 0 && pressed.count(key) > 0;
    const boost::json::value* seen = event.data.if_contains("seen");
    if (!press.pressed || seen == nullptr || *seen != true) continue;
    press.changed = changed(before[key], pressed[key]);
    const double way = static_cast<double>(down[key] - asked[key]);
    const double here = static_cast<double>(integer_of(event.data, "t_seen_ns", 0) - down[key]);
    const std::int64_t t_dev = integer_of(event.data, "t_dev_before_ns", 0);
    const std::int64_t t_dev_seen = integer_of(event.data, "t_dev_seen_ns", 0);
    // Both clocks give an upper bound: ours with the frame's way back, the device's from a moment before the
    // finger came down. The bench's own needs nobody's word.
    const double there =
        t_dev > 0 && t_dev_seen > t_dev ? static_cast<double>(t_dev_seen - t_dev) : std::max(here, 0.0);
    press.latency_ms = std::min(std::max(here, 0.0), there) / 1e6;
    press.slack_ms = 2 * way / 1e6;
  }
  return presses;
}

}  // namespace

Judgement judge_key_feedback(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("feedback_latency_max");
  const auto presses = presses_of(transcript);
  std::vector<std::string> silent, slow, open;
  double worst = 0;
  std::int64_t n = 0;
  int digits = 0;
  for (const auto& [key, press] : presses) {
    if (!press.pressed) {
      open.push_back("key " + key);
      continue;
    }
    ++n;
    digits += key.size() == 1 ? 1 : 0;
    if (!press.changed) {
      silent.push_back("key " + key);
      continue;
    }
    worst = std::max(worst, press.latency_ms);
    const std::string told = fmt::format("key {} {:.0f} ms", key, press.latency_ms);
    if (press.latency_ms - press.slack_ms > limit)
      slow.push_back(told);
    else if (press.latency_ms > limit)
      open.push_back(told);
  }
  Judgement judgement;
  const auto n_silent = static_cast<std::int64_t>(silent.size());
  if (n > 0 && n_silent == n) {
    // A sound would do as well, and this bench cannot hear one.
    judgement =
        inconclusive(Reason::kNoChannel,
                     "no key changes when it is touched; a sound would be allowed, but there is no audio "
                     "channel to hear it",
                     "どのキーも触れたときに変化しない。音でもよいが、音声を聞く手段がない");
  } else if (!silent.empty() || !slow.empty()) {
    judgement =
        fail(fmt::format("{} of {} keys do not answer a touch: {}{}{}", silent.size() + slow.size(), n,
                         joined(silent), silent.empty() || slow.empty() ? "" : "; too late: ", joined(slow)),
             fmt::format("{}個のキーのうち{}個が応答しない、または遅い：{} {}", n,
                         silent.size() + slow.size(), joined(silent), joined(slow)));
  } else if (digits < 10 || presses.count("delete") == 0 || presses.count("done") == 0) {
    judgement = inconclusive(Reason::kControlFailed, fmt::format("only {} keys were pressed", n),
                             fmt::format("押せたキーは{}個だけである", n));
  } else if (!open.empty()) {
    judgement = inconclusive(Reason::kPartial, "too close to the limit for this connection: " + joined(open),
                             "この接続では限界に近く判定できない: " + joined(open));
  } else {
    judgement = pass(fmt::format("each of {} keys changes colour, the slowest within {:.0f} ms", n, worst),
                     fmt::format("{}個のキーすべてが{:.0f} ms以内に色を変える", n, worst));
  }
  judgement.measurements = {{"feedback_latency_max", worst, "ms", fmt::format("<= {} ms", limit), n},
                            {"keys_without_feedback", static_cast<double>(silent.size()), "count", "= 0", n}};
  return only_if_whole(std::move(judgement), transcript);
}

namespace {

struct AuxiliaryKey {
  std::string_view name;
  std::initializer_list<std::string_view> words, ids;
};
const AuxiliaryKey kAuxiliary[] = {
    {"delete", {"消す", "削除", "訂正", "Delete", "Clear"}, {"delete", "erase", "clear"}},
    {"done", {"確定", "完了", "決定", "OK", "Done", "Enter"}, {"done", "enter", "ok"}},
};

const UiNode* find_auxiliary(const UiTree& tree, const AuxiliaryKey& key) {
  for (const UiNode& node : tree.nodes) {
    if (node.role != "button") continue;
    for (const std::string_view word : key.words)
      if (node.text == word) return &node;
    for (const std::string_view id : key.ids)
      if (node.id == id || node.id == "key_" + std::string(id)) return &node;
  }
  return nullptr;
}

/// Letters, kana or ideographs: a symbol alone is no text.
bool has_letter(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') || u >= 0xE3;
  });
}

Bytes pixels_within(const Image& image, const UiNode& node) {
  Bytes pixels;
  for (int y = std::max(0, node.y); y < std::min(image.height, node.y + node.height); ++y)
    for (int x = std::max(0, node.x); x < std::min(image.width, node.x + node.width); ++x)
      append(pixels, {image.at(x, y), 3});
  return pixels;
}

}  // namespace

Judgement judge_auxiliary_labels(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("label_contrast_min");
  const double large_limit = context.number("large_label_contrast_min");
  const double scale = px_per_mm(context.device);
  int unreadable = 0;
  std::vector<std::string> bad, open;
  std::int64_t n = 0;
  double worst = 21;
  std::set<std::string> languages;
  // By key and moment, what its place looks like under which words: a word that changes must be seen to.
  std::map<std::string, std::map<std::string, Bytes>> looks;
  for (const RecordedScreen& screen : screens_of(transcript, unreadable)) {
    if (!is_pin_page(screen) || is_pressed(screen)) continue;
    languages.insert(screen.tree.lang);
    for (const AuxiliaryKey& key : kAuxiliary) {
      const std::string name = fmt::format("{} {}", screen.name(), key.name);
      const UiNode* node = find_auxiliary(screen.tree, key);
      if (node == nullptr) {
        bad.push_back(name + ": not there");
        continue;
      }
      ++n;
      const auto ink = legend_of(screen.image, box_of(*node), scale);
      if (!has_letter(node->text) || !ink) {
        bad.push_back(name + ": no text label");
        continue;
      }
      looks[fmt::format("{} {}", key.name, screen.moment)][node->text] = pixels_within(screen.image, *node);
      if (!node->enabled) continue;
      worst = std::min(worst, ink->contrast);
      const Finding finding = judge_ink(*ink, scale, limit, large_limit);
      if (finding == Finding::kBad) bad.push_back(fmt::format("{} {:.2f}:1", name, ink->contrast));
      if (finding == Finding::kOpen) open.push_back(fmt::format("{} {:.2f}:1", name, ink->contrast));
    }
  }
  bool compared = false;
  for (const auto& [name, by_word] : looks) {
    std::set<Bytes> pictures;
    for (const auto& [word, pixels] : by_word) pictures.insert(pixels);
    compared = compared || by_word.size() > 1;
    if (pictures.size() < by_word.size())
      bad.push_back(
          fmt::format("{}: the UI tree tells of another word in each language, but the same picture is "
                      "seen: a sign, no text",
                      name));
  }
  if (n == 0) return no_pin_page();
  if (!compared)
    open.emplace_back("labels in one language only, so nobody read them but the device's UI tree");
  Judgement judgement = verdict_of(
      bad, open,
      fmt::format("delete and done carry a word in each of {} languages and in every state ({} labels, the "
                  "faintest {:.2f}:1)",
                  languages.size(), n, worst),
      fmt::format("削除・確定キーは{}言語・全状態で文字のラベルを持つ（{}個、最小{:.2f}:1）",
                  languages.size(), n, worst));
  judgement.measurements = {
      {"label_contrast_min", worst, "ratio", fmt::format(">= {} (large >= {})", limit, large_limit), n}};
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_pin_unseen(const Transcript& transcript, const CheckContext&) {
  std::map<std::int64_t, std::set<std::string>> pictures;
  std::map<std::int64_t, std::set<std::int64_t>> digits;
  std::int64_t n = 0;
  for (const Event* event : transcript.select(source::kDevice, "after_digit")) {
    const std::int64_t count = integer_of(event->data, "count", -1);
    pictures[count].insert(text_of(event->data, "sha256"));
    digits[count].insert(integer_of(event->data, "digit", -1));
    ++n;
  }
  std::vector<std::string> bad;
  std::set<std::string> all;
  std::size_t counts = 0;
  for (const auto& [count, hashes] : pictures) {
    if (hashes.size() > 1)
      bad.push_back(fmt::format("after {} digits {} different pictures for {} different digits", count,
                                hashes.size(), digits[count].size()));
    all.insert(hashes.begin(), hashes.end());
    counts += hashes.size() == 1 ? 1 : 0;
  }
  Judgement judgement;
  if (!bad.empty()) {
    judgement = fail("the screen tells PINs apart: " + joined(bad),
                     fmt::format("画面から数字の違いが分かる：{}", joined(bad)));
  } else if (digits[1].size() < 10 || digits[2].size() < 2 || digits[3].size() < 2 || all.size() < counts) {
    // Equal pictures for every count would be a screen that stands still.
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} pictures of entries, {} different ones: too few to compare", n, all.size()),
        fmt::format("入力中の画面は{}枚（異なるもの{}枚）で、比較に足りない", n, all.size()));
  } else {
    judgement = pass(fmt::format("{} pictures: the same for every digit, another for every count of dots", n),
                     fmt::format("{}枚の画面は、伏せ字の数が同じならどの数字でも一致する", n));
  }
  judgement.measurements = {{"pictures_by_count", static_cast<double>(all.size()), "count",
                             fmt::format("= {}", pictures.size()), n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
