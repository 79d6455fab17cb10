#include "camera/camera_view.h"

#include <algorithm>
#include <cmath>

namespace shogo::reader {
namespace {

struct Place {
  int left, top, width, height;
};

/// The largest place in `box` with the picture's proportions, in whole pixels of the frame.
Place place_in(const Rect& box, const Image& frame, const Image& picture) {
  const int left = std::clamp(static_cast<int>(std::ceil(box.x)), 0, frame.width);
  const int top = std::clamp(static_cast<int>(std::ceil(box.y)), 0, frame.height);
  const int room_w = std::clamp(static_cast<int>(std::floor(box.x + box.w)), left, frame.width) - left;
  const int room_h = std::clamp(static_cast<int>(std::floor(box.y + box.h)), top, frame.height) - top;
  const double scale =
      std::min(static_cast<double>(room_w) / picture.width, static_cast<double>(room_h) / picture.height);
  const int width = std::clamp(static_cast<int>(picture.width * scale), 0, room_w);
  const int height = std::clamp(static_cast<int>(picture.height * scale), 0, room_h);
  return {left + (room_w - width) / 2, top + (room_h - height) / 2, width, height};
}

}  // namespace

void paint_camera_view(Page& page, const Image& picture) {
  const auto node = std::find_if(page.nodes.begin(), page.nodes.end(),
                                 [](const Node& one) { return one.id == "camera_view"; });
  if (node == page.nodes.end() || !picture.valid() || !page.frame.valid() || page.frame.channels != 3) return;
  const Place place = place_in(node->box, page.frame, picture);
  for (int y = 0; y < place.height; ++y) {
    std::uint8_t* to = page.frame.pixels.data() +
                       (static_cast<std::size_t>(place.top + y) * static_cast<std::size_t>(page.frame.width) +
                        static_cast<std::size_t>(place.left)) *
                           3;
    const int from_y = static_cast<int>(std::int64_t{y} * picture.height / place.height);
    for (int x = 0; x < place.width; ++x, to += 3) {
      const int from_x = picture.width - 1 - static_cast<int>(std::int64_t{x} * picture.width / place.width);
      const std::uint8_t* from = picture.at(from_x, from_y);
      for (int c = 0; c < 3; ++c) to[c] = from[picture.channels == 1 ? 0 : c];
    }
  }
}

}  // namespace shogo::reader
