#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

#include <fmt/core.h>
#include <opencv2/imgproc.hpp>

#include <shogo/conformance/digit_reader.h>
#include <shogo/conformance/keypad.h>

namespace shogo::conformance {
namespace {

constexpr int kMinSide_px = 16;
constexpr double kMaxShare = 0.5;         // of the frame's width: larger boxes are panels, not keys
constexpr double kRectangularity = 0.85;  // rounded corners take a little of a key's rectangle
constexpr double kSameBox = 0.75;         // overlap above which two outlines are the two sides of one border

double overlap(const cv::Rect& a, const cv::Rect& b) {
  const double common = (a & b).area();
  return common / (a.area() + b.area() - common);
}

void strongest_channel(const cv::Mat& dx, const cv::Mat& dy, cv::Mat& out_x, cv::Mat& out_y) {
  out_x.create(dx.size(), CV_16S);
  out_y.create(dx.size(), CV_16S);
  for (int y = 0; y < dx.rows; ++y) {
    const auto* px = dx.ptr<cv::Vec3s>(y);
    const auto* py = dy.ptr<cv::Vec3s>(y);
    auto* ox = out_x.ptr<short>(y);
    auto* oy = out_y.ptr<short>(y);
    for (int x = 0; x < dx.cols; ++x) {
      int best = 0;
      for (int c = 1; c < 3; ++c) {
        if (std::abs(px[x][c]) + std::abs(py[x][c]) > std::abs(px[x][best]) + std::abs(py[x][best])) best = c;
      }
      ox[x] = px[x][best];
      oy[x] = py[x][best];
    }
  }
}

/// Everything with the outline of a key, outermost outline of each.
std::vector<cv::Rect> key_like(const cv::Mat& rgb) {
  cv::Mat edges;
  cv::Mat dx;
  cv::Mat dy;
  // The strongest of the three channels decides at each pixel: keys may differ from the ground in colour
  // alone.
  cv::Mat gradient_x;
  cv::Mat gradient_y;
  cv::Sobel(rgb, dx, CV_16S, 1, 0);
  cv::Sobel(rgb, dy, CV_16S, 0, 1);
  strongest_channel(dx, dy, gradient_x, gradient_y);
  cv::Canny(gradient_x, gradient_y, edges, 20, 50);
  cv::dilate(edges, edges, cv::Mat::ones(2, 2, CV_8U));
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(edges, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  std::vector<cv::Rect> boxes;
  for (const auto& contour : contours) {
    const cv::Rect box = cv::boundingRect(contour);
    if (box.width < kMinSide_px || box.height < kMinSide_px || box.width > kMaxShare * rgb.cols) continue;
    const double aspect = static_cast<double>(box.width) / box.height;
    if (aspect < 0.4 || aspect > 3.5) continue;
    std::vector<cv::Point> convex;
    cv::convexHull(contour, convex);
    if (cv::contourArea(convex) < kRectangularity * box.area()) continue;
    boxes.push_back(box);
  }
  std::sort(boxes.begin(), boxes.end(), [](const cv::Rect& a, const cv::Rect& b) {
    return std::make_tuple(-a.area(), a.y, a.x) < std::make_tuple(-b.area(), b.y, b.x);
  });
  std::vector<cv::Rect> outermost;
  for (const cv::Rect& box : boxes) {
    const bool seen = std::any_of(outermost.begin(), outermost.end(),
                                  [&](const cv::Rect& other) { return overlap(box, other) > kSameBox; });
    if (!seen) outermost.push_back(box);
  }
  return outermost;
}

double difference(const cv::Vec3b& a, const cv::Vec3b& b) {
  double sum = 0;
  for (int i = 0; i < 3; ++i) sum += std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
  return sum;
}

/// Walks from outside into a key and returns how far it went, in pixels, until the ground ended. A
/// half-covered pixel counts half: anti-aliasing mixes ground and border in proportion to the covered area.
double walk_in(const cv::Mat& rgb, cv::Point start, cv::Point step, int length) {
  std::vector<double> d;
  const auto inside = [&](const cv::Point& p) {
    return p.x >= 0 && p.y >= 0 && p.x < rgb.cols && p.y < rgb.rows;
  };
  cv::Point p = start;
  for (int i = 0; i < length && inside(p); ++i, p += step)
    d.push_back(difference(rgb.at<cv::Vec3b>(p), rgb.at<cv::Vec3b>(start)));
  const double most = d.empty() ? 0 : *std::max_element(d.begin(), d.end());
  if (most < 12) return std::numeric_limits<double>::quiet_NaN();
  double position = 0;
  for (const double value : d) {
    if (value >= 0.92 * most) return position;
    position += 1.0 - value / most;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Median over several lines through the middle of a side, where corners do not reach.
double side(const cv::Mat& rgb, const cv::Rect& rough, cv::Point step) {
  constexpr int kOutside = 4;
  constexpr int kLength = 9;
  std::vector<double> found;
  for (int i = -3; i <= 3; ++i) {
    const int across_x = rough.x + rough.width / 2 + i * rough.width / 16;
    const int across_y = rough.y + rough.height / 2 + i * rough.height / 16;
    cv::Point start;
    if (step.x > 0) start = {rough.x - kOutside, across_y};
    if (step.x < 0) start = {rough.x + rough.width - 1 + kOutside, across_y};
    if (step.y > 0) start = {across_x, rough.y - kOutside};
    if (step.y < 0) start = {across_x, rough.y + rough.height - 1 + kOutside};
    if (start.x < 0 || start.y < 0 || start.x >= rgb.cols || start.y >= rgb.rows) continue;
    const double d = walk_in(rgb, start, step, kLength);
    if (std::isnan(d)) continue;
    if (step.x > 0) found.push_back(start.x + d);
    if (step.x < 0) found.push_back(start.x + 1 - d);
    if (step.y > 0) found.push_back(start.y + d);
    if (step.y < 0) found.push_back(start.y + 1 - d);
  }
  if (found.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2), found.end());
  return found[found.size() / 2];
}

std::optional<Box> refine(const cv::Mat& rgb, const cv::Rect& rough) {
  const Box box{side(rgb, rough, {1, 0}), side(rgb, rough, {0, 1}), side(rgb, rough, {-1, 0}),
                side(rgb, rough, {0, -1})};
  if (std::isnan(box.left) || std::isnan(box.top) || std::isnan(box.right) || std::isnan(box.bottom))
    return std::nullopt;
  if (box.width() < kMinSide_px / 2.0 || box.height() < kMinSide_px / 2.0) return std::nullopt;
  return box;
}

std::optional<DigitReading> digit_in(const cv::Mat& rgb, const Box& box) {
  // Away from the border and its rounded corners.
  const int inset = static_cast<int>(std::ceil(0.12 * std::min(box.width(), box.height()))) + 2;
  const cv::Rect inner =
      cv::Rect(static_cast<int>(box.left) + inset, static_cast<int>(box.top) + inset,
               static_cast<int>(box.width()) - 2 * inset, static_cast<int>(box.height()) - 2 * inset) &
      cv::Rect(0, 0, rgb.cols, rgb.rows);
  if (inner.area() <= 0) return std::nullopt;
  cv::Mat grey;
  cv::cvtColor(rgb(inner), grey, cv::COLOR_RGB2GRAY);
  grey = grey.clone();
  return read_digit(Image{grey.cols, grey.rows, 1, Bytes(grey.data, grey.data + grey.total())});
}

/// Values that lie closer together than half of `size` count as one line of the grid.
int distinct(std::vector<double> values, double size) {
  std::sort(values.begin(), values.end());
  int lines = values.empty() ? 0 : 1;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] - values[i - 1] > size / 2) ++lines;
  }
  return lines;
}

}  // namespace

Box Keypad::hull() const {
  Box hull = keys.front().box;
  for (const Key& key : keys) {
    hull.left = std::min(hull.left, key.box.left);
    hull.top = std::min(hull.top, key.box.top);
    hull.right = std::max(hull.right, key.box.right);
    hull.bottom = std::max(hull.bottom, key.box.bottom);
  }
  return hull;
}

std::array<int, 10> Keypad::layout() const {
  std::array<int, 10> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const double half = digit(0).box.height() / 2;
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const Box& p = digit(a).box;
    const Box& q = digit(b).box;
    if (std::abs(p.center_y() - q.center_y()) > half) return p.center_y() < q.center_y();
    return p.center_x() < q.center_x();
  });
  return order;
}

int Keypad::columns() const {
  std::vector<double> x;
  for (int d = 0; d < 10; ++d) x.push_back(digit(d).box.center_x());
  return distinct(x, digit(0).box.width());
}

int Keypad::rows() const {
  std::vector<double> y;
  for (int d = 0; d < 10; ++d) y.push_back(digit(d).box.center_y());
  return distinct(y, digit(0).box.height());
}

double Keypad::smallest_gap() const {
  double smallest = std::numeric_limits<double>::infinity();
  for (const Key& a : keys) {
    for (const Key& b : keys) {
      const bool share_rows = std::min(a.box.bottom, b.box.bottom) > std::max(a.box.top, b.box.top);
      const bool share_columns = std::min(a.box.right, b.box.right) > std::max(a.box.left, b.box.left);
      if (share_rows && b.box.left > a.box.center_x())
        smallest = std::min(smallest, b.box.left - a.box.right);
      if (share_columns && b.box.top > a.box.center_y())
        smallest = std::min(smallest, b.box.top - a.box.bottom);
    }
  }
  return smallest;
}

Result<Keypad> find_keypad(const Image& rgb) {
  if (!rgb.valid() || rgb.channels != 3)
    return Error{Code::kInvalid, "a keypad is looked for in an RGB frame"};
  const cv::Mat frame(rgb.height, rgb.width, CV_8UC3, const_cast<std::uint8_t*>(rgb.pixels.data()));

  struct Candidate {
    Box box;
    std::optional<DigitReading> reading;
  };
  std::vector<Candidate> candidates;
  for (const cv::Rect& rough : key_like(frame)) {
    if (const auto box = refine(frame, rough)) candidates.push_back({*box, digit_in(frame, *box)});
  }

  Keypad keypad;
  std::vector<bool> used(candidates.size(), false);
  int found = 0;
  for (int d = 0; d < 10; ++d) {
    std::size_t best = candidates.size();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const auto& reading = candidates[i].reading;
      if (!reading || reading->digit != d) continue;
      // A digit key is larger than a legend inside another key.
      if (best == candidates.size() || candidates[i].box.width() > candidates[best].box.width()) best = i;
    }
    if (best == candidates.size()) continue;
    ++found;
    used[best] = true;
    keypad.keys.push_back({candidates[best].box, d});
  }
  if (found < 10)
    return Error{Code::kNotFound,
                 fmt::format("expected a key for each of ten digits in the frame, found {} among {} key-like "
                             "boxes",
                             found, candidates.size())};

  const Box hull = keypad.hull();
  std::vector<Key> auxiliary;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Box& box = candidates[i].box;
    const bool inside = box.center_x() > hull.left && box.center_x() < hull.right &&
                        box.center_y() > hull.top && box.center_y() < hull.bottom;
    const bool within_a_digit = std::any_of(keypad.keys.begin(), keypad.keys.end(), [&](const Key& key) {
      return box.center_x() > key.box.left && box.center_x() < key.box.right &&
             box.center_y() > key.box.top && box.center_y() < key.box.bottom;
    });
    const bool key_sized =
        box.width() > 0.5 * keypad.digit(0).box.width() && box.height() > 0.5 * keypad.digit(0).box.height();
    if (!used[i] && inside && !within_a_digit && key_sized) auxiliary.push_back({box, -1});
  }
  std::sort(auxiliary.begin(), auxiliary.end(), [](const Key& a, const Key& b) {
    return std::make_pair(a.box.top, a.box.left) < std::make_pair(b.box.top, b.box.left);
  });
  keypad.keys.insert(keypad.keys.end(), auxiliary.begin(), auxiliary.end());
  return keypad;
}

}  // namespace shogo::conformance
