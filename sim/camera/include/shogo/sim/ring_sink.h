// A feed into shared memory: frames in one ring, what is true of them in another (NAME.truth), so that who is
// told the first name only reads pixels and times. Both are readable for processes of the same user: a device
// that must not look into the second has to run as another one, or in a namespace of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <shogo/contract/frame_ring.h>
#include <shogo/sim/camera_feed.h>

namespace shogo::sim {

class RingSink final : public FrameSink {
 public:
  /// `name` as for shm_open ("/shogo-cam-0").
  static Result<std::unique_ptr<RingSink>> create(const std::string& name, int width, int height);
  /// A truth longer than 16 KiB is an error, kInvalid.
  Result<void> take(const FeedFrame& frame) override;

 private:
  RingSink(std::unique_ptr<contract::FrameRingWriter> frames,
           std::unique_ptr<contract::SharedRingWriter> truths)
      : frames_(std::move(frames)), truths_(std::move(truths)) {}
  std::unique_ptr<contract::FrameRingWriter> frames_;
  std::unique_ptr<contract::SharedRingWriter> truths_;
};

[[nodiscard]] std::string truth_ring_name(const std::string& name);

/// For judges. Whoever sees frame n in the ring finds its truth here, for as long as the ring keeps it (64
/// frames).
class TruthRing {
 public:
  static Result<TruthRing> open(const std::string& name);
  /// JSON.
  [[nodiscard]] std::optional<std::string> of_frame(std::uint64_t number) const;

 private:
  explicit TruthRing(std::unique_ptr<contract::SharedRingReader> ring) : ring_(std::move(ring)) {}
  std::unique_ptr<contract::SharedRingReader> ring_;
};

}  // namespace shogo::sim
