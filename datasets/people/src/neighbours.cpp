#include "neighbours.h"

namespace shogo::people {

Neighbours::Neighbours(const HeadModel& head) : first_(head.rest().size() + 1), share_(head.rest().size()) {
  for (const Quad& quad : head.quads())
    for (const std::uint16_t corner : quad.corner) first_[corner + 1U] += 2;
  for (std::size_t i = 0; i < share_.size(); ++i) {
    if (first_[i + 1] > 0) share_[i] = 1 / static_cast<float>(first_[i + 1]);
    first_[i + 1] += first_[i];
  }
  other_.resize(first_.back());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (const Quad& quad : head.quads())
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint16_t a = quad.corner[i], b = quad.corner[(i + 1) % 4];
      other_[next[a]++] = b;
      other_[next[b]++] = a;
    }
}

Neighbours::Rings Neighbours::only(const std::vector<bool>& wanted) {
  Rings out;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) out.vertices.push_back(static_cast<std::uint16_t>(i));
  out.until.push_back(out.vertices.size());
  return out;
}

Neighbours::Rings Neighbours::rings(const std::vector<bool>& wanted) const {
  Rings out = only(wanted);
  std::vector<bool> seen = wanted;
  for (std::size_t from = 0; from < out.vertices.size();) {
    const std::size_t end = out.vertices.size();
    for (; from < end; ++from) {
      const std::size_t vertex = out.vertices[from];
      for (std::uint32_t i = first_[vertex]; i < first_[vertex + 1]; ++i)
        if (!seen[other_[i]]) {
          seen[other_[i]] = true;
          out.vertices.push_back(other_[i]);
        }
    }
    if (out.vertices.size() > end) out.until.push_back(out.vertices.size());
  }
  return out;
}

}  // namespace shogo::people
