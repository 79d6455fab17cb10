// Maps: what each pixel of a picture shows, and how far away it is. Truth for those who judge segmentation
// and depth; the lens' distortion is in them, blur and noise are not.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <shogo/base/image.h>
#include <shogo/people/render.h>

namespace shogo::camera {

struct Maps {
  int width = 0, height = 0;
  Bytes label;  ///< place in map_labels(); what is seen through spectacle lenses is named, not they
  std::vector<std::uint16_t>
      depth;  ///< tenths of a millimetre along the camera's axis; 0 background, 65535 farther
};
/// "background", "skin", … in the order of people::Material.
[[nodiscard]] const std::vector<std::string_view>& map_labels();

/// `frame` as rendered for a still picture; `distortion` is the sensor's.
[[nodiscard]] Maps maps_of(const people::Frame& frame, float distortion);
/// The same for the chip photo that is cut from a portrait: the nearest pixel, 240 x 320.
[[nodiscard]] Maps chip_maps(const Maps& portrait);

/// Grey, 8 bits: the labels' numbers as they are (a dark picture to the eye).
[[nodiscard]] Result<Bytes> encode_labels(const Maps& maps);
/// Grey, 16 bits.
[[nodiscard]] Result<Bytes> encode_depth(const Maps& maps);

}  // namespace shogo::camera
