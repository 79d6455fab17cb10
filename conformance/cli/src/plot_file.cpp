#include "plot_file.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include <shogo/base/file.h>
#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

using evaluation::Area;
using evaluation::Dot;
using evaluation::Line;
using evaluation::Text;

// Drawn four times as large and halved: smooth edges everywhere, also of letters.
constexpr double kScale = 4;
constexpr int kShift = 4;  // OpenCV takes sixteenths of a pixel as whole numbers

cv::Scalar colour_of(const std::string& name) {
  const auto channel = [&](std::size_t at) {
    return static_cast<double>(std::strtoul(name.substr(at, 2).c_str(), nullptr, 16));
  };
  return {channel(1), channel(3), channel(5)};
}

cv::Point fixed(const evaluation::Point& point) {
  constexpr double kUnit = kScale * (1 << kShift);
  return {static_cast<int>(std::lround(point.x * kUnit)), static_cast<int>(std::lround(point.y * kUnit))};
}

std::vector<cv::Point> fixed(const std::vector<evaluation::Point>& points) {
  std::vector<cv::Point> all;
  for (const evaluation::Point& point : points) all.push_back(fixed(point));
  return all;
}

int thickness_of(double width) {
  return std::max(1, static_cast<int>(std::lround(width * kScale)));
}

/// Pieces of six with gaps of four, going on round corners.
std::vector<std::vector<evaluation::Point>> dashes(const std::vector<evaluation::Point>& points) {
  constexpr double kOn = 6, kPeriod = 10;
  std::vector<std::vector<evaluation::Point>> pieces;
  double walked = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const evaluation::Point a = points[i - 1], b = points[i];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    const auto at = [&](double along) {
      return evaluation::Point{a.x + (b.x - a.x) * along / length, a.y + (b.y - a.y) * along / length};
    };
    for (double along = 0; along < length;) {
      const double phase = std::fmod(walked + along, kPeriod);
      const double next = std::min(length, along + (phase < kOn ? kOn - phase : kPeriod - phase) + 1e-9);
      if (phase < kOn) pieces.push_back({at(along), at(next)});
      along = next;
    }
    walked += length;
  }
  return pieces;
}

std::string ascii(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("≤") || rest.starts_with("≥")) {
      plain += rest.starts_with("≤") ? "<=" : ">=";
      i += 2;
    } else if (static_cast<unsigned char>(text[i]) < 0x80) {
      plain += text[i];
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0xC0) {
      plain += '?';  // one for each character, not for each of its bytes
    }
  }
  return plain;
}

struct Painter {
  cv::Mat& canvas;

  void operator()(const Line& line) const {
    const auto stroke = [&](const std::vector<evaluation::Point>& points) {
      cv::polylines(canvas, fixed(points), false, colour_of(line.colour), thickness_of(line.width),
                    cv::LINE_AA, kShift);
    };
    if (!line.dashed) return stroke(line.points);
    for (const auto& piece : dashes(line.points)) stroke(piece);
  }
  void operator()(const Area& area) const {
    const auto outline = fixed(area.points);
    cv::Mat filled = canvas.clone();
    cv::fillPoly(filled, outline, colour_of(area.colour), cv::LINE_AA, kShift);
    cv::addWeighted(filled, area.opacity, canvas, 1 - area.opacity, 0, canvas);
    cv::polylines(canvas, outline, true, colour_of(area.colour), thickness_of(1), cv::LINE_AA, kShift);
  }
  void operator()(const Dot& dot) const {
    cv::circle(canvas, fixed(dot.at), static_cast<int>(std::lround(dot.radius * kScale * (1 << kShift))),
               colour_of(dot.colour), cv::FILLED, cv::LINE_AA, kShift);
  }
  void operator()(const Text& text) const {
    constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
    constexpr double kCapitals = 21, kCapitalsOfSize = 0.72;  // heights: of the font at scale 1, of type
    const double scale = text.size * kScale * kCapitalsOfSize / kCapitals;
    const int thickness = thickness_of(text.bold ? 1.5 : 1);
    const std::string plain = ascii(text.text);
    int below = 0;
    const cv::Size size = cv::getTextSize(plain, kFont, scale, thickness, &below);
    const int room = below + thickness;
    cv::Mat mask = cv::Mat::zeros(size.height + 2 * room, size.width + 2 * room, CV_8UC1);
    cv::putText(mask, plain, {room, room + size.height}, kFont, scale, {255}, thickness, cv::LINE_AA);
    const double before = text.anchor == evaluation::Anchor::kStart    ? 0
                          : text.anchor == evaluation::Anchor::kMiddle ? size.width / 2.0
                                                                       : size.width;
    const auto rounded = [](double value) { return static_cast<int>(std::lround(value)); };
    cv::Point at{rounded(text.at.x * kScale - before) - room,
                 rounded(text.at.y * kScale) - size.height - room};
    if (text.upwards) {
      cv::rotate(mask, mask, cv::ROTATE_90_COUNTERCLOCKWISE);
      at = {rounded(text.at.x * kScale) - size.height - room,
            rounded(text.at.y * kScale + before) - size.width - room};
    }
    const cv::Rect wanted(at, mask.size()), inside = wanted & cv::Rect({0, 0}, canvas.size());
    if (inside.empty()) return;
    mask = mask(inside - at);
    canvas(inside).setTo(colour_of(text.colour), mask > 127);
  }
};

bool is_png(const std::filesystem::path& file) {
  return file.extension() == ".png";
}

}  // namespace

Image paint(const evaluation::Drawing& drawing) {
  cv::Mat large(static_cast<int>(drawing.height * kScale), static_cast<int>(drawing.width * kScale), CV_8UC3,
                cv::Scalar(255, 255, 255));
  for (const evaluation::Shape& shape : drawing.shapes) std::visit(Painter{large}, shape);
  cv::Mat small;
  cv::resize(large, small, {}, 0.5, 0.5, cv::INTER_AREA);
  return Image{small.cols, small.rows, 3, Bytes(small.data, small.data + small.total() * small.elemSize())};
}

Result<void> check_plot_name(std::string_view option, const std::filesystem::path& file) {
  if (is_png(file) || file.extension() == ".svg") return {};
  return Error{Code::kInvalid, fmt::format("{}: the file must end in .svg or .png, not \"{}\"", option,
                                           file.filename().string())};
}

Result<void> write_plot(const std::filesystem::path& file, const evaluation::Drawing& drawing) {
  if (!is_png(file)) return write_text(file, to_svg(drawing));
  SHOGO_TRY(const Bytes png, encode_png(paint(drawing)));
  return write_file(file, png);
}

}  // namespace shogo::conformance
