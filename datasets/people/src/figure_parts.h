// The parts of a figure, each made in a file of its own.
#pragma once

#include <vector>

#include <shogo/people/figure.h>

namespace shogo::people {

/// What the makers of parts may look at.
struct Sitter {
  const HeadModel& head;
  const Person& person;
  const std::vector<Vec3>& shape;   ///< posed vertices of the head model
  const std::vector<Vec3>& normal;  ///< their normals
};

/// How far a place of the head at rest turns with the head.
[[nodiscard]] float follow_of(Vec3 rest);

/// The edges of the lids, from the strips that the head model has for lashes.
class Lids {
 public:
  Lids(const Sitter& sitter, const EyeBall* eyes);
  /// A short piece of an edge, and where lashes that grow there end.
  struct Stretch {
    Vec3 from, to, tip_from, tip_to;
    int side;
    bool upper;
  };
  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
  [[nodiscard]] bool empty() const { return stretches_.empty(); }
  /// Height of an edge at `x`.
  [[nodiscard]] float edge(int side, bool upper, float x) const;

 private:
  std::vector<Stretch> stretches_;
};

/// The upper lid and its lashes keep light from the eyeball.
void shade_eyes_by_lids(const Lids& lids, const EyeBall* eyes, Mesh& mesh);
void add_lashes(const Lids& lids, const Sitter& sitter, const SkinTexture& skin, Strands& strands);

void add_eye(const EyeBall& ball, const Eyes& eyes, int side, Mesh& mesh);
void add_clothes(const Sitter& sitter, Mesh& mesh);
void add_glasses(const Sitter& sitter, const EyeBall* eyes, Mesh& mesh);
void add_mask(const Sitter& sitter, Mesh& mesh, Strands& strands);
void add_head_hair(const Sitter& sitter, const Mesh& mesh, Strands& strands);
/// `light`: that reaches each vertex of the head model from all around.
void add_brows(const Sitter& sitter, const SkinTexture& skin, const std::vector<float>& light,
               Strands& strands);

/// Whether it lies over the ears; else it starts behind them.
[[nodiscard]] inline bool hair_covers_ears(const Hair& hair) {
  return hair.side_mm < -40 && !hair.tied && hair.back < 0.35F;
}

/// A strand through `points`; those turn with the head by `follow`.
void add_strand(Strands& to, const std::vector<Vec3>& points, const std::vector<float>& follow,
                const Strand& like);

/// Reflectance of one hair of this head; `key` is its own, `bundle` that of the hairs it lies with, which are
/// more or less grey together.
[[nodiscard]] Vec3 hair_colour(const Hair& hair, std::uint32_t key, std::uint32_t bundle);

/// Reflectance painted at a place of the head at rest.
[[nodiscard]] Vec3 painted_at(const SkinTexture& skin, Vec3 rest);

/// Finds the skin under a place of the face at rest, seen from the front.
class FrontFinder {
 public:
  explicit FrontFinder(const Sitter& sitter);
  struct Hit {
    Vec3 position, normal, rest;
    bool found = false;
    std::array<std::uint16_t, 3> corner{};  ///< of the triangle, and their shares in the place
    std::array<float, 3> share{};
  };
  [[nodiscard]] Hit at(float x, float y) const;

 private:
  const Sitter& sitter_;
  /// The triangles around a place, in the order of the model's: looking at all of them took half of a new
  /// expression's time.
  static constexpr int kCells = 64;
  static constexpr float kCell_mm = 5, kMargin_mm = 0.01F;
  [[nodiscard]] static int cell(float place);
  [[nodiscard]] static std::size_t index(int x, int y) { return static_cast<std::size_t>(y * kCells + x); }
  std::vector<std::vector<std::array<std::uint16_t, 3>>> cells_;
};

}  // namespace shogo::people
