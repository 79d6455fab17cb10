// What bench.json says of the device's cameras:
//
//   "cameras": {"patient": {"ring": "/shogo-cam-0"}}
//
// The patient camera's frames come from a ring in shared memory (frame_ring.h): of a camera simulator, or of
// a capture process on a desk. Apart from BenchConfig because of all its readers only this one has cameras.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <shogo/base/result.h>

namespace shogo::reader {

struct CameraConfig {
  std::string patient_ring;  ///< as for shm_open; empty: the device has no camera
};

/// kInvalid for a camera or a key that is unknown here, and for a name that cannot be a ring's.
[[nodiscard]] Result<CameraConfig> parse_camera_config(std::string_view text, std::string_view where);
[[nodiscard]] Result<CameraConfig> load_camera_config(const std::filesystem::path& bench);

}  // namespace shogo::reader
