#include "camera/camera_config.h"

// A name that is taken can be a ring's: a slash, and none after it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = shogo::reader::parse_camera_config({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (config.ok() && !config->patient_ring.empty() && config->patient_ring.rfind('/') != 0) __builtin_trap();
  return 0;
}
