// 1-14.e: an external keypad is pulled and plugged in again, while nobody is there, in the middle of a PIN,
// and with contacts that bounce. How soon it works again is the time from the plug to the first reaction of
// the screen; what was typed is what the card was shown. The patient is the canary, whose PIN may lie in the
// evidence.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "physical_keypad.h"
#include "whole_script.h"
#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kCanary;
constexpr int kQuickCycles = 6;
constexpr int kFullCycles = 100;
constexpr std::array<std::string_view, 3> kKinds{"idle", "entry", "noise"};
/// A keypad whose first keys get lost while it starts is asked again; late and never are told apart.
constexpr milliseconds kAskAgain{500};
constexpr int kAsked = 7;

class Cycles {
 public:
  Cycles(Stage& stage, sim::BenchKeypad& keypad)
      : stage_(stage), keypad_(keypad), pin_(as_text(stage.world().pin_of(kWho).expose())) {}

  /// The key that changes the language on every page, and so shows at once whether keys are felt.
  Result<void> find_language_key() {
    SHOGO_TRY(const Screen screen, stage_.settled_screen());
    const UiNode* button = find_button(screen.tree, words::kLanguage);
    for (const Legend& legend : legends_of(screen))
      if (legend.button == button && button != nullptr)
        language_key_ = legend.seen != 0 ? legend.seen : legend.told;
    if (language_key_ != 0) return {};
    return Error{Code::kNotFound,
                 "no key of the keypad shows on the idle page: how soon keys are felt cannot be seen"};
  }

  /// False: the keypad is not felt any more, more cycles would tell nothing new.
  Result<bool> play(int n) {
    const std::string_view kind = kKinds[static_cast<std::size_t>(n) % kKinds.size()];
    begin_step(stage_, fmt::format("{}_{}", kind, n), kWho, {{"kind", kind}, {"expected", pin_}});
    if (kind == "idle") return replug();
    SHOGO_CHECK_OK(go_to_pin(stage_, kWho));
    SHOGO_CHECK_OK(kind == "entry" ? interrupted_entry() : noisy_entry());
    SHOGO_CHECK_OK(send_entry(stage_));
    note_shown(stage_, kWho);
    Result<bool> goes_on = true;
    if (kind == "entry") goes_on = plug();
    SHOGO_CHECK_OK(finish(stage_));
    return goes_on;
  }

 private:
  /// Two digits on the keypad, none of them the PIN's own; pulled; then the whole PIN on the screen.
  Result<void> interrupted_entry() {
    for (std::size_t i = 0; i < 2; ++i) {
      const char other = pin_[i] == '9' ? '0' : static_cast<char>(pin_[i] + 1);
      SHOGO_CHECK_OK(felt([&] { return keypad_.press(place_of(other)); }));
    }
    const Mark pulled = stage_.mark();
    unplug();
    const auto changed = stage_.frame_after(pulled, kShortWait);
    if (!changed.ok() && changed.error().code() != Code::kTimeout) return changed.error();
    SHOGO_TRY(PinPad pad, PinPad::find(stage_));
    return pad.type(stage_, pin_);
  }

  Result<void> noisy_entry() {
    for (const char digit : pin_) {
      SHOGO_CHECK_OK(stage_.ours(keypad_.noise()));
      SHOGO_CHECK_OK(felt([&] { return keypad_.press_bouncing(place_of(digit)); }));
    }
    return {};
  }

  template <typename Press>
  Result<void> felt(Press press) {
    const Mark before = stage_.mark();
    SHOGO_CHECK_OK(stage_.ours(press()));
    const auto frame = stage_.frame_after(before, kShortWait);
    return frame.ok() || frame.error().code() == Code::kTimeout ? Result<void>()
                                                                : Result<void>(frame.error());
  }

  void unplug() {
    stage_.note("keypad", {{"plugged", false}});
    keypad_.unplug();
  }
  Result<bool> replug() {
    unplug();
    return plug();
  }
  Result<bool> plug() {
    const Mark before = stage_.mark();
    stage_.note("keypad", {{"plugged", true}});
    SHOGO_CHECK_OK(stage_.ours(keypad_.plug()));
    for (int i = 0; i < kAsked; ++i) {
      SHOGO_CHECK_OK(stage_.ours(keypad_.press(place_of(language_key_))));
      const auto reaction = stage_.wait_event(
          "a reaction to a key", before,
          [](const Event& event) { return event.source == source::kDevice && event.kind == "state"; },
          kAskAgain);
      if (reaction.ok()) {
        stage_.record(source::kHarness, "ready", {});
        return true;
      }
      if (reaction.error().code() != Code::kTimeout) return reaction.error();
    }
    stage_.record(source::kHarness, "never_ready", {});
    return false;
  }

  Stage& stage_;
  sim::BenchKeypad& keypad_;
  std::string pin_;
  char language_key_ = 0;
};

double ready_after_s(const Step& step) {
  std::int64_t plugged = -1;
  for (const Event* event : step.events) {
    if (event->source == source::kStimulus && event->kind == "keypad") {
      const boost::json::value* there = event->data.if_contains("plugged");
      plugged = there != nullptr && there->is_bool() && there->get_bool() ? event->t_ns : -1;
    }
    if (plugged >= 0 && event->source == source::kHarness && event->kind == "ready")
      return static_cast<double>(event->t_ns - plugged) / 1e9;
  }
  return -1;
}

bool has(const Step& step, std::string_view source, std::string_view kind) {
  return !step.select(source, kind).empty();
}

}  // namespace

Result<void> stimulate_keypad_hotplug(Stage& stage) {
  SHOGO_TRY(const bool there, has_keypad(stage, true));
  if (!there) return end_script(stage);
  SHOGO_TRY(sim::BenchKeypad * keypad, keypad_in_port(stage));
  SHOGO_CHECK_OK(stage.watch_screen());
  Cycles cycles(stage, *keypad);
  SHOGO_CHECK_OK(cycles.find_language_key());
  const int count = stage.count(kQuickCycles, kFullCycles);
  for (int n = 0; n < count; ++n) {
    SHOGO_TRY(const bool goes_on, cycles.play(n));
    if (!goes_on) break;
  }
  return end_script(stage);
}

Judgement judge_keypad_hotplug(const Transcript& transcript, const CheckContext& context) {
  if (auto none = without_keypad(context, true)) return *std::move(none);
  const double ready_max = context.number("ready_within");
  double slowest = 0;
  std::int64_t cycles = 0, plugs = 0, entries = 0, wrong = 0, noisy = 0;
  std::string broken;
  const auto complain = [&](std::string what) {
    if (broken.empty()) broken = std::move(what);
  };
  for (const Step& step : steps_of(transcript)) {
    const std::string kind = text_of(step.data, "kind");
    if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end()) continue;
    ++cycles;
    if (has(step, source::kHarness, "never_ready"))
      complain(fmt::format("{}: plugged in again, the keypad is not felt in {:.1f} s", step.name(),
                           static_cast<double>(kAsked * kAskAgain.count()) / 1000));
    if (const double after = ready_after_s(step); after >= 0) {
      ++plugs;
      slowest = std::max(slowest, after);
      if (after > ready_max)
        complain(fmt::format("{}: felt {:.2f} s after it was plugged in, limit {} s", step.name(), after,
                             ready_max));
    }
    const auto shown = step.select(source::kCard, "shown");
    if (kind == "idle" || shown.empty()) continue;
    const std::string digits = text_of(shown.back()->data, "digits");
    const std::string expected = text_of(step.data, "expected");
    const auto verifies = step.pin_verifies();
    // Without a VERIFY of its own the step has shown the card nothing, and what it remembers is older.
    if (verifies.empty() || expected.empty()) continue;
    ++entries;
    noisy += kind == "noise" ? 1 : 0;
    if (verifies.size() == 1 && digits == expected) continue;
    ++wrong;
    complain(
        verifies.size() != 1
            ? fmt::format("{}: {} PINs were sent for one entry", step.name(), verifies.size())
        : kind == "entry"
            ? fmt::format("{}: what was typed before the keypad was pulled came back in the PIN", step.name())
            : fmt::format("{}: with bouncing contacts the card was shown other digits than were pressed",
                          step.name()));
  }
  Judgement judgement;
  if (!broken.empty()) {
    judgement = fail(broken, fmt::format("外付けテンキーの抜き差しまたは雑音で異常があった：{}", broken));
  } else if (plugs < 2 || noisy == 0 || entries == noisy) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("{} plugs and {} entries ({} with noise) could be followed: too few",
                                         plugs, entries, noisy),
                             fmt::format("抜き差し{}回、入力{}回（うち雑音あり{}回）しか確かめられなかった",
                                         plugs, entries, noisy));
  } else {
    judgement = pass(fmt::format("{} cycles: felt {:.2f} s after the plug at the latest, all {} entries as "
                                 "typed, half PINs dropped",
                                 cycles, slowest, entries),
                     fmt::format("{}回の抜き差し：遅くとも{:.2f}秒で使え、入力{}"
                                 "回はすべて押したとおりで、入力途中のPINは捨てられた",
                                 cycles, slowest, entries));
  }
  judgement.measurements = {{"ready_within", slowest, "s", fmt::format("<= {} s", ready_max), plugs},
                            {"lost_or_doubled_digits", static_cast<double>(wrong), "count", "= 0", entries}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
