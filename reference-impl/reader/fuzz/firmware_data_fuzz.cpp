// The content of firmware data. What is taken must be drawable: its blanks are filled in without a check.
#include "updates/firmware_data.h"

#include <fmt/core.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  using namespace shogo::reader;
  const auto words = read_firmware_data(ByteView(data, size));
  if (!words.ok()) return 0;
  for (const auto& [language, code] : kLanguages)
    for (const char* filled : {"tries", "volume_step"})
      (void)fmt::format(fmt::runtime(words->word(filled, language)), 3);
  return 0;
}
