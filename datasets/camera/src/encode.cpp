#include "chip_cut.h"
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include <shogo/camera/encode.h>

namespace shogo::camera {
namespace {

/// OpenCV keeps blue first.
Result<Bytes> encode(const Image& image, const char* type, const std::vector<int>& options) {
  if (!image.valid() || (image.channels != 1 && image.channels != 3))
    return Error{Code::kInvalid, "a picture file is made from a valid image with 1 or 3 channels"};
  Bytes swapped = image.pixels;
  if (image.channels == 3)
    for (std::size_t i = 0; i + 2 < swapped.size(); i += 3) std::swap(swapped[i], swapped[i + 2]);
  const cv::Mat view(image.height, image.width, image.channels == 3 ? CV_8UC3 : CV_8UC1, swapped.data());
  Bytes file;
  try {
    if (cv::imencode(type, view, file, options)) return file;
  } catch (const cv::Exception&) {
    // Said below; OpenCV's text names source lines of its own.
  }
  return Error{Code::kUnsupported, fmt::format("this system's OpenCV cannot write {} files", type)};
}

}  // namespace

Result<Bytes> encode_png(const Image& image) {
  return encode(image, ".png", {});
}
Result<Bytes> encode_png16(int width, int height, std::span<const std::uint16_t> grey) {
  if (width < 1 || height < 1 ||
      grey.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    return Error{Code::kInvalid, "a 16-bit picture needs a value for each pixel"};
  const cv::Mat view(height, width, CV_16UC1, const_cast<std::uint16_t*>(grey.data()));
  Bytes file;
  try {
    if (cv::imencode(".png", view, file)) return file;
  } catch (const cv::Exception&) {
    // Said below.
  }
  return Error{Code::kUnsupported, "this system's OpenCV cannot write 16-bit .png files"};
}
Result<Bytes> encode_jpeg(const Image& image, int quality) {
  return encode(image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality});
}

Result<Image> decode(ByteView file) {
  const std::vector<std::uint8_t> bytes(file.begin(), file.end());
  cv::Mat mat;
  try {
    mat = bytes.empty() ? cv::Mat() : cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception&) {
    mat.release();
  }
  if (mat.empty() || mat.depth() != CV_8U || (mat.channels() != 1 && mat.channels() != 3))
    return Error{
        Code::kCorrupt,
        "not a picture file that can be read (expected PNG, JPEG or JPEG 2000 of 8 bits, grey or colour)"};
  Image image{mat.cols, mat.rows, mat.channels(), {}};
  for (int y = 0; y < mat.rows; ++y)
    image.pixels.insert(image.pixels.end(), mat.ptr(y),
                        mat.ptr(y) + static_cast<std::ptrdiff_t>(mat.cols) * mat.channels());
  if (image.channels == 3)
    for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3)
      std::swap(image.pixels[i], image.pixels[i + 2]);
  return image;
}

Image to_grey(const Image& image) {
  if (image.channels == 1) return image;
  Image out{image.width, image.height, 1, {}};
  out.pixels.reserve(image.pixels.size() / static_cast<std::size_t>(image.channels));
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += static_cast<std::size_t>(image.channels))
    out.pixels.push_back(static_cast<std::uint8_t>(
        (77 * image.pixels[i] + 150 * image.pixels[i + 1] + 29 * image.pixels[i + 2] + 128) >> 8));
  return out;
}

Image shrink(const Image& image, int width, int height) {
  Image out{width, height, image.channels,
            Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                  static_cast<std::size_t>(image.channels))};
  // Exact area weights in integers: `width` x `height` parts of each source pixel.
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < image.channels; ++c) {
        std::int64_t sum = 0;
        for (int sy = y * image.height / height; sy < image.height && sy * height < (y + 1) * image.height;
             ++sy)
          for (int sx = x * image.width / width; sx < image.width && sx * width < (x + 1) * image.width;
               ++sx) {
            const std::int64_t wide =
                std::min((sx + 1) * width, (x + 1) * image.width) - std::max(sx * width, x * image.width);
            const std::int64_t tall =
                std::min((sy + 1) * height, (y + 1) * image.height) - std::max(sy * height, y * image.height);
            sum += wide * tall * image.at(sx, sy)[c];
          }
        const std::int64_t area = std::int64_t{image.width} * image.height;
        out.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(x)) *
                       static_cast<std::size_t>(image.channels) +
                   static_cast<std::size_t>(c)] = static_cast<std::uint8_t>((sum + area / 2) / area);
      }
  return out;
}

Result<Bytes> chip_photo(const Image& portrait, std::size_t bytes) {
  if (bytes < 2000)
    return Error{Code::kInvalid, fmt::format("a chip photo of {} bytes: at least 2000 are needed", bytes)};
  if (!portrait.valid() || portrait.width < kChipWidth || portrait.height < kChipHeight)
    return Error{Code::kInvalid, "a chip photo is made from a portrait of at least 240 x 320 pixels"};
  const auto [left, top, width, height] = chip_cut(portrait.width, portrait.height);
  Image cut{width, height, portrait.channels, {}};
  for (int y = 0; y < height; ++y)
    cut.pixels.insert(cut.pixels.end(), portrait.at(left, top + y),
                      portrait.at(left, top + y) + static_cast<std::ptrdiff_t>(width) * portrait.channels);
  const Image grey = shrink(to_grey(cut), kChipWidth, kChipHeight);
  // The codec takes a compression ratio in thousandths, and does not hit it exactly.
  constexpr double kRaw = double{kChipWidth} * kChipHeight;
  Result<Bytes> best = Error{Code::kUnsupported, "no JPEG 2000 file small enough could be made"};
  for (double ratio = static_cast<double>(bytes) / kRaw; ratio > 0.4 * static_cast<double>(bytes) / kRaw;
       ratio *= 0.97) {
    SHOGO_TRY(Bytes file,
              encode(grey, ".jp2", {cv::IMWRITE_JPEG2000_COMPRESSION_X1000, static_cast<int>(1000 * ratio)}));
    if (file.size() <= bytes) return file;
    best = std::move(file);
  }
  if (best.ok() && best->size() > bytes)
    return Error{Code::kUnsupported, "no JPEG 2000 file small enough could be made"};
  return best;
}

Truth chip_truth(const Truth& portrait, int width, int height) {
  const ChipCut cut = chip_cut(width, height);
  const float x_scale = static_cast<float>(kChipWidth) / static_cast<float>(cut.width),
              y_scale = static_cast<float>(kChipHeight) / static_cast<float>(cut.height);
  Truth chip = portrait;
  for (auto& [x, y] : chip.landmarks) {
    x = (x - static_cast<float>(cut.left)) * x_scale;
    y = (y - static_cast<float>(cut.top)) * y_scale;
  }
  if (chip.landmarks.size() >= 2) {
    const auto &right = chip.landmarks[0], &left = chip.landmarks[1];
    chip.eye_distance_px = std::sqrt(people::square(left[0] - right[0]) + people::square(left[1] - right[1]));
  }
  // Every chip pixel that shows a part of the portrait's box, held inside the picture.
  const auto [box_x, box_y, box_width, box_height] = portrait.face_box;
  if (box_width <= 0 || box_height <= 0) return chip;
  const auto low = [](int at, int start, int from, int to) {
    return std::clamp(at - start, 0, from) * to / from;
  };
  const auto high = [](int at, int start, int from, int to) {
    return (std::clamp(at - start, 0, from) * to + from - 1) / from;
  };
  const int x0 = low(box_x, cut.left, cut.width, kChipWidth),
            y0 = low(box_y, cut.top, cut.height, kChipHeight),
            x1 = high(box_x + box_width, cut.left, cut.width, kChipWidth),
            y1 = high(box_y + box_height, cut.top, cut.height, kChipHeight);
  chip.face_box = {x0, y0, x1 - x0, y1 - y0};
  return chip;
}

}  // namespace shogo::camera
