#include <shogo/sim/ring_sink.h>

namespace shogo::sim {
namespace {

constexpr std::uint32_t kTexts = 2, kTruthSlots = 64, kTruthBytes = 16 << 10;

}  // namespace

std::string truth_ring_name(const std::string& name) {
  return name + ".truth";
}

Result<std::unique_ptr<RingSink>> RingSink::create(const std::string& name, int width, int height) {
  SHOGO_TRY(auto truths, contract::SharedRingWriter::create(truth_ring_name(name),
                                                            {kTexts, kTruthSlots, kTruthBytes, {}}));
  SHOGO_TRY(auto frames, contract::FrameRingWriter::create(name, width, height, 3));
  return std::unique_ptr<RingSink>(new RingSink(std::move(frames), std::move(truths)));
}

Result<void> RingSink::take(const FeedFrame& frame) {
  // Truth first: whoever sees the frame finds it.
  const auto timestamp = static_cast<std::uint64_t>(frame.timestamp.count());
  SHOGO_CHECK_OK(truths_->write(as_bytes(frame.picture.truth), timestamp, frame.number));
  return frames_->write(frame.picture.image, timestamp, frame.number);
}

Result<TruthRing> TruthRing::open(const std::string& name) {
  SHOGO_TRY(auto ring, contract::SharedRingReader::open(truth_ring_name(name), kTexts));
  return TruthRing(std::move(ring));
}

std::optional<std::string> TruthRing::of_frame(std::uint64_t number) const {
  const auto record = ring_->at(number);
  if (!record) return std::nullopt;
  return std::string(as_text(record->bytes));
}

}  // namespace shogo::sim
