// Can somebody who hears a key say which key it was (1-13.l)? A nearest-neighbour guess, and how often chance
// alone guesses as well. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <shogo/base/wave.h>

namespace shogo::sound {

/// Something that was heard, and what it came from.
struct Observed {
  char label = 0;
  std::vector<double> features;  ///< of equal length throughout
};

struct Guess {
  double right = 0;  ///< share of observations whose nearest other one has the same label; ties count in part
  double chance = 0;  ///< the same when labels say nothing
  double p = 1;  ///< permutation test: how often shuffled labels do as well, of shuffles + 1, itself included
};
constexpr int kShuffles = 999;

/// The same for the same observations. Needs two of each label to say anything; p = 1 with fewer. Where
/// labels were given out at random and say nothing, p <= a comes with probability a at most (exact, whatever
/// the features are).
[[nodiscard]] Guess guess_labels(const std::vector<Observed>& observed, int shuffles = kShuffles);

/// Two tones of a telephone's keypad (ITU-T Q.23) that hold most of the power: their digit; 0: none.
[[nodiscard]] char dialled_digit(const Sound& sound);

}  // namespace shogo::sound
