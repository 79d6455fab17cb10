// Blocks with a true CRC, so that the fuzzer gets behind it; and the bytes as they are.
#include <cstdlib>

#include <shogo/contract/rf_block.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  (void)contract::parse_block({data, size});
  Bytes whole(data, data + size);
  const std::uint16_t crc = contract::crc_b(whole);
  whole.push_back(static_cast<std::uint8_t>(crc));
  whole.push_back(static_cast<std::uint8_t>(crc >> 8));
  const auto block = contract::parse_block(whole);
  if (!block.ok()) return 0;
  // What was understood says the same once more.
  const auto again = contract::parse_block(contract::encode_block(*block));
  if (!again.ok() || again->kind != block->kind || again->number != block->number ||
      again->more != block->more || again->information != block->information)
    std::abort();
  return 0;
}
