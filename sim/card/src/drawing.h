// Pictures in a synthetic card. They are obviously drawn: nobody can take them for a person or a real card.
#pragma once

#include <shogo/base/image.h>
#include <shogo/base/rng.h>

namespace shogo::sim {

/// A grey portrait drawn from ellipses, with grain so that it compresses like a photograph.
[[nodiscard]] Image draw_portrait(Rng& rng, int width, int height);

/// PNG with one bit a pixel, as the chip holds its texts.
[[nodiscard]] Result<Bytes> encode_bilevel_png(const Image& grey);

}  // namespace shogo::sim
