#include "drawing.h"

#include <fmt/core.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <shogo/sim/card_issuer.h>

namespace shogo::sim {
namespace {

Image from_mat(const cv::Mat& mat) {
  Image image{mat.cols, mat.rows, mat.channels(), {}};
  for (int y = 0; y < mat.rows; ++y)
    append(image.pixels, {mat.ptr(y), static_cast<std::size_t>(mat.cols) * mat.elemSize()});
  return image;
}

cv::Mat to_mat(const Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC1, const_cast<std::uint8_t*>(image.pixels.data())).clone();
}

int between(Rng& rng, int low, int high) {
  return low + static_cast<int>(rng.below(static_cast<std::uint64_t>(high - low + 1)));
}

/// Grain drawn at every second pixel and straight lines between. JPEG 2000's 5/3 wavelet predicts an odd
/// pixel as the mean of its neighbours, so its finest subbands (three quarters of the picture) stay almost
/// empty. Grain in each pixel fills them with bit planes that are coded and then thrown away to reach the
/// file's size.
void add_grain(cv::Mat& face, Rng& rng) {
  constexpr int kMost = 14;
  const int columns = face.cols / 2 + 2, rows = face.rows / 2 + 2;
  cv::Mat grain(rows, columns, CV_32SC1);
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) grain.at<int>(y, x) = between(rng, -kMost, kMost);
  for (int y = 0; y < face.rows; ++y) {
    for (int x = 0; x < face.cols; ++x) {
      const int left = x / 2, right = (x + 1) / 2, above = y / 2, below = (y + 1) / 2;
      const int sum = grain.at<int>(above, left) + grain.at<int>(above, right) + grain.at<int>(below, left) +
                      grain.at<int>(below, right);
      std::uint8_t& pixel = face.at<std::uint8_t>(y, x);
      pixel = cv::saturate_cast<std::uint8_t>(pixel + (sum + 4 * kMost) / 4 - kMost);
    }
  }
}

/// OpenCV reports by exception; here it is a value like every other failure.
Result<Bytes> encode(const char* extension, const cv::Mat& mat, const std::vector<int>& parameters) {
  try {
    std::vector<std::uint8_t> out;
    if (cv::imencode(extension, mat, out, parameters)) return out;
  } catch (const cv::Exception&) {
  }
  return Error{
      Code::kUnsupported,
      fmt::format("OpenCV cannot encode {} here: install the package libopencv-imgcodecs", extension)};
}

}  // namespace

Image draw_portrait(Rng& rng, int width, int height) {
  cv::Mat face(height, width, CV_8UC1, cv::Scalar(between(rng, 200, 225)));
  const cv::Point centre(width / 2, height * 9 / 20);
  const int skin = between(rng, 150, 190), hair = between(rng, 25, 90);
  const cv::Size head(width * between(rng, 20, 24) / 100, height * between(rng, 24, 28) / 100);
  const auto oval = [&](cv::Point at, cv::Size axes, int grey, double from = 0, double to = 360) {
    cv::ellipse(face, at, axes, 0, from, to, cv::Scalar(grey), cv::FILLED, cv::LINE_8);
  };
  oval({centre.x, height * 21 / 20}, {width * 42 / 100, height * 30 / 100}, between(rng, 60, 130));
  cv::rectangle(face, {centre.x - width / 12, centre.y, width / 6, height * 36 / 100}, cv::Scalar(skin - 15),
                cv::FILLED);
  oval({centre.x, centre.y - height / 25}, {head.width * 115 / 100, head.height * 115 / 100}, hair);
  oval(centre, head, skin);
  oval({centre.x, centre.y - head.height * 6 / 10}, {head.width, head.height / 2}, hair, 180, 360);
  const int apart = head.width * between(rng, 40, 50) / 100, eye_y = centre.y - head.height / 8;
  for (const int side : {-1, 1}) {
    const cv::Point eye(centre.x + side * apart, eye_y);
    oval(eye, {width / 24, height / 60}, 235);
    oval(eye, {width / 60, height / 64}, 30);
    cv::line(face, {eye.x - width / 22, eye.y - height / 24}, {eye.x + width / 22, eye.y - height / 24},
             cv::Scalar(hair), 3, cv::LINE_8);
  }
  cv::line(face, {centre.x, eye_y + height / 30}, {centre.x - width / 40, centre.y + head.height / 4},
           cv::Scalar(skin - 40), 2, cv::LINE_8);
  cv::ellipse(face, {centre.x, centre.y + head.height / 2}, {width / 13, height / between(rng, 50, 90)}, 0, 0,
              180, cv::Scalar(90), 3, cv::LINE_8);
  cv::GaussianBlur(face, face, {5, 5}, 1.2);
  add_grain(face, rng);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t& pixel = face.at<std::uint8_t>(y, x);
      const int light = (width / 2 - x) * 24 / width;  // light from the left
      pixel = cv::saturate_cast<std::uint8_t>(pixel + light);
    }
  }
  cv::putText(face, "SYNTHETIC", {width / 40, height - height / 50}, cv::FONT_HERSHEY_SIMPLEX, width / 420.0,
              cv::Scalar(250), 1, cv::LINE_8);
  return from_mat(face);
}

Result<Bytes> encode_bilevel_png(const Image& grey) {
  return encode(".png", to_mat(grey), {cv::IMWRITE_PNG_BILEVEL, 1, cv::IMWRITE_PNG_COMPRESSION, 9});
}

Result<Bytes> encode_chip_photo(const Image& grey, std::size_t bytes) {
  if (!grey.valid() || grey.channels != 1)
    return Error{Code::kInvalid, "a chip photo is made from a valid image with one grey channel"};
  const double share = static_cast<double>(bytes) / static_cast<double>(grey.pixels.size());
  const int rate = std::clamp(static_cast<int>(share * 1000), 1, 1000);
  return encode(".jp2", to_mat(grey), {cv::IMWRITE_JPEG2000_COMPRESSION_X1000, rate});
}

}  // namespace shogo::sim
