#include "settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto settings = shogo::reader::read_settings(text, {});
  if (settings.ok() && settings->idle_timeout_ms < shogo::reader::kMinIdleTimeout_ms) __builtin_trap();
  return 0;
}
