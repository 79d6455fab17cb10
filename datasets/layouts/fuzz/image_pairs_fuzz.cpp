#include <cstddef>
#include <cstdint>

#include <shogo/base/bytes.h>
#include <shogo/layouts/image_pairs.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pairs = shogo::layouts::parse_pairs(shogo::as_text({data, size}), "fuzz");
  if (!pairs.ok()) return 0;
  for (const auto& pair : pairs->pairs)
    if (pair.reference >= pairs->images.size() || pair.probe >= pairs->images.size()) __builtin_trap();
  for (const std::uint32_t subject : pairs->subject)
    if (subject >= pairs->subjects.size()) __builtin_trap();
  return 0;
}
