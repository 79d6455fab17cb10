#include <cmath>

#include <shogo/scores/formats.h>

/// The first byte chooses a format, so that every parser is reached; 0 lets the sniffer choose.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo::scores;
  if (size < 1) return 0;
  constexpr Format kFormats[] = {Format::kBob4, Format::kBob5, Format::kCsv,
                                 Format::kFrvt, Format::kNpz,  Format::kScores};
  ReadOptions options;
  if (const std::size_t choice = data[0] % 7U; choice > 0) options.format = kFormats[choice - 1];
  options.lower_is_similar = (data[0] & 0x80) != 0;
  // A mapped file lies at a page; a vector at least at 16 bytes.
  const shogo::Bytes bytes(data + 1, data + size);
  (void)parse_templates(bytes, "fuzz");
  const auto set = parse_scores(bytes, "fuzz", options);
  if (!set.ok()) return 0;
  if (set->genuine().empty() || set->impostor().empty()) __builtin_trap();
  for (const auto side : {set->genuine(), set->impostor()})
    for (const float score : side)
      if (!std::isfinite(score)) __builtin_trap();
  return 0;
}
