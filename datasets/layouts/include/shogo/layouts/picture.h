// Somebody's picture file, as RGB.
#pragma once

#include <filesystem>

#include <shogo/base/image.h>

namespace shogo::layouts {

/// JPEG, PNG, BMP and what else this system's OpenCV reads, turned upright after its EXIF; grey becomes RGB.
/// Errors name the file: kNotFound, kDenied, kCorrupt (no picture, cut short, or with no pixels).
[[nodiscard]] Result<Image> read_picture(const std::filesystem::path& path);

}  // namespace shogo::layouts
