#include <shogo/contract/rf_exchange.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shogo::Bytes buffer(data, data + size);
  for (;;) {
    const auto message = shogo::contract::take_rf(buffer);
    if (!message.ok() || !message->has_value()) break;
    if (const auto atqb = shogo::contract::parse_atqb((*message)->payload); atqb.ok())
      (void)shogo::contract::atr_of(*atqb);
    (void)shogo::contract::parse_attrib((*message)->payload);
  }
  return 0;
}
