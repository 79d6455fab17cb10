// Pieces of work that do not depend on each other, on several threads.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace shogo::people {

/// Calls work(0) … work(pieces - 1), in any order, on `threads` threads (one of them the caller's).
template <typename Work>
void side_by_side(int threads, int pieces, Work&& work) {
  std::atomic<int> next{0};
  const auto run = [&] {
    for (int piece = next++; piece < pieces; piece = next++) work(piece);
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
}

}  // namespace shogo::people
