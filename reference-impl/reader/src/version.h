// What the device says about itself.
#pragma once

namespace shogo::reader {

inline constexpr const char* kModel = "shogo reference reader";
inline constexpr const char* kSerial = "SHOGO-REF-1";
inline constexpr const char* kFirmware = "0.1.0";

}  // namespace shogo::reader
