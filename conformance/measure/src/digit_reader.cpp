#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <shogo/base/embedded.h>
#include <shogo/conformance/digit_reader.h>

namespace shogo::embedded_shogo_measure {
std::span<const EmbeddedFile> files();
}

namespace shogo::conformance {
namespace {

constexpr int kCell = 24;
constexpr double kMinScore = 0.70;
constexpr double kMinMargin = 0.03;
// Ink must fill a sensible part of the picture: specks and frames are not digits.
constexpr double kMinHeightShare = 0.15;
constexpr double kSpeckShare = 0.02;

/// Softened, so that the same digit in another weight still overlaps; then zero mean and unit length: a dot
/// product of two of these is their normalised correlation.
cv::Mat normalised(const cv::Mat& cell) {
  cv::Mat v;
  cell.convertTo(v, CV_64F);
  cv::GaussianBlur(v, v, cv::Size(5, 5), 1.2, 1.2, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED);
  v -= cv::mean(v);
  const double length = cv::norm(v);
  return length > 0 ? cv::Mat(v / length) : v;
}

std::vector<std::array<cv::Mat, 10>> load_templates() {
  const auto png = find_embedded(embedded_shogo_measure::files(), "measure/digit_templates.png");
  if (!png) std::abort();
  const cv::Mat raw(1, static_cast<int>(png->size()), CV_8U, const_cast<char*>(png->data()));
  const cv::Mat sheet = cv::imdecode(raw, cv::IMREAD_GRAYSCALE);
  if (sheet.empty()) std::abort();
  std::vector<std::array<cv::Mat, 10>> fonts(static_cast<std::size_t>(sheet.rows / kCell));
  for (std::size_t f = 0; f < fonts.size(); ++f) {
    for (int d = 0; d < 10; ++d) {
      fonts[f][static_cast<std::size_t>(d)] =
          normalised(sheet(cv::Rect(d * kCell, static_cast<int>(f) * kCell, kCell, kCell)));
    }
  }
  return fonts;
}

/// Ink as 0 (ground) to 255 (ink), whichever of the two is darker.
cv::Mat ink_of(const cv::Mat& grey) {
  // The ground is the commonest value: a digit covers less than half of its key.
  std::array<int, 256> histogram{};
  for (int y = 0; y < grey.rows; ++y) {
    for (int x = 0; x < grey.cols; ++x) ++histogram[grey.at<std::uint8_t>(y, x)];
  }
  const auto ground =
      static_cast<double>(std::max_element(histogram.begin(), histogram.end()) - histogram.begin());
  cv::Mat difference;
  cv::absdiff(grey, cv::Scalar(ground), difference);
  double most = 0;
  cv::minMaxLoc(difference, nullptr, &most);
  if (most < 40) return {};  // 40 of 255: fainter than any legible key
  difference.convertTo(difference, CV_8U, 255.0 / most);
  return difference;
}

}  // namespace

std::optional<DigitReading> read_digit(const Image& grey) {
  if (!grey.valid() || grey.channels != 1 || grey.width < 8 || grey.height < 8) return std::nullopt;
  const cv::Mat picture(grey.height, grey.width, CV_8U, const_cast<std::uint8_t*>(grey.pixels.data()));
  const cv::Mat ink = ink_of(picture);
  if (ink.empty()) return std::nullopt;

  cv::Mat binary, labels, stats, centroids;
  cv::threshold(ink, binary, 127, 255, cv::THRESH_BINARY);
  const int pieces = cv::connectedComponentsWithStats(binary, labels, stats, centroids, 8);
  int piece = 0;
  for (int i = 1; i < pieces; ++i) {
    const bool speck = stats.at<int>(i, cv::CC_STAT_HEIGHT) < kSpeckShare * picture.rows + 2;
    if (speck) continue;
    if (piece != 0) return std::nullopt;
    piece = i;
  }
  if (piece == 0) return std::nullopt;
  const cv::Rect box(stats.at<int>(piece, cv::CC_STAT_LEFT), stats.at<int>(piece, cv::CC_STAT_TOP),
                     stats.at<int>(piece, cv::CC_STAT_WIDTH), stats.at<int>(piece, cv::CC_STAT_HEIGHT));
  if (box.height < kMinHeightShare * picture.rows || box.height < 8 || box.width > box.height * 1.2)
    return std::nullopt;

  cv::Mat scaled;
  const int width = std::clamp(cvRound(box.width * static_cast<double>(kCell) / box.height), 1, kCell);
  cv::resize(ink(box), scaled, cv::Size(width, kCell), 0, 0, cv::INTER_AREA);
  cv::Mat cell = cv::Mat::zeros(kCell, kCell, CV_8U);
  scaled.copyTo(cell(cv::Rect((kCell - width) / 2, 0, width, kCell)));
  const cv::Mat probe = normalised(cell);

  static const std::vector<std::array<cv::Mat, 10>> fonts = load_templates();
  std::array<double, 10> best{};
  for (const auto& font : fonts) {
    for (std::size_t d = 0; d < 10; ++d) best[d] = std::max(best[d], probe.dot(font[d]));
  }
  const auto winner = std::max_element(best.begin(), best.end());
  double second = 0;
  for (auto it = best.begin(); it != best.end(); ++it) {
    if (it != winner) second = std::max(second, *it);
  }
  const DigitReading reading{static_cast<int>(winner - best.begin()), *winner, *winner - second};
  if (reading.score < kMinScore || reading.margin < kMinMargin) return std::nullopt;
  return reading;
}

}  // namespace shogo::conformance
