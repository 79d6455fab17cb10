// Panel profile: the one place where millimetres become pixels.
#pragma once

#include <string>
#include <string_view>

#include <shogo/base/result.h>

namespace shogo::reader {

struct Panel {
  std::string name;
  double inches = 0;
  int width_px = 0;
  int height_px = 0;
  bool landscape = false;
  /// Where a phone is held (1-8.k): "same" as a card, or "right": at a sign of its own beside the screen.
  std::string phone_area = "same";
  double margin_mm = 0, header_mm = 0, footer_mm = 0, title_mm = 0, body_mm = 0, note_mm = 0, digit_mm = 0;
  double key_width_mm = 0, key_height_mm = 0, key_gap_mm = 0;

  [[nodiscard]] double px_per_mm() const;
  [[nodiscard]] double px(double mm) const { return mm * px_per_mm(); }
};

inline constexpr std::string_view kPanelNames[] = {"panel-8-portrait", "panel-7-landscape",
                                                   "panel-5-landscape", "panel-8-two-areas"};
[[nodiscard]] Result<Panel> load_panel(std::string_view name);

}  // namespace shogo::reader
