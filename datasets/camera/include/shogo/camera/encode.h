// Files of pictures. The bytes depend on the codec's version, so data sets hash the pixels and not the files.
#pragma once

#include <filesystem>
#include <span>

#include <shogo/base/image.h>
#include <shogo/camera/shot.h>

namespace shogo::camera {

[[nodiscard]] Result<Bytes> encode_png(const Image& image);
/// Grey, 16 bits a pixel.
[[nodiscard]] Result<Bytes> encode_png16(int width, int height, std::span<const std::uint16_t> grey);
/// `quality` 1 … 100.
[[nodiscard]] Result<Bytes> encode_jpeg(const Image& image, int quality);
[[nodiscard]] Result<Image> decode(ByteView file);

/// Grey, with the weights of BT.601.
[[nodiscard]] Image to_grey(const Image& image);
/// Area average; smaller only.
[[nodiscard]] Image shrink(const Image& image, int width, int height);

/// The photo in the chip: 240 x 320 grey, JPEG 2000, at most `bytes` large (and close to it). 2 000 at least.
[[nodiscard]] Result<Bytes> chip_photo(const Image& portrait, std::size_t bytes);
/// Where things lie in the chip photo (its pixels, 240 x 320) that was made of a portrait of `width` x
/// `height`.
[[nodiscard]] Truth chip_truth(const Truth& portrait, int width, int height);

}  // namespace shogo::camera
