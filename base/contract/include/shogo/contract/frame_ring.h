// Frame ring: a camera feed in POSIX shared memory. One writer (the camera simulator, or a capture process),
// any number of readers; a reader that is slow loses frames, never the writer's time. Each slot is guarded by
// a sequence number that is odd while the slot is being written (a seqlock), so a torn frame is noticed and
// skipped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <shogo/base/image.h>

namespace shogo::contract {

struct RingFrame {
  std::uint64_t number = 0;        ///< counts from 1; a gap means lost frames
  std::uint64_t timestamp_ns = 0;  ///< bench clock at mid-exposure
  Image image;
};

class FrameRingWriter {
 public:
  /// `name` as for shm_open ("/shogo-cam-0"). Replaces a ring of the same name; the destructor removes it.
  static Result<std::unique_ptr<FrameRingWriter>> create(const std::string& name, int width, int height,
                                                         int channels, int slots = 4);
  ~FrameRingWriter();
  FrameRingWriter(const FrameRingWriter&) = delete;
  FrameRingWriter& operator=(const FrameRingWriter&) = delete;
  /// The image must have the ring's shape.
  Result<void> write(const Image& image, std::uint64_t timestamp_ns);

 private:
  FrameRingWriter() = default;
  std::string name_;
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

class FrameRingReader {
 public:
  static Result<std::unique_ptr<FrameRingReader>> open(const std::string& name);
  ~FrameRingReader();
  FrameRingReader(const FrameRingReader&) = delete;
  FrameRingReader& operator=(const FrameRingReader&) = delete;
  /// The newest whole frame with a number above `after`; nothing when there is none (yet).
  [[nodiscard]] std::optional<RingFrame> latest(std::uint64_t after = 0) const;

 private:
  FrameRingReader() = default;
  const void* memory_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace shogo::contract
