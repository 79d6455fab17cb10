// Figure: a person in three dimensions, ready to be looked at: skin, eyes, teeth, hair, clothes and what is
// worn, in one expression. Built once per person (a Model holds what does not change), deformed per capture.
// Millimetres; the origin lies midway between the eyes of the neutral face.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <shogo/people/person.h>

namespace shogo::people {

/// What a triangle is made of; also the class in the segmentation image.
enum class Material : std::uint8_t {
  kBackground,
  kSkin,
  kEye,
  kTeeth,
  kMouth,
  kHair,
  kBrow,
  kLash,
  kCloth,
  kGlasses,
  kMask,
  kLens
};

struct Vertex {
  Vec3 position, normal;
  float u = 0, v = 0;  ///< skin: place in the chart; eye: millimetres from the axis; cloth: pattern
  float light = 1;     ///< ambient light that reaches it, 0 … 1
  float follow = 1;    ///< how far it turns with the head: 1 head, 0 torso
};
struct Triangle {
  std::array<std::uint32_t, 3> corner;
  Material material;
  std::uint8_t side = 0;  ///< eyes: 0 right, 1 left; cloth: 0 main, 1 second colour
};
struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<Triangle> triangles;
};

/// A hair, or a bundle of hairs: a ribbon that always faces the camera.
struct Strand {
  std::uint32_t first = 0;  ///< in Strands::points
  std::uint16_t count = 0;
  Material material = Material::kHair;
  float width_mm = 0.6F;
  std::uint8_t hairs = 1;  ///< a bundle: so many lie side by side over its width, 1 to 16
  float length_mm = 0;
  float ragged_mm = 0;  ///< hairs of a bundle start so far apart along it
  float spread =
      0;        ///< how much the hairs of a bundle differ in tone, 0 … 1; of a brow: between grey and dark
  Vec3 colour;  ///< linear reflectance
  Vec3 under;   ///< brows and lashes: that of the skin they lie on, seen where they are thin
  float light = 1;  ///< ambient light at its tip; the root gets less
  float tilt = 0;   ///< how its lock leans out of the way of its neighbours: the band of light breaks up
  std::uint32_t key = 0;
};
struct Strands {
  std::vector<Vec3> points;
  std::vector<float> follow;  ///< beside points
  std::vector<float> along;   ///< beside points: 0 root … 1 tip, by length
  std::vector<Strand> strands;
};

/// Skin colour and fine relief over the chart.
struct SkinTexel {
  std::uint8_t red, green, blue;  ///< square root of the linear reflectance
  std::uint8_t gloss;             ///< oil film
  std::int8_t du, dv;             ///< slope of the relief to the subject's left and up, 1/64
};
struct SkinTexture {
  static constexpr int kWidth = 512, kHeight = 640;
  std::vector<SkinTexel> texels;
};

struct EyeBall {
  Vec3 centre;
  float radius_mm = 12;
};

/// Weights of expression units ("mouth-corner-puller") from 0 to 1.
using Expression = std::vector<AxisValue>;

/// What a capture may change without changing the person.
struct Wear {
  bool glasses = false;
  bool mask = false;
  friend bool operator==(const Wear&, const Wear&) = default;
};

struct Figure {
  Person person;
  Wear wear;
  Mesh mesh;
  Strands hair;                ///< hair of the head, brows and lashes
  std::size_t head_hairs = 0;  ///< the first so many strands are hair of the head
  std::shared_ptr<const SkinTexture> skin;
  std::shared_ptr<const std::vector<Vec3>> shape;  ///< of the head model without any expression
  EyeBall eyes[2];                                 ///< right, left
  std::vector<Vec3> landmarks;  ///< eyes' pupils (right, left), nose tip, mouth corners (right, left): the
                                ///< five usual points
  Vec3 neck;                    ///< where the head turns
};

/// `like`: a figure of the same person in another expression. Its shape, hair, skin and ambient light are
/// taken over, which makes a change of expression cheap.
[[nodiscard]] Figure build_figure(const HeadModel& head, const Person& person, const Expression& expression,
                                  const Wear& wear, const Figure* like = nullptr);

}  // namespace shogo::people
