// The mean of a vertex' neighbours along the edges of the head model: what smoothing mixes in, round after
// round. The list of them is made once per model.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <shogo/people/head_model.h>

namespace shogo::people {

class Neighbours {
 public:
  explicit Neighbours(const HeadModel& head);

  /// An edge between two quads counts for each of them; the sum runs in the order of the quads. A vertex
  /// without neighbours has what it has itself.
  [[nodiscard]] Vec3 mean(const std::vector<Vec3>& of, std::size_t vertex) const {
    const std::uint32_t first = first_[vertex], end = first_[vertex + 1];
    if (first == end) return of[vertex];
    Vec3 sum{};
    for (std::uint32_t i = first; i < end; ++i) sum += of[other_[i]];
    return sum * share_[vertex];
  }

  /// Vertices in the order in which they matter to those that `wanted` tells: `until[n]` is how many lie at
  /// most n edges away.
  struct Rings {
    std::vector<std::uint16_t> vertices;
    std::vector<std::size_t> until;
    /// How many must be made in a round after which so many others follow.
    [[nodiscard]] std::size_t needed(int rounds_left) const {
      return until[std::min(static_cast<std::size_t>(rounds_left), until.size() - 1)];
    }
  };
  [[nodiscard]] Rings rings(const std::vector<bool>& wanted) const;
  /// The wanted alone: the others keep what they have.
  [[nodiscard]] static Rings only(const std::vector<bool>& wanted);

 private:
  std::vector<std::uint32_t> first_;
  std::vector<std::uint16_t> other_;
  std::vector<float> share_;
};

/// `rounds` times: every vertex of the rings that still matters becomes `next(vertex, mean of its
/// neighbours)`. What `of` holds elsewhere is of no use afterwards.
template <typename Next>
void smooth_rounds(const Neighbours& neighbours, const Neighbours::Rings& rings, int rounds,
                   std::vector<Vec3>& of, Next&& next) {
  std::vector<Vec3> fresh(rings.vertices.size());
  for (int left = rounds - 1; left >= 0; --left) {
    const std::size_t count = rings.needed(left);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = rings.vertices[k];
      fresh[k] = next(i, neighbours.mean(of, i));
    }
    for (std::size_t k = 0; k < count; ++k) of[rings.vertices[k]] = fresh[k];
  }
}

}  // namespace shogo::people
