// Rows of marks that look like text, found without being told where.
#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include <shogo/conformance/contrast.h>

namespace shogo::conformance {
namespace {

/// Levels of 255 by which neighbours differ at the edge of a stroke.
constexpr int kNoticeable = 12;
constexpr double kTextLowest_mm = 1.5, kTextTallest_mm = 9.0;
constexpr double kGlyphGap_mm = 0.6;
/// A row of text crosses this many strokes at least; a drawing, an outline or a bar crosses fewer.
constexpr int kStrokesInRow = 5;

}  // namespace

std::vector<Box> text_like_rows(const Image& rgb, double px_per_mm) {
  std::vector<Box> rows;
  if (!rgb.valid() || rgb.channels != 3 || px_per_mm <= 0) return rows;
  const cv::Mat frame(rgb.height, rgb.width, CV_8UC3, const_cast<std::uint8_t*>(rgb.pixels.data()));
  // Edges of strokes: where a pixel differs from its neighbour on the right or below.
  cv::Mat right, below, channels[3], edges(frame.size(), CV_8U, cv::Scalar(0));
  cv::absdiff(frame(cv::Rect(1, 0, frame.cols - 1, frame.rows)),
              frame(cv::Rect(0, 0, frame.cols - 1, frame.rows)), right);
  cv::absdiff(frame(cv::Rect(0, 1, frame.cols, frame.rows - 1)),
              frame(cv::Rect(0, 0, frame.cols, frame.rows - 1)), below);
  const auto mark = [&](const cv::Mat& step) {
    cv::split(step, channels);
    cv::Mat most;
    cv::max(channels[0], channels[1], most);
    cv::max(most, channels[2], most);
    cv::Mat into = edges(cv::Rect(0, 0, step.cols, step.rows));
    cv::bitwise_or(into, most > kNoticeable, into);
  };
  mark(right);
  mark(below);
  const int reach = std::max(1, static_cast<int>(std::lround(kGlyphGap_mm * px_per_mm)));
  cv::Mat joined, labels, stats, centroids;
  cv::dilate(edges, joined, cv::Mat::ones(std::max(1, reach / 2), 2 * reach + 1, CV_8U));
  const int pieces = cv::connectedComponentsWithStats(joined, labels, stats, centroids, 8);
  for (int i = 1; i < pieces; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const double height_mm = box.height / px_per_mm;
    if (height_mm < kTextLowest_mm || height_mm > kTextTallest_mm || box.width < 1.2 * box.height) continue;
    std::vector<int> strokes;
    for (int y = box.y; y < box.y + box.height; ++y) {
      int count = 0;
      bool in = false;
      for (int x = box.x; x < box.x + box.width; ++x) {
        const bool on = edges.at<std::uint8_t>(y, x) != 0 && labels.at<int>(y, x) == i;
        count += on && !in ? 1 : 0;
        in = on;
      }
      strokes.push_back(count);
    }
    const auto middle = strokes.begin() + static_cast<std::ptrdiff_t>(strokes.size() / 2);
    std::nth_element(strokes.begin(), middle, strokes.end());
    if (*middle < kStrokesInRow) continue;
    rows.push_back({static_cast<double>(box.x + reach), static_cast<double>(box.y),
                    static_cast<double>(box.x + box.width - reach), static_cast<double>(box.y + box.height)});
  }
  return rows;
}

}  // namespace shogo::conformance
