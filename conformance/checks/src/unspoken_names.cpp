// The script of 1-13.j: the same visit twice, with other names in the eligibility system's register. On every
// page with a list somebody listens to the end, chooses the first name and listens again.
#include "unspoken_names.h"

#include "card_trace.h"
#include "screen_record.h"
#include "selection_pages.h"
#include "sound_trace.h"
#include "spoken_pages.h"
#include "virtual_time.h"
#include "whole_script.h"
#include <cmath>
#include <optional>

#include <fmt/core.h>

#include <shogo/conformance/contrast.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/sound/phrase.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kMostPages = 12;
constexpr std::string_view kCome = "come", kChosen = "chosen";

class Walk {
 public:
  Walk(Stage& stage, Ear ear, const contract::VoicePack* voice)
      : stage_(stage), ear_(std::move(ear)), voice_(voice) {}

  Result<void> play(std::string_view set) {
    set_ = set;
    SHOGO_CHECK_OK(give_names(stage_, kWho, canary_names(set)));
    begin_step(stage_, set, kWho);
    SHOGO_CHECK_OK(enter_right_pin(stage_, kWho));
    for (int page = 0; page < kMostPages; ++page) {
      SHOGO_TRY(Screen screen, stage_.settled_screen());
      const std::string state = screen.tree.state;
      if (!state.starts_with("consent_") && state != "expiry_notice") return finish(stage_);
      const std::vector<std::string> names = names_on(canary_names(set), state);
      if (!names.empty()) SHOGO_CHECK_OK(selection(screen, names));
      SHOGO_TRY(screen, stage_.settled_screen());
      const UiNode* button = onward(screen.tree, names);
      if (button == nullptr) return Error{Code::kNotFound, "no button leads on from " + state};
      // What this page still says is not the next one's.
      SHOGO_CHECK_OK(ear_.let_it_finish());
      SHOGO_CHECK_OK(ear_.keep());
      const Mark pressed = stage_.mark();
      SHOGO_CHECK_OK(stage_.touch(button->centre_x(), button->centre_y()));
      SHOGO_CHECK_OK(stage_.wait_event("the next page", pressed, [](const Event& event) {
        return event.source == source::kDevice && event.kind == "state" &&
               text_of(event.data, "name") != "verifying";
      }));
    }
    return Error{Code::kConflict, "the device goes on asking"};
  }

  /// The search must find each name where it is said, among other words, and not where another one is.
  Result<void> try_search() {
    if (voice_ == nullptr) return {};
    for (const std::string_view set : {"first", "second"})
      for (const auto& [page, names] : canary_names(set)) {
        const auto said = voice_->speech("ja", names.front());
        const auto other = voice_->speech("ja", names.back());
        if (!said.ok() || !other.ok()) continue;
        const sound::Spectrogram name(*said, true);
        Sound both = resampled(*other, sound::kEvidenceRate);
        const sound::Match missed = find_phrase(sound::Spectrogram(both), name);
        const Sound own = resampled(*said, sound::kEvidenceRate);
        both.samples.insert(both.samples.end(), own.samples.begin(), own.samples.end());
        const sound::Match found = find_phrase(sound::Spectrogram(both), name);
        stage_.record(source::kHarness, kSearchControl,
                      {{"text", names.front()},
                       {"found", found.distance <= sound::kSamePhrase},
                       {"missed", missed.distance > sound::kSamePhrase},
                       {"distance", std::round(1'000 * found.distance) / 1'000},
                       {"other_distance", std::round(1'000 * missed.distance) / 1'000}});
      }
    return {};
  }

 private:
  Result<void> selection(const Screen& screen, const std::vector<std::string>& names) {
    const auto state = stage_.last_state();
    SHOGO_CHECK_OK(
        listen(kCome, screen, names, Nanoseconds{state ? integer_of(state->data, "t_dev", 0) : 0}));
    const UiNode* first = node_with(screen.tree, names.front());
    if (first == nullptr || first->role != "button") return {};
    // Tone and words come of one touch: while time stands still they keep the same step in both visits.
    std::optional<VirtualTime> time;
    if (stage_.device().has(contract::cap::kClockVirtual)) {
      SHOGO_TRY(time, VirtualTime::begin(stage_));
    }
    SHOGO_TRY(const Nanoseconds now, device_now(stage_));
    SHOGO_CHECK_OK(stage_.touch(first->centre_x(), first->centre_y()));
    if (time) SHOGO_CHECK_OK(time->end(stage_));
    SHOGO_TRY(const Screen chosen, stage_.settled_screen());
    return listen(kChosen, chosen, names, now);
  }

  Result<void> listen(std::string_view moment, const Screen& screen, const std::vector<std::string>& names,
                      Nanoseconds shown) {
    SHOGO_CHECK_OK(ear_.let_it_finish());
    SHOGO_TRY(const std::vector<sound::Stretch> heard, ear_.keep());
    SHOGO_TRY(const Nanoseconds left, device_now(stage_));
    std::int64_t legible = 0;
    for (const std::string& name : names) {
      const UiNode* node = node_with(screen.tree, name);
      legible += node != nullptr && read_ink(screen.frame.image, box_of(*node)) ? 1 : 0;
    }
    SHOGO_CHECK_OK(record_screen(stage_, screen, fmt::format("{} {}", set_, moment)));
    stage_.record(source::kHarness, kNamePage,
                  {{"set", set_},
                   {"state", screen.tree.state},
                   {"moment", moment},
                   {"names", names.size()},
                   {"legible", legible},
                   {"t_shown_ns", shown.count()},
                   {"t_left_ns", left.count()}});
    return search(moment, screen.tree.state, names, heard, shown);
  }

  Result<void> search(std::string_view moment, const std::string& state,
                      const std::vector<std::string>& names, const std::vector<sound::Stretch>& heard,
                      Nanoseconds shown) {
    if (voice_ == nullptr) return {};
    Sound all{sound::kEvidenceRate, {}};
    for (const sound::Stretch& stretch : heard) {
      if (stretch.end() <= shown) continue;
      all.samples.insert(all.samples.end(), stretch.sound.samples.begin(), stretch.sound.samples.end());
      all.samples.resize(all.samples.size() + sound::kEvidenceRate / 10);
    }
    const sound::Spectrogram said(all);
    for (const std::string& name : names) {
      const auto speech = voice_->speech("ja", name);
      if (!speech.ok()) continue;
      const sound::Match match = find_phrase(said, sound::Spectrogram(*speech, true));
      stage_.record(source::kHarness, kNameSearch,
                    {{"set", set_},
                     {"state", state},
                     {"moment", moment},
                     {"text", name},
                     {"distance", std::round(1'000 * match.distance) / 1'000},
                     {"heard", match.distance <= sound::kSamePhrase}});
    }
    return {};
  }

  Stage& stage_;
  Ear ear_;
  const contract::VoicePack* voice_;
  std::string set_;
};

}  // namespace

Result<void> stimulate_unspoken_names(Stage& stage) {
  const auto voice = contract::VoicePack::open(contract::voice_folder());
  if (!voice.ok()) stage.note(kNoRecordings);
  SHOGO_CHECK_OK(stage.watch_screen());
  (void)stage.set_settings({{"idle_timeout_ms", 600'000},
                            {"consent_bundle", true},
                            {"ask_high_cost", false},
                            {"ask_prescription", true},
                            {"ask_subsidy", true},
                            {"ask_referral", true}});  // a device that cannot be told asks what it asks
  SHOGO_TRY(Ear ear, Ear::begin(stage));
  Walk walk(stage, std::move(ear), voice.ok() ? &*voice : nullptr);
  SHOGO_CHECK_OK(walk.try_search());
  for (const std::string_view set : {"first", "second"}) SHOGO_CHECK_OK(walk.play(set));
  return end_script(stage);
}

}  // namespace shogo::conformance
