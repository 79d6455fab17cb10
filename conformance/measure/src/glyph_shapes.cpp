#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include <shogo/conformance/contrast.h>
#include <shogo/conformance/glyph_shapes.h>

namespace shogo::conformance {
namespace {

/// Letters in shares of the type's size: shorter are dots and strokes, taller are pictures.
constexpr double kShortest = 0.5, kTallest = 1.12;
constexpr double kNarrowest = 0.2;  ///< of its height: a narrower shape is a stroke
/// A frame's stroke may lie so far inside its outline, in shares of the type's size.
constexpr double kRim = 0.06;
constexpr double kClosed = 0.98;  ///< of a side's length is ink
constexpr double kShortestFrame = 0.6;
constexpr double kFullest = 0.6;  ///< of its pixels are ink: more is a stroke or a block
constexpr double kUneven = 0.12;  ///< of its pixels: a stroke's rounding at either side
constexpr double kAlike = 0.02;   ///< of the pixels of two equal shapes differ at most

/// Whether each row (or column) of the shape has ink within its first `rim` pixels.
double side_covered(const cv::Mat& shape, bool vertical, bool from_end, int rim) {
  const int length = vertical ? shape.rows : shape.cols;
  const int depth = vertical ? shape.cols : shape.rows;
  int covered = 0;
  for (int along = 0; along < length; ++along) {
    bool ink = false;
    for (int in = 0; in < std::min(rim, depth); ++in) {
      const int across = from_end ? depth - 1 - in : in;
      ink = ink ||
            (vertical ? shape.at<std::uint8_t>(along, across) : shape.at<std::uint8_t>(across, along)) != 0;
    }
    covered += ink ? 1 : 0;
  }
  return static_cast<double>(covered) / length;
}

/// Pixels in which a shape differs from its mirror image, of all.
double asymmetry(const cv::Mat& shape, int axis) {
  cv::Mat mirrored, differs;
  cv::flip(shape, mirrored, axis);
  cv::compare(shape, mirrored, differs, cv::CMP_NE);
  return static_cast<double>(cv::countNonZero(differs)) / static_cast<double>(shape.total());
}

/// A line around nothing, or around a cross: whole sides, the same from left and right, above and below.
/// Letters with whole sides (국 has one, 입 has all) are not.
bool is_frame(const cv::Mat& shape, double em_px) {
  if (shape.rows < kShortestFrame * em_px) return false;
  if (cv::countNonZero(shape) > kFullest * static_cast<double>(shape.total())) return false;
  const int rim = std::max(1, static_cast<int>(std::lround(kRim * em_px)));
  for (const bool vertical : {false, true})
    for (const bool from_end : {false, true})
      if (side_covered(shape, vertical, from_end, rim) < kClosed) return false;
  return asymmetry(shape, 0) < kUneven && asymmetry(shape, 1) < kUneven;
}

bool alike(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size()) return false;
  cv::Mat differs;
  cv::compare(a, b, differs, cv::CMP_NE);
  return cv::countNonZero(differs) <= kAlike * static_cast<double>(a.total());
}

}  // namespace

std::optional<GlyphShapes> glyph_shapes(const Image& rgb, const Box& region, double em_px) {
  const auto reading = read_ink(rgb, region);
  if (!reading || em_px <= 0) return std::nullopt;
  const int left = std::max(0, static_cast<int>(region.left)),
            top = std::max(0, static_cast<int>(region.top));
  const int right = std::min(rgb.width, static_cast<int>(std::ceil(region.right)));
  const int bottom = std::min(rgb.height, static_cast<int>(std::ceil(region.bottom)));
  // Ink is what is nearer to the ink's colour than to the ground's.
  cv::Mat mask(bottom - top, right - left, CV_8U);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      const std::uint8_t* p = rgb.at(x, y);
      int to_ink = 0, to_ground = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        to_ink += std::abs(int{p[c]} - int{reading->ink[c]});
        to_ground += std::abs(int{p[c]} - int{reading->ground[c]});
      }
      mask.at<std::uint8_t>(y - top, x - left) = to_ink < to_ground ? 255 : 0;
    }
  }
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8, CV_32S);
  GlyphShapes found;
  struct Kind {
    cv::Mat shape;
    int frames = 0;
  };
  std::vector<Kind> kinds;
  for (int label = 1; label < count; ++label) {
    const cv::Rect box(stats.at<int>(label, cv::CC_STAT_LEFT), stats.at<int>(label, cv::CC_STAT_TOP),
                       stats.at<int>(label, cv::CC_STAT_WIDTH), stats.at<int>(label, cv::CC_STAT_HEIGHT));
    if (box.height < kShortest * em_px || box.height > kTallest * em_px) continue;
    if (box.width < kNarrowest * box.height || box.width > kTallest * em_px) continue;
    const cv::Mat shape = labels(box) == label;
    ++found.tall;
    auto kind = std::find_if(kinds.begin(), kinds.end(),
                             [&](const Kind& known) { return alike(known.shape, shape); });
    if (kind == kinds.end()) kind = kinds.insert(kinds.end(), {shape.clone(), 0});
    if (is_frame(shape, em_px)) found.framed = std::max(found.framed, ++kind->frames);
  }
  found.distinct = static_cast<int>(kinds.size());
  return found;
}

}  // namespace shogo::conformance
