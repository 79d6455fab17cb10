// Frame ring: a camera feed in POSIX shared memory (shared_ring.h). Its writer is the camera simulator, or a
// capture process; what a device sees is these pixels and times and nothing else. What is true of a frame
// travels in a ring of its own (NAME.truth), whose name no device is told.
#pragma once

#include <shogo/base/image.h>
#include <shogo/contract/shared_ring.h>

namespace shogo::contract {

namespace cap {
/// Of the device protocol: the device tells what its cameras show (camera_info).
inline constexpr std::string_view kCameraInfo = "camera.info";
}  // namespace cap

struct RingFrame {
  std::uint64_t number = 0;        ///< counts from 1; a gap means lost frames
  std::uint64_t timestamp_ns = 0;  ///< bench clock at mid-exposure
  Image image;
};

class FrameRingWriter {
 public:
  /// See SharedRingWriter::create. At most 16384 x 16384 pixels of 1 or 3 channels.
  static Result<std::unique_ptr<FrameRingWriter>> create(const std::string& name, int width, int height,
                                                         int channels, int slots = 4);
  /// The image must have the ring's shape. `number` above the newest; 0: the next.
  Result<void> write(const Image& image, std::uint64_t timestamp_ns, std::uint64_t number = 0);

 private:
  FrameRingWriter(std::unique_ptr<SharedRingWriter> ring, int width, int height, int channels)
      : ring_(std::move(ring)), width_(width), height_(height), channels_(channels) {}
  std::unique_ptr<SharedRingWriter> ring_;
  int width_, height_, channels_;
};

class FrameRingReader {
 public:
  /// See SharedRingReader::open.
  static Result<std::unique_ptr<FrameRingReader>> open(const std::string& name);
  [[nodiscard]] int width() const { return static_cast<int>(ring_->shape().about[0]); }
  [[nodiscard]] int height() const { return static_cast<int>(ring_->shape().about[1]); }
  [[nodiscard]] int channels() const { return static_cast<int>(ring_->shape().about[2]); }
  /// The newest whole frame with a number above `after`; nothing when there is none (yet).
  [[nodiscard]] std::optional<RingFrame> latest(std::uint64_t after = 0) const;
  /// The feed has ended, or begun anew: open it again.
  [[nodiscard]] bool over() const { return ring_->over(); }

 private:
  explicit FrameRingReader(std::unique_ptr<SharedRingReader> ring) : ring_(std::move(ring)) {}
  std::unique_ptr<SharedRingReader> ring_;
};

}  // namespace shogo::contract
