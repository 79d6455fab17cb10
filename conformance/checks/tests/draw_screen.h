// Screens for judges' tests, drawn with OpenCV's own vector font: parts and words at known places in known
// colours, and the UI tree that a device would give of them.
#pragma once

#include "transcript_builder.h"
#include <cmath>
#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include <shogo/conformance/contrast.h>
#include <shogo/conformance/png.h>
#include <shogo/conformance/ui_tree.h>

namespace shogo::conformance {

/// The grey whose contrast with `ground` comes nearest to `ratio`.
inline Rgb grey_at(double ratio, Rgb ground = {255, 255, 255}) {
  Rgb best{};
  double distance = 1e9;
  for (int level = 0; level < 256; ++level) {
    const auto v = static_cast<std::uint8_t>(level);
    const double off = std::abs(contrast_ratio({v, v, v}, ground) - ratio);
    if (off < distance) distance = off, best = {v, v, v};
  }
  return best;
}

class ScreenDrawing {
 public:
  explicit ScreenDrawing(std::string state = "idle", std::string lang = "ja")
      : canvas_(1280, 800, CV_8UC3, cv::Scalar(255, 255, 255)) {
    tree_.state = tree_.screen_id = std::move(state);
    tree_.lang = std::move(lang);
  }
  /// Words of this height (of a capital, in pixels) with a node around them.
  ScreenDrawing& text(const std::string& words, int x, int y, int height, Rgb ink, bool told = true,
                      const std::string& id = "body") {
    put(words, x, y, height, ink);
    if (told)
      node(id, "text", words, {x - 6, y - 10, width(words, height) + 12, height + 20}, true, height / 0.7);
    return *this;
  }
  ScreenDrawing& button(const std::string& id, const std::string& words, cv::Rect box, Rgb outline, Rgb ink,
                        int height = 24, bool enabled = true, const std::string& seen_words = "") {
    cv::rectangle(canvas_, box, scalar(outline), cv::FILLED);
    cv::rectangle(canvas_, {box.x + 2, box.y + 2, box.width - 4, box.height - 4}, cv::Scalar(255, 255, 255),
                  cv::FILLED);
    const std::string& seen = seen_words.empty() ? words : seen_words;
    put(seen, box.x + (box.width - width(seen, height)) / 2, box.y + (box.height - height) / 2, height, ink);
    node(id, "button", words, box, enabled, height / 0.7);
    return *this;
  }
  /// What a font draws of a character that it does not have.
  ScreenDrawing& frame(cv::Rect box) {
    cv::rectangle(canvas_, box, cv::Scalar(58, 33, 22), 3);
    return *this;
  }
  /// The ten digit keys and delete and done, 3 x 4, from (x, y) on.
  ScreenDrawing& keypad(int x, int y, int digit_height, Rgb digit_ink, const std::string& erase = "Delete",
                        const std::string& done = "Done") {
    for (int i = 0; i < 12; ++i) {
      const cv::Rect box(x + i % 3 * 220, y + i / 3 * 150, 190, 120);
      const Rgb black{22, 33, 58};
      if (i == 9) {
        button("key_delete", erase, box, black, black);
      } else if (i == 11) {
        button("key_done", done, box, black, black);
      } else {
        const std::string digit = std::to_string(i == 10 ? 0 : i + 1);
        button("key_" + digit, digit, box, black, digit_ink, digit_height);
      }
    }
    return *this;
  }
  ScreenDrawing& node(const std::string& id, const std::string& role, const std::string& words, cv::Rect box,
                      bool enabled = true, double font_px = 0) {
    UiNode node;
    node.id = id;
    node.role = role;
    node.text = words;
    node.x = box.x, node.y = box.y, node.width = box.width, node.height = box.height;
    node.enabled = enabled;
    node.font_px = font_px;
    tree_.nodes.push_back(std::move(node));
    return *this;
  }
  void record(TranscriptBuilder& t, const std::string& moment = "") const {
    const Image image{canvas_.cols, canvas_.rows, 3, Bytes(canvas_.data, canvas_.data + canvas_.total() * 3)};
    t.file(source::kDevice, "screen", {{"moment", moment}, {"tree", to_json(tree_)}}, "screen", "png",
           *encode_png(image));
  }

 private:
  static cv::Scalar scalar(Rgb c) { return {double(c[0]), double(c[1]), double(c[2])}; }
  static int thickness(int height) { return std::max(2, height / 8); }
  static double scale(int height) { return height / 21.0; }
  static int width(const std::string& words, int height) {
    int base = 0;
    return cv::getTextSize(words, cv::FONT_HERSHEY_SIMPLEX, scale(height), thickness(height), &base).width;
  }
  void put(const std::string& words, int x, int y, int height, Rgb ink) {
    cv::putText(canvas_, words, {x, y + height}, cv::FONT_HERSHEY_SIMPLEX, scale(height), scalar(ink),
                thickness(height), cv::LINE_AA);
  }

  cv::Mat canvas_;
  UiTree tree_;
};

/// An 8-inch panel of 800 x 1280: 7.43 pixels a millimetre.
inline CheckContext screen_context(const std::string& clause) {
  CheckContext context = context_of(clause);
  context.device.panel_inches = 8;
  context.device.panel_width_px = 800;
  context.device.panel_height_px = 1280;
  return context;
}

}  // namespace shogo::conformance
