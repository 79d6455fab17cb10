#include <fmt/core.h>

#include <shogo/contract/frame_ring.h>

namespace shogo::contract {
namespace {

constexpr std::uint32_t kFrames = 1;

bool is_a_camera(std::int64_t width, std::int64_t height, std::int64_t channels) {
  constexpr std::int64_t kMostSide = 16384;
  return width >= 1 && width <= kMostSide && height >= 1 && height <= kMostSide &&
         (channels == 1 || channels == 3);
}

}  // namespace

Result<std::unique_ptr<FrameRingWriter>> FrameRingWriter::create(const std::string& name, int width,
                                                                 int height, int channels, int slots) {
  if (!is_a_camera(width, height, channels) || slots < 0)
    return Error{Code::kInvalid, fmt::format("frame ring {}: {}x{}x{} in {} slots is not a camera's shape",
                                             name, width, height, channels, slots)};
  const auto u32 = [](int value) { return static_cast<std::uint32_t>(value); };
  SHOGO_TRY(auto ring, SharedRingWriter::create(name, {kFrames,
                                                       u32(slots),
                                                       u32(width) * u32(height) * u32(channels),
                                                       {u32(width), u32(height), u32(channels)}}));
  return std::unique_ptr<FrameRingWriter>(new FrameRingWriter(std::move(ring), width, height, channels));
}

Result<void> FrameRingWriter::write(const Image& image, std::uint64_t timestamp_ns, std::uint64_t number) {
  if (!image.valid() || image.width != width_ || image.height != height_ || image.channels != channels_)
    return Error{Code::kInvalid, fmt::format("a frame of {}x{}x{}; the ring has {}x{}x{}", image.width,
                                             image.height, image.channels, width_, height_, channels_)};
  return ring_->write(image.pixels, timestamp_ns, number);
}

Result<std::unique_ptr<FrameRingReader>> FrameRingReader::open(const std::string& name) {
  SHOGO_TRY(auto ring, SharedRingReader::open(name, kFrames));
  const auto& [width, height, channels] = ring->shape().about;
  if (!is_a_camera(width, height, channels) ||
      std::uint64_t{width} * height * channels != ring->shape().capacity)
    return Error{Code::kCorrupt, fmt::format("frame ring {}: its header makes no sense", name)};
  return std::unique_ptr<FrameRingReader>(new FrameRingReader(std::move(ring)));
}

std::optional<RingFrame> FrameRingReader::latest(std::uint64_t after) const {
  std::optional<RingRecord> record = ring_->latest(after);
  // A record of another size is none of a camera's.
  if (!record || record->bytes.size() != ring_->shape().capacity) return std::nullopt;
  return RingFrame{record->number, record->timestamp_ns,
                   Image{width(), height(), channels(), std::move(record->bytes)}};
}

}  // namespace shogo::contract
