// Recordings come from vendors' devices: what is understood is written and read as the same.
#include <cstdlib>

#include <shogo/base/wave.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  const auto sound = read_wave({data, size});
  if (!sound.ok()) return 0;
  const auto again = read_wave(write_wave(*sound));
  if (!again.ok() || again->rate != sound->rate || again->samples != sound->samples) std::abort();
  return 0;
}
