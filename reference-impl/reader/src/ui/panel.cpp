#include "ui/panel.h"

#include "resources.h"
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {

double Panel::px_per_mm() const {
  return std::hypot(width_px, height_px) / (inches * 25.4);
}

Result<Panel> load_panel(std::string_view name) {
  if (std::find(std::begin(kPanelNames), std::end(kPanelNames), name) == std::end(kPanelNames))
    return Error{Code::kNotFound,
                 fmt::format("no panel profile \"{}\"; there are panel-8-portrait, panel-7-landscape, "
                             "panel-5-landscape and panel-8-two-areas",
                             name)};
  const std::string file = std::string(name) + ".json";
  SHOGO_TRY(const json::value document, parse_json(resource(file), file));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, file));
  Panel panel;
  SHOGO_TRY(panel.name, object.string("name"));
  SHOGO_TRY(panel.inches, object.number("inches"));
  SHOGO_TRY(const std::int64_t width, object.integer("width_px"));
  SHOGO_TRY(const std::int64_t height, object.integer("height_px"));
  panel.width_px = static_cast<int>(width);
  panel.height_px = static_cast<int>(height);
  SHOGO_TRY(const std::string arrangement, object.string("arrangement"));
  panel.landscape = arrangement == "landscape";
  if (!object.missing("phone_area")) {
    SHOGO_TRY(panel.phone_area, object.string("phone_area"));
    if (panel.phone_area != "same" && panel.phone_area != "right")
      return Error{Code::kInvalid, fmt::format("{}: \"phone_area\" must be same or right", file)};
  }
  SHOGO_TRY(panel.margin_mm, object.number("margin_mm"));
  SHOGO_TRY(panel.header_mm, object.number("header_mm"));
  SHOGO_TRY(panel.footer_mm, object.number("footer_mm"));
  SHOGO_TRY(panel.title_mm, object.number("title_mm"));
  SHOGO_TRY(panel.body_mm, object.number("body_mm"));
  SHOGO_TRY(panel.note_mm, object.number("note_mm"));
  SHOGO_TRY(panel.digit_mm, object.number("digit_mm"));
  SHOGO_TRY(panel.key_width_mm, object.number("key_width_mm"));
  SHOGO_TRY(panel.key_height_mm, object.number("key_height_mm"));
  SHOGO_TRY(panel.key_gap_mm, object.number("key_gap_mm"));
  return panel;
}

}  // namespace shogo::reader
