// Pictures in a synthetic card. They are obviously drawn: nobody can take them for a person or a real card.
#pragma once

#include <string>

#include <shogo/base/image.h>
#include <shogo/base/rng.h>

namespace shogo::sim {

/// A grey portrait drawn from ellipses, with grain so that it compresses like a photograph.
[[nodiscard]] Image draw_portrait(Rng& rng, int width, int height);

/// One invented sign a character, black on white: an image of *some* text for the chip's name and address
/// objects. It cannot be read back.
[[nodiscard]] Image draw_signs(const std::string& utf8, int width, int height);

/// Digits small enough for the chip's 24 x 12 and 72 x 12 images.
[[nodiscard]] Image draw_digits(const std::string& digits, int width, int height);

/// PNG with one bit a pixel, as the chip holds its texts.
[[nodiscard]] Result<Bytes> encode_bilevel_png(const Image& grey);

}  // namespace shogo::sim
