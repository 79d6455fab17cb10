// Any bytes as a card file; those that pass the seal are described, too.
#include <shogo/sim/card_file.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  const auto card = sim::parse_card_file(as_text({data, size}), "fuzz");
  if (!card.ok() && card.error().message().empty()) __builtin_trap();
  return 0;
}
