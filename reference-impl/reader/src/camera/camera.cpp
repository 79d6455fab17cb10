#include "camera/camera.h"

namespace shogo::reader {
namespace {

Sight sight_of(const Error& error) {
  switch (error.code()) {
    case Code::kNotFound:
      return Sight::kNoFeed;
    case Code::kCorrupt:
    case Code::kUnsupported:
      return Sight::kUnsuitable;
    default:
      return Sight::kNoAccess;
  }
}

}  // namespace

std::string_view to_string(Sight sight) {
  switch (sight) {
    case Sight::kLive:
      return "live";
    case Sight::kNoFeed:
      return "no_feed";
    case Sight::kNoAccess:
      return "no_access";
    case Sight::kUnsuitable:
      return "unsuitable";
    case Sight::kNoFrame:
      return "no_frame";
    case Sight::kStale:
      return "stale";
    case Sight::kOtherClock:
      return "other_clock";
  }
  return "no_feed";
}

std::optional<Sight> Camera::open() {
  if (ring_ && !ring_->over()) return std::nullopt;
  ring_.reset();
  auto opened = contract::FrameRingReader::open(name_);
  if (!opened.ok()) return sight_of(opened.error());
  // Checked before a frame is copied: its size is the writer's word.
  if ((*opened)->width() > kMostSide || (*opened)->height() > kMostSide) return Sight::kUnsuitable;
  ring_ = *std::move(opened);
  return std::nullopt;
}

View Camera::look() {
  View view;
  if (const auto problem = open()) {
    view.sight = *problem;
    return view;
  }
  auto frame = ring_->latest();
  if (!frame) {
    view.sight = Sight::kNoFrame;
    return view;
  }
  view.number = frame->number;
  // Unsigned, so that no time that somebody may write overflows.
  const auto now = static_cast<std::uint64_t>(clock_.now().count());
  const bool ahead = frame->timestamp_ns > now;
  const std::uint64_t apart = ahead ? frame->timestamp_ns - now : now - frame->timestamp_ns;
  const auto longer = [&](Nanoseconds limit) { return apart > static_cast<std::uint64_t>(limit.count()); };
  if (ahead) {
    if (longer(kAhead)) {
      view.sight = Sight::kOtherClock;
      return view;
    }
  } else {
    view.age = Nanoseconds(static_cast<std::int64_t>(apart));
    if (longer(kFreshest)) {
      view.sight = Sight::kStale;
      return view;
    }
  }
  view.sight = Sight::kLive;
  view.frame = std::move(frame);
  return view;
}

}  // namespace shogo::reader
