#include <shogo/base/tlv.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::size_t used = 0;
  if (const auto tlv = shogo::parse_tlv({data, size}, used); tlv.ok()) {
    if (used > size) __builtin_trap();
    (void)shogo::parse_tlv_list(tlv->value);
  }
  (void)shogo::parse_tlv_list({data, size});
  return 0;
}
