// An independent little drawer of keypads for tests: keys as filled boxes with borders at fractional
// positions, digits in OpenCV's own vector font, which is none of the digit reader's templates.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include <shogo/base/image.h>

namespace shogo::conformance {

struct Drawing {
  int columns = 3;
  int rows = 4;
  double key_w = 90.4, key_h = 80.7, gap_x = 30.3, gap_y = 25.6;
  double left = 100.25, top = 300.5;
  std::vector<int> order{1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 0, -2};
  bool dark = false;
};

inline cv::Mat draw(const Drawing& d) {
  constexpr int kOver = 8;
  const cv::Scalar ground = d.dark ? cv::Scalar(20, 30, 40) : cv::Scalar(243, 246, 251);
  const cv::Scalar ink = d.dark ? cv::Scalar(240, 240, 240) : cv::Scalar(22, 33, 58);
  const cv::Scalar fill = d.dark ? cv::Scalar(60, 70, 90) : cv::Scalar(255, 255, 255);
  cv::Mat big(1000 * kOver / 2, 800 * kOver / 2, CV_8UC3, ground);
  const auto at = [&](double v) { return static_cast<int>(std::lround(v * kOver / 2)); };
  for (std::size_t i = 0; i < d.order.size(); ++i) {
    const std::size_t column = i % static_cast<std::size_t>(d.columns);
    const std::size_t row = i / static_cast<std::size_t>(d.columns);
    const double x = d.left + static_cast<double>(column) * (d.key_w + d.gap_x);
    const double y = d.top + static_cast<double>(row) * (d.key_h + d.gap_y);
    const cv::Rect outer(at(x), at(y), at(x + d.key_w) - at(x), at(y + d.key_h) - at(y));
    cv::rectangle(big, outer, ink, cv::FILLED);
    const int border = kOver;
    cv::rectangle(
        big,
        cv::Rect(outer.x + border, outer.y + border, outer.width - 2 * border, outer.height - 2 * border),
        fill, cv::FILLED);
    const std::string text = d.order[i] >= 0 ? std::to_string(d.order[i]) : d.order[i] == -1 ? "del" : "ok";
    const double scale = d.order[i] >= 0 ? 6.0 : 3.0;
    int base = 0;
    const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 24, &base);
    cv::putText(big, text,
                {outer.x + (outer.width - size.width) / 2, outer.y + (outer.height + size.height) / 2},
                cv::FONT_HERSHEY_SIMPLEX, scale, ink, 24, cv::LINE_AA);
  }
  cv::Mat frame;
  cv::resize(big, frame, cv::Size(800, 1000), 0, 0, cv::INTER_AREA);
  return frame;
}

inline Image image_of(const cv::Mat& m) {
  return Image{m.cols, m.rows, 3, Bytes(m.data, m.data + m.total() * 3)};
}

}  // namespace shogo::conformance
