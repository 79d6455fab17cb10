#include <cassert>

#include <shogo/sim/yuv.h>

namespace shogo::sim {
namespace {

struct Rgb {
  int red = 0, green = 0, blue = 0;
  void add(const std::uint8_t* pixel) { red += pixel[0], green += pixel[1], blue += pixel[2]; }
};

// BT.601's weights times 2^16; `of` pixels were added up. Rounded; never leaves the range.
constexpr int kShift = 16;
std::uint8_t luma(const std::uint8_t* p) {
  return static_cast<std::uint8_t>((16829 * p[0] + 33039 * p[1] + 6416 * p[2] + (16 << kShift) + (1 << 15)) >>
                                   kShift);
}
std::uint8_t blueness(const Rgb& c, int of) {
  const int sum = -9714 * c.red - 19070 * c.green + 28784 * c.blue;
  return static_cast<std::uint8_t>((sum / of + (128 << kShift) + (1 << 15)) >> kShift);
}
std::uint8_t redness(const Rgb& c, int of) {
  const int sum = 28784 * c.red - 24103 * c.green - 4681 * c.blue;
  return static_cast<std::uint8_t>((sum / of + (128 << kShift) + (1 << 15)) >> kShift);
}

}  // namespace

Bytes to_yuv420(const Image& image) {
  assert(image.valid() && image.channels == 3 && image.width % 2 == 0 && image.height % 2 == 0);
  const auto pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  Bytes out;
  out.reserve(pixels * 3 / 2);
  for (std::size_t i = 0; i < pixels; ++i) out.push_back(luma(&image.pixels[3 * i]));
  for (const auto& chroma : {blueness, redness})
    for (int y = 0; y < image.height; y += 2)
      for (int x = 0; x < image.width; x += 2) {
        Rgb sum;
        for (const int dy : {0, 1})
          for (const int dx : {0, 1}) sum.add(image.at(x + dx, y + dy));
        out.push_back(chroma(sum, 4));
      }
  return out;
}

Bytes to_yuyv(const Image& image) {
  assert(image.valid() && image.channels == 3 && image.width % 2 == 0);
  Bytes out;
  out.reserve(image.pixels.size() / 3 * 2);
  for (std::size_t i = 0; i + 5 < image.pixels.size(); i += 6) {
    const std::uint8_t *left = &image.pixels[i], *right = left + 3;
    Rgb sum;
    sum.add(left);
    sum.add(right);
    out.push_back(luma(left));
    out.push_back(blueness(sum, 2));
    out.push_back(luma(right));
    out.push_back(redness(sum, 2));
  }
  return out;
}

}  // namespace shogo::sim
