#include <shogo/contract/device_protocol.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const shogo::ByteView bytes{data, size};
  (void)shogo::contract::parse_rpc(shogo::as_text(bytes));
  if (const auto frame = shogo::contract::parse_binary(bytes); frame.ok()) {
    (void)shogo::contract::parse_screen_payload(frame->payload);
    (void)shogo::contract::parse_sound_payload(frame->payload);
  }
  // What can be read says the same when it is written again.
  if (const auto sound = shogo::contract::parse_sound_payload(bytes);
      sound.ok() && shogo::contract::encode_sound_payload(sound->rate, sound->samples) !=
                        shogo::Bytes(bytes.begin(), bytes.end()))
    __builtin_trap();
  (void)shogo::contract::parse_screen_payload(bytes);
  return 0;
}
