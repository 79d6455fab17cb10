// How far two people's faces lie apart, measured on their shape and colour and never by a face engine: a rule
// that keeps look-alikes out of a population without favouring any matcher.
#pragma once

#include <vector>

#include <shogo/people/person.h>

namespace shogo::people {

/// What is compared: places of the face in millimetres, tone and brows scaled to millimetres that matter as
/// much.
using FaceMeasures = std::vector<float>;
[[nodiscard]] FaceMeasures measure_face(const HeadModel& head, const Person& person);
/// Root mean square difference, millimetres.
[[nodiscard]] float likeness_mm(const FaceMeasures& a, const FaceMeasures& b);

/// Somebody who looks like `person` as an identical twin does (*synthetic*): the face a few tenths of a
/// millimetre off, towards `other`; the other's moles, clothes and, of the same sex, hair. For populations
/// with look-alikes on purpose.
[[nodiscard]] Person twin_of(const Person& person, const Person& other);

}  // namespace shogo::people
