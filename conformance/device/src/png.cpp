#include <cstring>
#include <png.h>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {

Result<Bytes> encode_png(const Image& image) {
  if (!image.valid() || image.channels == 2 || image.channels > 4)
    return Error{Code::kInvalid, fmt::format("no PNG can hold {} x {} pixels of {} channels", image.width,
                                             image.height, image.channels)};
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = image.channels == 1   ? PNG_FORMAT_GRAY
                  : image.channels == 3 ? PNG_FORMAT_RGB
                                        : PNG_FORMAT_RGBA;
  // Fast rather than small: screens compress well anyway, and a run keeps dozens of them.
  header.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = 0;
  Bytes bytes(PNG_IMAGE_PNG_SIZE_MAX(header));
  size = bytes.size();
  if (png_image_write_to_memory(&header, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr) == 0)
    return Error{Code::kInternal, fmt::format("PNG encoder: {}", header.message)};
  bytes.resize(size);
  return bytes;
}

Result<Image> decode_png(ByteView bytes) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()) == 0)
    return Error{Code::kCorrupt, fmt::format("not a PNG: {}", header.message)};
  if (header.width > 16384 || header.height > 16384) {
    png_image_free(&header);
    return Error{Code::kCorrupt,
                 fmt::format("PNG of {} x {} pixels; at most 16384 a side", header.width, header.height)};
  }
  header.format = PNG_FORMAT_RGB;
  Image image;
  image.width = static_cast<int>(header.width);
  image.height = static_cast<int>(header.height);
  image.channels = 3;
  image.pixels.resize(PNG_IMAGE_SIZE(header));
  const png_color black{0, 0, 0};
  if (png_image_finish_read(&header, &black, image.pixels.data(), 0, nullptr) == 0)
    return Error{Code::kCorrupt, fmt::format("damaged PNG: {}", header.message)};
  return image;
}

}  // namespace shogo::conformance
