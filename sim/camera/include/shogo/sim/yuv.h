// RGB to what video formats hold: Y'CbCr after ITU-R BT.601, limited range (16 … 235, 16 … 240), in integers,
// so that the same pixels give the same bytes everywhere.
#pragma once

#include <shogo/base/image.h>

namespace shogo::sim {

/// Planes Y, Cb, Cr; chroma is the mean of 2 x 2 pixels (siting as in JPEG). RGB with even sides.
[[nodiscard]] Bytes to_yuv420(const Image& image);
/// Packed Y0 Cb Y1 Cr; chroma is the mean of two pixels. RGB with an even width.
[[nodiscard]] Bytes to_yuyv(const Image& image);

}  // namespace shogo::sim
