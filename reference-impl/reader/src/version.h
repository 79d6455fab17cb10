// What the device says about itself.
#pragma once

namespace shogo::reader {

inline constexpr const char* kModel = "shogo reference reader";
inline constexpr const char* kSerial = "SHOGO-REF-1";
inline constexpr const char* kFirmware = "0.1.0";
/// No device with this firmware was ever in use before that day: a clock that says so has lost its time.
inline constexpr const char* kMadeOn = "2026-01-01";
/// The simulated matcher handed in beside the reader; the hash is shogo/contract/synthetic_portrait.h's.
inline constexpr const char* kEngine =
    "shogo simulated matcher 1 (no screen uses it yet) "
    "sha256:39c7be4084e90ffa4e664e265cf94a0cff3cf50fb23a7a0fce8d0ee8bd8085c2";

}  // namespace shogo::reader
