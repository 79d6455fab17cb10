#include "sound_trace.h"

#include "card_trace.h"
#include "virtual_time.h"
#include <algorithm>
#include <optional>

#include <shogo/base/json_reader.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

/// A device may hand out a second of sound at once.
constexpr milliseconds kQuiet{2'500};
constexpr milliseconds kSlice{1'000};
constexpr int kMostSlices = 40;
constexpr int kWantedRate = 48'000;
/// Within a stretch: two keys may follow each other this closely.
constexpr milliseconds kBetweenTones{15};

}  // namespace

std::vector<HeardStretch> heard_in(const Transcript& transcript, int& unreadable) {
  std::vector<HeardStretch> all;
  unreadable = 0;
  for (const Event* event : transcript.select(source::kDevice, "sound")) {
    const std::string file = event->blob.empty() ? text_of(event->data, "file") : event->blob;
    const Bytes* wave = transcript.blob(file);
    auto sound = wave == nullptr ? Result<Sound>(Error{Code::kNotFound, "no recording"}) : read_wave(*wave);
    if (!sound.ok()) {
      ++unreadable;
      continue;
    }
    const Nanoseconds begin{integer_of(event->data, "t_dev_ns", 0)};
    all.push_back({begin, begin + sound->length(), *std::move(sound), file});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const HeardStretch& a, const HeardStretch& b) { return a.begin < b.begin; });
  return all;
}

bool sound_is_whole(const Transcript& transcript) {
  return transcript.select(source::kHarness, "sound_lost").empty();
}

std::vector<HeardTone> tones_in(const std::vector<HeardStretch>& stretches) {
  std::vector<HeardTone> all;
  for (const HeardStretch& stretch : stretches) {
    sound::Hearing hearing;
    hearing.pause = kBetweenTones;
    for (const sound::Sounding& sounding : sound::soundings(stretch.sound, hearing)) {
      const auto from = static_cast<std::ptrdiff_t>(stretch.sound.index(sounding.begin));
      const auto to = static_cast<std::ptrdiff_t>(stretch.sound.index(sounding.end));
      all.push_back(
          {stretch.begin + sounding.begin,
           stretch.begin + sounding.end,
           sounding.kind,
           sounding.level_dbfs,
           {stretch.sound.rate, {stretch.sound.samples.begin() + from, stretch.sound.samples.begin() + to}}});
    }
  }
  return all;
}

Result<Nanoseconds> device_now(Stage& stage) {
  SHOGO_TRY(const boost::json::value answer, stage.device().call("ping", {{"t", 0}}, kAnswerWait));
  SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer to ping"));
  SHOGO_TRY(const std::int64_t now, object.integer("t_dev"));
  return Nanoseconds(now);
}

Result<Ear> Ear::begin(Stage& stage) {
  auto* source = dynamic_cast<SoundSource*>(&stage.device());
  if (source == nullptr || !stage.device().has(contract::cap::kAudio))
    return Error{Code::kUnsupported, "the device does not declare audio.out"};
  SHOGO_CHECK_OK(stage.call("subscribe_audio", {{"rate", kWantedRate}}));
  Ear ear(stage, *source);
  (void)source->take_sounds();  // of another case
  return ear;
}

Result<Nanoseconds> Ear::catch_up() {
  SHOGO_TRY(const Nanoseconds now, device_now(*stage_));
  for (const SoundPiece& piece : source_->take_sounds()) {
    if (seq_ != 0 && piece.seq != seq_ + 1)
      stage_->record(source::kHarness, "sound_lost", {{"pieces", piece.seq - seq_ - 1}});
    seq_ = piece.seq;
    auto sound = contract::parse_sound_payload(*piece.payload);
    if (!sound.ok()) {
      stage_->record(source::kHarness, "protocol_violation",
                     {{"text", "sound: " + sound.error().describe()}});
      continue;
    }
    last_ = std::max(last_, piece.at + sound->length());
    recording_.take(piece.at, *std::move(sound));
  }
  return now;
}

Result<std::vector<sound::Stretch>> Ear::keep() {
  SHOGO_CHECK_OK(catch_up());
  std::vector<sound::Stretch> heard = recording_.stretches();
  for (const sound::Stretch& stretch : heard) {
    Bytes wave = write_wave(stretch.sound);
    const std::string stem = "sound-" + sha256_hex(wave).substr(0, 16);
    boost::json::object told{{"file", stem + "-0001.wav"},
                             {"t_dev_ns", stretch.begin.count()},
                             {"t_dev_end_ns", stretch.end().count()}};
    if (files_.insert(stem).second) {
      stage_->record(source::kDevice, "sound", std::move(told), stem, "wav", std::move(wave));
    } else {
      stage_->record(source::kDevice, "sound", std::move(told));
    }
  }
  return heard;
}

Result<void> Ear::let_it_finish() {
  const bool movable = stage_->device().has(contract::cap::kClockVirtual);
  std::optional<VirtualTime> time;
  if (movable) {
    SHOGO_TRY(time, VirtualTime::begin(*stage_));
  }
  SHOGO_TRY(const Nanoseconds start, catch_up());
  for (int slice = 0; slice < kMostSlices; ++slice) {
    SHOGO_CHECK_OK(movable ? time->advance(*stage_, kSlice) : stage_->linger(kSlice));
    SHOGO_TRY(const Nanoseconds now, catch_up());
    if (now - std::max(last_, start) >= Nanoseconds(kQuiet)) break;
  }
  return movable ? time->end(*stage_) : Result<void>();
}

}  // namespace shogo::conformance
