// A face's whole proportions brought near a person's own. Many targets add up to square jaws, faces as wide
// as they are long, mouths under the nose: what is odd is told from what is measured, not from each axis.
#pragma once

#include <vector>

#include <shogo/people/head_model.h>
#include <shogo/people/person.h>

namespace shogo::people {

/// What is measured on a shape whose origin lies between the eyes; millimetres.
struct FaceLines {
  float chin, nose_foot, seam;  ///< heights, negative
  float corners;                ///< of the mouth, over the seam's middle
  float cheek, jaw, neck;       ///< widths
  float skull;                  ///< greatest width above the eyes
  float top;                    ///< of the bare skull, above the eyes
};
[[nodiscard]] FaceLines lines_of(const HeadModel& head, const std::vector<Vec3>& shape);

/// The origin of `shape` lies between the eyes. A shape that is no face is left alone.
void settle_proportions(const HeadModel& head, const Proportions& wish, std::vector<Vec3>& shape);

/// Lips of a height that people have, the lower one fuller than the upper, and a seam that is no ruled line:
/// it dips `bow_mm` in the middle and rises beside it. The origin of `shape` lies between the eyes.
void settle_lips(const HeadModel& head, float bow_mm, std::vector<Vec3>& shape);

}  // namespace shogo::people
