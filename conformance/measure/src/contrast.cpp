// How ink stands out from its ground.
#include <algorithm>
#include <cmath>
#include <map>

#include <opencv2/imgproc.hpp>

#include <shogo/conformance/contrast.h>

namespace shogo::conformance {
namespace {

/// Levels of 255 by which a pixel must differ from its ground to be ink at all.
constexpr int kNoticeable = 12;
/// Levels within which the four pixels of a block count as one colour.
constexpr int kSame = 4;
/// Levels by which a block's colour may fall short of the strongest pixels and still be the ink itself.
constexpr int kUnmixed = 2;
constexpr double kGroundShare = 1.0 / 3;
constexpr double kInkShare = 0.1;
constexpr int kFewestBlocks = 4;
/// Lines closer than this share of their height are one: the two strokes of ニ.
constexpr double kLineGap = 0.25;
/// A plate (the dark square behind the figure of a key legend): solid, no smaller than this, with ink of its
/// own.
constexpr int kSmallestPlate_px = 10;
constexpr double kPlateSolid = 0.6, kSignShare = 0.01;

double linear(std::uint8_t level) {
  const double v = level / 255.0;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

int difference(const Rgb& a, const Rgb& b) {
  int most = 0;
  for (std::size_t i = 0; i < 3; ++i) most = std::max(most, std::abs(int{a[i]} - int{b[i]}));
  return most;
}

Rgb at(const Image& image, int x, int y) {
  const std::uint8_t* p = image.at(x, y);
  return {p[0], p[1], p[2]};
}

struct Region {
  int left, top, right, bottom;
  [[nodiscard]] int area() const { return (right - left) * (bottom - top); }
};

std::optional<Region> pixels_of(const Image& rgb, const Box& box) {
  if (!rgb.valid() || rgb.channels != 3) return std::nullopt;
  const Region region{std::max(0, static_cast<int>(std::floor(box.left))),
                      std::max(0, static_cast<int>(std::floor(box.top))),
                      std::min(rgb.width, static_cast<int>(std::ceil(box.right))),
                      std::min(rgb.height, static_cast<int>(std::ceil(box.bottom)))};
  if (region.right - region.left < 4 || region.bottom - region.top < 4) return std::nullopt;
  return region;
}

using Counts = std::map<Rgb, int>;

Rgb commonest(const Counts& counts) {
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::optional<Rgb> ground_of(const Image& rgb, const Region& region) {
  Counts counts;
  for (int y = region.top; y < region.bottom; ++y) {
    // Most of a screen is runs of one colour: one look-up a run.
    for (int x = region.left; x < region.right;) {
      const Rgb colour = at(rgb, x, y);
      const int from = x;
      while (x < region.right && at(rgb, x, y) == colour) ++x;
      counts[colour] += x - from;
    }
  }
  const Rgb ground = commonest(counts);
  if (counts[ground] < kGroundShare * region.area()) return std::nullopt;
  return ground;
}

/// Colours that fill whole blocks, by the number of blocks.
Counts blocks_of(const Image& rgb, const Region& region, const Rgb& ground) {
  Counts blocks;
  for (int y = region.top; y + 1 < region.bottom; ++y) {
    for (int x = region.left; x + 1 < region.right; ++x) {
      const Rgb colour = at(rgb, x, y);
      if (difference(colour, ground) <= kNoticeable) continue;
      if (difference(colour, at(rgb, x + 1, y)) <= kSame && difference(colour, at(rgb, x, y + 1)) <= kSame &&
          difference(colour, at(rgb, x + 1, y + 1)) <= kSame)
        ++blocks[colour];
    }
  }
  return blocks;
}

struct Ink {
  Rgb colour;
  bool thin;
};

std::optional<Ink> strongest_pixels(const Image& rgb, const Region& region, const Rgb& ground) {
  std::vector<Rgb> inked;
  for (int y = region.top; y < region.bottom; ++y)
    for (int x = region.left; x < region.right; ++x)
      if (difference(at(rgb, x, y), ground) > kNoticeable) inked.push_back(at(rgb, x, y));
  if (inked.size() < 3) return std::nullopt;
  // Not the very strongest, which may be a speck.
  const auto third = inked.begin() + 2;
  std::nth_element(inked.begin(), third, inked.end(), [&](const Rgb& a, const Rgb& b) {
    return contrast_ratio(a, ground) > contrast_ratio(b, ground);
  });
  return Ink{*third, true};
}

/// The faintest colour that makes up its share of the region's ink. What lies within a few levels counts as
/// one, and the strongest of it is its colour: blocks that a stroke covers almost are among them.
std::optional<Ink> ink_of(const Image& rgb, const Region& region, const Rgb& ground) {
  Counts left = blocks_of(rgb, region, ground);
  int all = 0;
  for (const auto& [colour, count] : left) all += count;
  std::optional<Ink> faintest;
  Rgb strongest_block = ground;
  for (const auto& [colour, count] : left)
    if (contrast_ratio(colour, ground) > contrast_ratio(strongest_block, ground)) strongest_block = colour;
  while (!left.empty()) {
    const Rgb middle = commonest(left);
    Rgb colour = middle;
    int count = 0;
    for (auto other = left.begin(); other != left.end();) {
      const bool near = difference(other->first, middle) <= 2 * kSame;
      count += near ? other->second : 0;
      if (near && contrast_ratio(other->first, ground) > contrast_ratio(colour, ground))
        colour = other->first;
      other = near ? left.erase(other) : std::next(other);
    }
    if (count < kFewestBlocks || count < kInkShare * all) continue;
    if (!faintest || contrast_ratio(colour, ground) < contrast_ratio(faintest->colour, ground))
      faintest = Ink{colour, false};
  }
  const auto strongest = strongest_pixels(rgb, region, ground);
  if (!faintest) return strongest;
  // Strokes of just two pixels fill no block wholly when they lie across the raster. Then single pixels are
  // nearer to the ink than any block is.
  if (strongest && contrast_ratio(strongest->colour, ground) > contrast_ratio(strongest_block, ground) &&
      difference(strongest->colour, strongest_block) > kUnmixed)
    faintest->thin = true;
  return faintest;
}

std::vector<InkLine> lines_of(const Image& rgb, const Region& region, const Rgb& ground, const Rgb& ink) {
  // Half of the way to the ink: where the edge of a stroke lies.
  const int edge = std::max(kNoticeable, difference(ink, ground) / 2);
  std::vector<InkLine> lines;
  for (int y = region.top; y < region.bottom; ++y) {
    int first = region.right;
    int last = region.left;
    for (int x = region.left; x < region.right; ++x) {
      if (difference(at(rgb, x, y), ground) < edge) continue;
      first = std::min(first, x);
      last = x + 1;
    }
    if (first >= last) continue;
    const bool goes_on = !lines.empty() && y - lines.back().bottom <= kLineGap * lines.back().height();
    if (!goes_on) {
      lines.push_back({first, y, last, y + 1});
      continue;
    }
    InkLine& line = lines.back();
    line = {std::min(line.left, first), line.top, std::max(line.right, last), y + 1};
  }
  return lines;
}

/// Whether a plate bears a sign: whole blocks of a colour that is neither its own nor the ground's. Single
/// pixels do not count: those at the edge of every letter are a mixture.
bool bears_sign(const Image& rgb, const Region& plate, const Rgb& colour, const Rgb& ground) {
  int foreign = 0;
  for (const auto& [other, blocks] : blocks_of(rgb, plate, ground))
    foreign += difference(other, colour) > kNoticeable ? blocks : 0;
  return foreign >= kSignShare * plate.area();
}

/// Plates in the region: they are grounds for what is written on them, not ink on the ground around them.
std::vector<Region> plates_of(const Image& rgb, const Region& region, const Rgb& ground) {
  std::vector<Region> plates;
  for (const auto& [colour, blocks] : blocks_of(rgb, region, ground)) {
    if (blocks < kPlateSolid * kSmallestPlate_px * kSmallestPlate_px) continue;
    cv::Mat mask(region.bottom - region.top, region.right - region.left, CV_8U), labels, stats, centroids;
    for (int y = region.top; y < region.bottom; ++y)
      for (int x = region.left; x < region.right; ++x)
        mask.at<std::uint8_t>(y - region.top, x - region.left) =
            difference(at(rgb, x, y), colour) <= kSame ? 1 : 0;
    const int pieces = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 4);
    for (int i = 1; i < pieces; ++i) {
      const int left = region.left + stats.at<int>(i, cv::CC_STAT_LEFT);
      const int top = region.top + stats.at<int>(i, cv::CC_STAT_TOP);
      const Region box{left, top, left + stats.at<int>(i, cv::CC_STAT_WIDTH),
                       top + stats.at<int>(i, cv::CC_STAT_HEIGHT)};
      const bool large = std::min(box.right - left, box.bottom - top) >= kSmallestPlate_px;
      if (large && stats.at<int>(i, cv::CC_STAT_AREA) >= kPlateSolid * box.area() &&
          bears_sign(rgb, box, colour, ground))
        plates.push_back(box);
    }
  }
  return plates;
}

std::optional<InkReading> read_ink_on(const Image& rgb, const Region& region, const Rgb& ground) {
  const auto ink = ink_of(rgb, region, ground);
  if (!ink) return std::nullopt;
  return InkReading{ground, ink->colour, contrast_ratio(ink->colour, ground), ink->thin,
                    lines_of(rgb, region, ground, ink->colour)};
}

/// The picture with one-coloured ground where the plates are, the edges of their round corners included.
Image without(const Image& rgb, const std::vector<Region>& plates, const Rgb& ground) {
  Image cleared = rgb;
  for (const Region& plate : plates)
    for (int y = std::max(0, plate.top - 1); y < std::min(rgb.height, plate.bottom + 1); ++y)
      for (int x = std::max(0, plate.left - 1); x < std::min(rgb.width, plate.right + 1); ++x)
        std::copy(ground.begin(), ground.end(),
                  cleared.pixels.begin() + (cleared.at(x, y) - cleared.pixels.data()));
  return cleared;
}

}  // namespace

double relative_luminance(Rgb colour) {
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

double contrast_ratio(Rgb a, Rgb b) {
  const double la = relative_luminance(a);
  const double lb = relative_luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

int InkReading::tallest_line() const {
  int tallest = 0;
  for (const InkLine& line : lines) tallest = std::max(tallest, line.height());
  return tallest;
}

std::optional<InkReading> read_ink(const Image& rgb, const Box& box) {
  const auto region = pixels_of(rgb, box);
  if (!region) return std::nullopt;
  const auto ground = ground_of(rgb, *region);
  if (!ground) return std::nullopt;
  const std::vector<Region> plates = plates_of(rgb, *region, *ground);
  if (plates.empty()) return read_ink_on(rgb, *region, *ground);
  auto reading = read_ink_on(without(rgb, plates, *ground), *region, *ground);
  for (const Region& plate : plates) {
    const auto own = ground_of(rgb, plate);
    auto on_plate = own ? read_ink_on(rgb, plate, *own) : std::nullopt;
    if (on_plate && (!reading || on_plate->contrast < reading->contrast)) {
      if (reading)
        on_plate->lines = reading->lines;  // the size is that of the words, not of the sign beside them
      reading = on_plate;
    }
  }
  return reading;
}

double rim_contrast(const Image& rgb, const Box& part, double rim_px) {
  constexpr int kProbes = 9;
  constexpr double kOutside_px = 3;
  struct Side {
    double x, y, along_x, along_y, in_x, in_y;
  };
  // Away from the corners, which may be round.
  const double w = part.width(), h = part.height();
  const Side sides[] = {{part.left, part.top + h / 4, 0, h / 2, 1, 0},
                        {part.right, part.top + h / 4, 0, h / 2, -1, 0},
                        {part.left + w / 4, part.top, w / 2, 0, 0, 1},
                        {part.left + w / 4, part.bottom, w / 2, 0, 0, -1}};
  const auto pixel = [&](double x, double y) -> std::optional<Rgb> {
    const int px = static_cast<int>(std::floor(x));
    const int py = static_cast<int>(std::floor(y));
    if (px < 0 || py < 0 || px >= rgb.width || py >= rgb.height) return std::nullopt;
    return at(rgb, px, py);
  };
  double weakest = 21;
  for (const Side& side : sides) {
    std::vector<double> found;
    for (int i = 0; i < kProbes; ++i) {
      const double t = (i + 0.5) / kProbes;
      const double x = side.x + t * side.along_x;
      const double y = side.y + t * side.along_y;
      const auto outside = pixel(x - kOutside_px * side.in_x, y - kOutside_px * side.in_y);
      if (!outside) continue;  // the part reaches the edge of the panel
      double most = 1;
      for (double depth = 0.5; depth <= rim_px; depth += 0.5)
        if (const auto inside = pixel(x + depth * side.in_x, y + depth * side.in_y))
          most = std::max(most, contrast_ratio(*inside, *outside));
      found.push_back(most);
    }
    if (found.empty()) continue;
    const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
    std::nth_element(found.begin(), middle, found.end());
    weakest = std::min(weakest, *middle);
  }
  return weakest;
}

}  // namespace shogo::conformance
