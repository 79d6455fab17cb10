// Eyes, nose and mouth brought to a person's own measures: how far apart the eyes stand and how wide they
// open from corner to corner, which the head model's shapes leave a tenth to a fifth short of what is
// published for adults.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <shogo/people/head_model.h>
#include <shogo/people/person.h>

namespace shogo::people {

/// A piece of the strips that the head model has for lashes, along the edge of a lid. Corners that lie on the
/// edge come first.
struct LidPiece {
  std::array<std::uint16_t, 4> corner;
  std::array<std::uint16_t, 2> skin;  ///< the lid's own vertices under the first two, some on its inner side
  std::array<std::uint16_t, 2> edge;  ///< the nearest on its outer side
  int side;                           ///< 0 right, 1 left
  bool upper;
};
struct LashRoot {
  std::uint16_t lash, skin;
};
/// A vertex that goes with a lid: wholly at its edge, less and less away from it.
struct LidSkin {
  std::uint16_t vertex;
  int side;
  bool upper;
  float share;
};
struct LidMap {
  std::vector<LidPiece> pieces;
  std::vector<LidSkin> skins;
  std::vector<LashRoot> roots;  ///< every vertex of the strips and the skin that it stands on
};
/// Told from the model at rest: lids of some people stand well off their balls.
[[nodiscard]] LidMap map_lids(const HeadModel& head);

/// Sets lashes back on their lids, moves and widens what lies around each eye, brings the lids' edges to the
/// person's own opening and curves, and sets the ball between them so that the lower one touches the iris and
/// the upper one covers the rest. Nothing to do for a head without lashes.
void fit_eyes(const HeadModel& head, const LidMap& lids, const Eyes& eyes, std::vector<Vec3>& shape);

/// Shuts the lids of one eye, 0 as they are … 1 shut: both edges meet near where the lower one is, whatever
/// their shape, and keep their distance from the ball.
void close_lids(const HeadModel& head, const LidMap& lids, int side, float shut, std::vector<Vec3>& shape);

/// Shuts the lips of a resting face, along their whole length: shapes of many targets let them gape.
void close_lips(const HeadModel& head, std::vector<Vec3>& shape);

/// Wings of the nose and corners of the mouth.
void fit_widths(const HeadModel& head, const Widths& widths, std::vector<Vec3>& shape);
/// The corners of the mouth alone: what is done to the jaw afterwards widens it again.
void fit_mouth(const HeadModel& head, float mouth_mm, std::vector<Vec3>& shape);

}  // namespace shogo::people
