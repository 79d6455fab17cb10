// One scan over all pairs of templates, or over those between two blocks: exact scores for the few that
// matter.
#pragma once

#include "quantised.h"
#include <cstdint>
#include <functional>
#include <vector>

namespace shogo::scores {

/// An impostor pair i < j whose exact score lies between the two.
struct Candidate {
  float low, high;
  std::uint32_t i, j;
};

struct ScoredPair {
  float score;
  std::uint32_t i, j;
};

class Comparison {
 public:
  /// Which pairs i < j: rows [0, rows), columns [columns, count). Either all, or rows = columns.
  struct Part {
    std::size_t rows, columns;
  };
  Comparison(const Templates& templates, const std::vector<double>& norms, const PairKernel& kernel,
             const Part& part);

  /// The exact score.
  [[nodiscard]] float score(std::size_t i, std::size_t j) const;
  /// Every pair of the part with one subject, in order of (i, j).
  [[nodiscard]] std::vector<ScoredPair> genuine() const;

  /// What the scan looks for. With `rank` it may raise `from` as it goes, so long as more than `rank` of all
  /// `impostors` pairs are expected to reach it; whether they did is seen from what comes back.
  struct Search {
    float from = -2;
    std::uint64_t rank = 0, impostors = 0;
    bool raise = false;
  };
  /// Impostor pairs of the part that may reach search.from, as it is at the end. `screened` counts the pairs
  /// that the first 8 bits left.
  [[nodiscard]] std::vector<Candidate> scan(Search& search, std::uint64_t& screened,
                                            const std::function<void(double)>& progress) const;

  /// A score that more impostor pairs than `rank` of all should reach, guessed from random ones.
  [[nodiscard]] float guess(std::uint64_t rank, std::uint64_t impostors) const;

 private:
  struct Survivor {
    std::uint32_t row, column;  // places
    std::int32_t dot;
  };
  void refine(std::vector<Survivor>& survivors, float from, std::vector<Candidate>& candidates) const;

  const Templates& templates_;
  const std::vector<double>& norms_;
  const PairKernel& kernel_;
  Part part_;
  Quantised quantised_;
};

}  // namespace shogo::scores
