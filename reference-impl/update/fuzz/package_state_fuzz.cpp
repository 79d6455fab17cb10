// The state file, which a disk may have damaged: what is understood says the same once more.
#include "../src/package_state.h"
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  const auto state = reference::parse_state(as_text({data, size}));
  if (!state.ok()) return 0;
  const std::string text = reference::state_text(*state);
  const auto again = reference::parse_state(text);
  if (!again.ok() || reference::state_text(*again) != text) std::abort();
  return 0;
}
