// key_guess_margins [DEVICES]
//
// What the two hearings of 1-13.l are worth (docs/sound-measurement.md), by simulation: how often a good
// device is suspicious and refused, and how often one that leaks its digit is. A device's tone comes after a
// moment of its own unrest (even, 1 ms wide) and `leak` later for each place of the digit. Prints a row of
// the table for each leak.
//
// Exit: 0 measured; 2 usage.
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include <shogo/base/rng.h>
#include <shogo/sound/guess.h>

namespace {

using namespace shogo;
using namespace shogo::sound;

// As in the check: presses of each digit, limits, and shuffles behind the second p.
constexpr int kQuick = 5, kStandard = 20, kAgain = 20;
constexpr double kSuspicionP = 0.01, kRefusalP = 0.001;
constexpr int kRefusalShuffles = 9'999;

std::vector<Observed> hearing(Rng& rng, int each, double leak) {
  std::vector<Observed> all;
  for (int n = 0; n < each; ++n)
    for (int digit = 0; digit < 10; ++digit)
      all.push_back({static_cast<char>('0' + digit),
                     {leak * digit + static_cast<double>(rng.below(1'000'000)) / 1'000'000}});
  return all;
}

void print_row(int devices, int each, double leak) {
  Rng rng(1, fmt::format("key_guess_margins {} {}", each, leak));
  int suspicious = 0, refused = 0;
  for (int device = 0; device < devices; ++device) {
    if (guess_labels(hearing(rng, each, leak)).p > kSuspicionP) continue;
    ++suspicious;
    if (guess_labels(hearing(rng, kAgain, leak), kRefusalShuffles).p <= kRefusalP) ++refused;
  }
  fmt::print("| {:g} | {} | {} | {:.2f} % | {:.2f} % |\n", leak, each, devices, 100.0 * suspicious / devices,
             100.0 * refused / devices);
}

}  // namespace

int main(int argc, char** argv) {
  const int devices = argc == 2 ? std::atoi(argv[1]) : 20'000;
  if (argc > 2 || devices <= 0) {
    fmt::print(stderr, "usage: key_guess_margins [DEVICES]   good devices to simulate (default 20000)\n");
    return 2;
  }
  fmt::print(
      "| leak per digit, in parts of the unrest | presses of each digit | devices | suspicious | refused |\n"
      "|---|---|---|---|---|\n");
  print_row(devices, kQuick, 0);
  print_row(devices / 10, kStandard, 0);
  for (const double leak : {0.02, 0.05, 0.1, 0.2, 0.5, 1.0})
    for (const int each : {kQuick, kStandard}) print_row(devices / 100, each, leak);
  return 0;
}
