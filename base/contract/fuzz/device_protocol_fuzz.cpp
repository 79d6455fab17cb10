#include <shogo/contract/device_protocol.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const shogo::ByteView bytes{data, size};
  (void)shogo::contract::parse_rpc(shogo::as_text(bytes));
  if (const auto frame = shogo::contract::parse_binary(bytes); frame.ok())
    (void)shogo::contract::parse_screen_payload(frame->payload);
  (void)shogo::contract::parse_screen_payload(bytes);
  return 0;
}
