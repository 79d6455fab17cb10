// 3-10.h and 3-10.i: the screen keypad, measured in the pixels of the running device's PIN page.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <cmath>

#include <fmt/core.h>

#include <shogo/conformance/keypad.h>
#include <shogo/conformance/png.h>
#include <shogo/conformance/settle.h>

namespace shogo::conformance {
namespace {

constexpr const char* kFrameName = "pin_page";
/// How far a key of the UI tree may lie from the one in the pixels before we say that the two contradict each
/// other.
constexpr double kTreeTolerance_px = 3.0;

struct Measured {
  Keypad keypad;
  int frame_width = 0;
  int frame_height = 0;
};

Result<Measured> measure(const Transcript& transcript) {
  for (const Event& event : transcript.events()) {
    if (event.source != source::kDevice || event.kind != "frame" || text_of(event.data, "name") != kFrameName)
      continue;
    const Bytes* png = transcript.blob(event.blob);
    if (png == nullptr) return Error{Code::kNotFound, "the frame of the PIN page is not in the evidence"};
    SHOGO_TRY(const Image image, decode_png(*png));
    SHOGO_TRY(Keypad keypad, find_keypad(image));
    return Measured{std::move(keypad), image.width, image.height};
  }
  return Error{Code::kNotFound, "no frame of the PIN page was recorded"};
}

Judgement not_measured(const Error& error) {
  return inconclusive(Reason::kControlFailed,
                      fmt::format("no keypad could be measured: {}", error.describe()),
                      "画面からテンキーを測定できなかった");
}

/// The UI tree is the device's own word: it never decides, but a contradiction must not go unseen.
std::string disagreement(const Transcript& transcript, const Keypad& keypad) {
  for (const Event* event : transcript.select(source::kHarness, "ui_keys")) {
    for (int d = 0; d < 10; ++d) {
      const boost::json::value* bounds = event->data.if_contains(std::to_string(d));
      if (bounds == nullptr || !bounds->is_array() || bounds->get_array().size() != 4) continue;
      const auto& b = bounds->get_array();
      boost::json::error_code ec;
      const double x = b[0].to_number<double>(ec);
      const double width = b[2].to_number<double>(ec);
      const Box& box = keypad.digit(d).box;
      if (std::abs(x - box.left) > kTreeTolerance_px || std::abs(width - box.width()) > kTreeTolerance_px)
        return fmt::format("; the device's UI tree places key {} elsewhere than its pixels do", d);
    }
  }
  return "";
}

}  // namespace

Result<void> stimulate_keypad_geometry(Stage& stage) {
  SHOGO_CHECK_OK(go_to_pin(stage, sim::Patient::kValid));
  SHOGO_CHECK_OK(stage.keep_frame(kFrameName));
  // 3-10.i wants the scale measured on the panel (P). A simulated panel is what its profile says, provided
  // the device agrees.
  const auto panel = stage.world().simulated_panel();
  const Hello& hello = stage.hello();
  if (panel && panel->inches == hello.panel_inches && panel->width_px == hello.panel_width_px &&
      panel->height_px == hello.panel_height_px)
    stage.record(source::kHarness, ending::kPersonPartKnown,
                 {{"text", "simulated panel"},
                  {"inches", panel->inches},
                  {"width_px", panel->width_px},
                  {"height_px", panel->height_px}});
  if (const auto tree = stage.ui_tree(); tree.ok()) {
    boost::json::object keys;
    for (const UiNode& node : tree->nodes) {
      if (node.text.size() == 1 && node.text[0] >= '0' && node.text[0] <= '9')
        keys[node.text] = boost::json::array{node.x, node.y, node.width, node.height};
    }
    stage.record(source::kHarness, "ui_keys", std::move(keys));
  }
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_keypad_grid(const Transcript& transcript, const CheckContext& context) {
  const auto columns = static_cast<int>(context.number("keypad_columns"));
  const auto rows = static_cast<int>(context.number("keypad_rows"));
  const auto measured = measure(transcript);
  if (!measured.ok()) return not_measured(measured.error());
  const Keypad& keypad = measured->keypad;
  const std::string remark = disagreement(transcript, keypad);
  Judgement judgement =
      keypad.columns() == columns && keypad.rows() == rows
          ? pass(fmt::format("the digit keys form {} columns and {} rows{}", columns, rows, remark),
                 fmt::format("数字キーは{}列×{}行に並ぶ", columns, rows))
          : fail(fmt::format("the digit keys form {} columns and {} rows instead of {} and {}{}",
                             keypad.columns(), keypad.rows(), columns, rows, remark),
                 fmt::format("数字キーは{}列×{}行に並ぶ（要件は{}列×{}行）", keypad.columns(), keypad.rows(),
                             columns, rows));
  judgement.measurements = {
      {"keypad_columns", static_cast<double>(keypad.columns()), "count", fmt::format("= {}", columns), 1},
      {"keypad_rows", static_cast<double>(keypad.rows()), "count", fmt::format("= {}", rows), 1}};
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_keypad_size(const Transcript& transcript, const CheckContext& context) {
  const auto measured = measure(transcript);
  if (!measured.ok()) return not_measured(measured.error());
  const Hello& device = context.device;
  if (device.panel_inches <= 0 || device.panel_width_px <= 0 || device.panel_height_px <= 0)
    return inconclusive(Reason::kNoChannel,
                        "the device declares no panel size, so pixels have no millimetres",
                        "表示部の寸法が申告されておらず、画素をmmに換算できない");
  if (measured->frame_width != device.panel_width_px || measured->frame_height != device.panel_height_px)
    return inconclusive(
        Reason::kControlFailed,
        fmt::format("frames have {}x{} pixels, the panel {}x{}: the scale is unknown", measured->frame_width,
                    measured->frame_height, device.panel_width_px, device.panel_height_px),
        "画面画像と表示部の画素数が一致せず、縮尺が分からない");
  const Keypad& keypad = measured->keypad;
  const double mm_per_px =
      device.panel_inches * 25.4 / std::hypot(device.panel_width_px, device.panel_height_px);
  const double edge_mm = 2 * kEdgeUncertainty_px * mm_per_px;  // a length lies between two edges
  double width = 1e9;
  double height = 1e9;
  for (const Key& key : keypad.keys) {
    width = std::min(width, key.box.width() * mm_per_px);
    height = std::min(height, key.box.height() * mm_per_px);
  }
  const double gap = keypad.smallest_gap() * mm_per_px;
  const double width_min = context.number("key_width_min");
  const double height_min = context.number("key_height_min");
  const double gap_min = context.number("key_gap_min");

  // Passes only when even the unluckiest edge keeps the limit, fails only when even the luckiest breaks it.
  const bool kept =
      width - edge_mm >= width_min && height - edge_mm >= height_min && gap - edge_mm >= gap_min;
  const bool broken = width + edge_mm < width_min || height + edge_mm < height_min || gap + edge_mm < gap_min;
  const std::string numbers_en =
      fmt::format("smallest key {:.2f} x {:.2f} mm, smallest gap {:.2f} mm (±{:.2f} mm) over {} keys{}",
                  width, height, gap, edge_mm, keypad.keys.size(), disagreement(transcript, keypad));
  const std::string numbers_ja =
      fmt::format("最小のキー{:.2f}×{:.2f} mm、最小の間隔{:.2f} mm（±{:.2f} mm、{}キー）", width, height, gap,
                  edge_mm, keypad.keys.size());
  Judgement judgement =
      kept     ? pass(numbers_en, numbers_ja)
      : broken ? fail(numbers_en, numbers_ja)
               : inconclusive(Reason::kPartial, numbers_en + ": within the uncertainty of the limit",
                              numbers_ja + "：限度値との差が測定の不確かさより小さい");
  const auto n = static_cast<std::int64_t>(keypad.keys.size());
  judgement.measurements = {{"key_width", width, "mm", fmt::format(">= {:.1f}", width_min), n},
                            {"key_height", height, "mm", fmt::format(">= {:.1f}", height_min), n},
                            {"key_gap", gap, "mm", fmt::format(">= {:.1f}", gap_min), n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
