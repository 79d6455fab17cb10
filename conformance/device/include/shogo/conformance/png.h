// PNG, the form in which frames lie in an evidence bundle: lossless, and every reviewer can open it.
#pragma once

#include <shogo/base/bytes.h>
#include <shogo/base/image.h>

namespace shogo::conformance {

/// Grey (1), RGB (3) or RGBA (4).
[[nodiscard]] Result<Bytes> encode_png(const Image& image);
/// Always RGB. Refuses more than 16384 pixels a side.
[[nodiscard]] Result<Image> decode_png(ByteView bytes);

}  // namespace shogo::conformance
