// Images through an engine to scores: every image becomes a template once in each role it has, then the pairs
// are compared. At the end a part is done again: an engine whose answers change gives no score at all.
#pragma once

#include <functional>

#include <shogo/base/result.h>
#include <shogo/engine/engine_process.h>
#include <shogo/layouts/image_pairs.h>
#include <shogo/scores/score_set.h>

namespace shogo::engine {

/// Where pictures come from: a folder, or made by a program. The number is that of
/// layouts::ImagePairs::images.
using ImageSource = std::function<Result<Image>(std::uint32_t)>;
/// Pictures below a folder, decoded to RGB (turned upright as their EXIF data say).
[[nodiscard]] ImageSource images_below(const std::filesystem::path& folder, const layouts::ImagePairs& pairs);

struct EngineScores {
  scores::ScoreSet scores;  ///< similarities (an engine's distances are turned round), people by name
  std::uint64_t templates = 0;
  std::uint64_t templates_failed =
      0;  ///< no face, low quality, or failed: all their comparisons are failures
  std::uint64_t comparisons_failed = 0;  ///< of two templates that were made
  std::uint64_t repeated = 0;  ///< comparisons done a second time, from templates made a second time
};

/// Refuses an engine that cannot make any template, gives every pair the same score, or answers differently
/// the second time, and pairs without a genuine or an impostor comparison. `progress` gets shares in [0, 1].
[[nodiscard]] Result<EngineScores> compare_images(EngineProcess& engine, const layouts::ImagePairs& pairs,
                                                  const ImageSource& image,
                                                  const std::function<void(double)>& progress = {});

}  // namespace shogo::engine
