// What stands in for libFuzzer where it is not linked: the target sees its seeds, each of them cut off and
// with flipped bits, and nothing at all. So every fuzz target is compiled and run by the ordinary tests, too;
// finding new inputs is libFuzzer's work (ci/fuzz).
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>
#include <vector>

#include <shogo/base/file.h>
#include <shogo/base/rng.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kFlipsPerSeed = 16;

/// No input, too, has an address, as libFuzzer's has.
void feed(std::span<const std::uint8_t> input) {
  const std::uint8_t none = 0;
  LLVMFuzzerTestOneInput(input.empty() ? &none : input.data(), input.size());
}

void feed_variants(std::span<const std::uint8_t> bytes, shogo::Rng& rng) {
  feed(bytes);
  if (bytes.empty()) return;
  // A vector of its own for each length, so that the sanitizer sees a read beyond the end.
  feed(std::vector<std::uint8_t>(bytes.begin(),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2)));
  feed(std::vector<std::uint8_t>(bytes.begin(), bytes.end() - 1));
  for (int flip = 0; flip < kFlipsPerSeed; ++flip) {
    std::vector<std::uint8_t> damaged(bytes.begin(), bytes.end());
    damaged[rng.below(damaged.size())] ^= static_cast<std::uint8_t>(1U << rng.below(8));
    feed(damaged);
  }
}

}  // namespace

/// Arguments: folders of seeds. Exit 1: a folder cannot be read.
int main(int argc, char** argv) {
  shogo::Rng rng(1, "fuzz replay");
  feed({});
  int seeds = 0;
  for (int i = 1; i < argc; ++i) {
    std::error_code failed;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i], failed))
      files.push_back(entry.path());
    if (failed) {
      std::fprintf(stderr, "%s cannot be read: %s\n", argv[i], failed.message().c_str());
      return 1;
    }
    std::sort(files.begin(), files.end());  // the same order everywhere
    for (const auto& file : files) {
      const auto seed = shogo::read_file(file);
      if (!seed.ok()) {
        std::fprintf(stderr, "%s\n", seed.error().describe().c_str());
        return 1;
      }
      feed_variants(*seed, rng);
      ++seeds;
    }
  }
  std::printf("%d seeds, each in %d variants\n", seeds, kFlipsPerSeed + 3);
  return 0;
}
