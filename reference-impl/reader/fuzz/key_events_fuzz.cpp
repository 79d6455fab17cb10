// Whatever a thing in the keypad's port may send.
#include "input/key_events.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo::reader;
  KeyEvents events;
  std::size_t presses = 0;
  // In two pieces: a read may end anywhere.
  const std::size_t first = size == 0 ? 0 : data[0] % size;
  const auto count = [&](Key) { ++presses; };
  events.take({data, first}, count);
  events.take({data + first, size - first}, count);
  if (presses > size / sizeof(input_event)) __builtin_trap();
  return 0;
}
