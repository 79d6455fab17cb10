#include <shogo/contract/screen_change.h>

// The first frame is ours, so that the bytes can name it as their base; then they are a frame of their own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const shogo::ByteView bytes{data, size};
  shogo::contract::ScreenDecoder decoder;
  const shogo::Image first{8, 4, 3, shogo::Bytes(8 * 4 * 3, 0x55)};
  (void)decoder.take(shogo::contract::encode_screen_runs(first), 1);
  (void)decoder.take(bytes, 2);
  const shogo::Image& screen = decoder.screen();
  if (!screen.valid()) __builtin_trap();
  return 0;
}
