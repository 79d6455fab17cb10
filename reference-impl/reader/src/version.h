// What the device says about itself.
#pragma once

namespace shogo::reader {

inline constexpr const char* kModel = "shogo reference reader";
inline constexpr const char* kSerial = "SHOGO-REF-1";
inline constexpr const char* kFirmware = "0.1.0";
/// No device with this firmware was ever in use before that day: a clock that says so has lost its time.
inline constexpr const char* kMadeOn = "2026-01-01";

}  // namespace shogo::reader
