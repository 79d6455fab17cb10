// 1-13.e: staff set the volume on the device's own screen, in steps that are heard, and no key of its housing
// does.
//
// The level is that of the key tone: every touch on a button that changes the volume is heard at the step
// from which it leads away. Whether the housing has a control that is no key is for a person to see; a bench
// that has built the housing knows.
//
// 1-13.m (more than the document says): a step that is not the one the device came with is still there after
// a restart, which staff ask for at the clinic PC.
#include "volume_steps.h"

#include "card_trace.h"
#include "device_restart.h"
#include "journey.h"
#include "physical_keypad.h"
#include "sound_trace.h"
#include "staff_client.h"
#include "whole_script.h"
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include <shogo/conformance/settle.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/management.h>

namespace shogo::conformance {
namespace {

namespace cap = contract::cap;

const Words kVolume{"音量", "Volume"};
const Words kLouder{"大きく", "上げる", "Louder", "Volume up"};
const Words kSofter{"小さく", "下げる", "Softer", "Volume down"};
const Words kReady{"終わる", "閉じる", "完了", "Ready", "Close", "Done"};
/// More than any device has steps: at the end of the scale nothing changes any more.
constexpr int kPresses = 8;
constexpr milliseconds kBetween{250};
/// Two tones this close are as loud as each other.
constexpr double kSame_db = 0.5;

Result<void> press_and_note(Stage& stage, const Words& words, std::string_view what, bool counts) {
  SHOGO_TRY(const Nanoseconds now, device_now(stage));
  if (counts) stage.record(source::kHarness, "volume_press", {{"what", what}, {"t_press_ns", now.count()}});
  SHOGO_CHECK_OK(press(stage, words, what));
  return stage.linger(kBetween);
}

/// The tone that opens the page of the volume is heard at the step of the moment.
Result<void> note_level(Stage& stage, std::string_view when) {
  SHOGO_TRY(const Nanoseconds now, device_now(stage));
  stage.record(source::kHarness, "volume_level", {{"when", when}, {"t_press_ns", now.count()}});
  SHOGO_CHECK_OK(press(stage, kVolume, "the volume"));
  return stage.linger(kBetween);
}

/// As soft as it goes, then a restart by the staff.
Result<void> restart_at_another_step(Stage& stage, Ear& ear) {
  if (!stage.device().has(cap::kManagement)) return {};
  SHOGO_TRY(const StaffClient staff, StaffClient::find(stage));
  SHOGO_TRY(const StaffKeys keys, staff.login(stage));
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_CHECK_OK(press(stage, kVolume, "the volume"));
  for (int i = 0; i < kPresses; ++i) SHOGO_CHECK_OK(press_and_note(stage, kSofter, "softer", false));
  SHOGO_CHECK_OK(press_and_note(stage, kReady, "ready", false));
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_CHECK_OK(note_level(stage, "set"));
  SHOGO_CHECK_OK(press_and_note(stage, kReady, "ready", false));
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_CHECK_OK(ear.keep());
  SHOGO_CHECK_OK(restart_device(stage, [&]() -> Result<void> {
    SHOGO_TRY(const HttpAnswer answer, staff.ask("POST", "/api/restart", boost::json::object{}, keys));
    if (answer.status < 300) return {};
    return Error{Code::kDenied, fmt::format("the management refuses a restart ({})", answer.status)};
  }));
  SHOGO_TRY(Ear again, Ear::begin(stage));
  SHOGO_CHECK_OK(again.let_it_finish());
  SHOGO_CHECK_OK(note_level(stage, "restarted"));
  SHOGO_CHECK_OK(press_and_note(stage, kReady, "ready", false));
  SHOGO_CHECK_OK(again.let_it_finish());
  SHOGO_CHECK_OK(again.keep());
  return {};
}

struct Pressed {
  std::string what;
  double level_db = -120;
  bool heard = false;
};

std::vector<Pressed> pressed_in(const Transcript& transcript, int& unreadable) {
  const std::vector<HeardTone> tones = tones_in(heard_in(transcript, unreadable));
  std::vector<Pressed> all;
  for (const Event* event : transcript.select(source::kHarness, "volume_press")) {
    Pressed pressed{text_of(event->data, "what"), -120, false};
    const Nanoseconds at{integer_of(event->data, "t_press_ns", -1)};
    for (const HeardTone& tone : tones) {
      if (pressed.heard || tone.begin < at - kOnset || tone.begin >= at + Nanoseconds(kBetween) - kOnset)
        continue;
      pressed.heard = true;
      pressed.level_db = tone.level_dbfs;
    }
    all.push_back(std::move(pressed));
  }
  return all;
}

}  // namespace

Result<void> stimulate_volume_steps(Stage& stage) {
  SHOGO_TRY(Ear ear, Ear::begin(stage));
  SHOGO_CHECK_OK(stage.watch_screen());
  SHOGO_CHECK_OK(ear.let_it_finish());
  if (stage.world().simulated_panel())
    stage.record(source::kHarness, ending::kPersonPartKnown, {{"text", "the bench has built the housing"}});
  SHOGO_TRY(const UiTree idle, stage.ui_tree());
  if (find_button(idle, kVolume) == nullptr) {
    stage.note("no_volume_button");
    return end_script(stage);
  }
  SHOGO_CHECK_OK(note_level(stage, "came"));
  for (int i = 0; i < kPresses; ++i) SHOGO_CHECK_OK(press_and_note(stage, kSofter, "softer", false));
  for (int i = 0; i < kPresses; ++i) SHOGO_CHECK_OK(press_and_note(stage, kLouder, "louder", true));
  SHOGO_CHECK_OK(press_and_note(stage, kReady, "ready", true));
  SHOGO_CHECK_OK(ear.let_it_finish());
  // Keys of the housing, where there are any. Digits lead to other pages; those two stay here.
  const auto there = has_keypad(stage);
  if (there.ok() && *there) {
    for (const std::string_view place : {"r4c3", "r4c1", "r4c3", "r4c1"}) {
      SHOGO_TRY(const Nanoseconds now, device_now(stage));
      stage.record(source::kHarness, "volume_press", {{"what", "hardware"}, {"t_press_ns", now.count()}});
      SHOGO_CHECK_OK(press_unseen(stage, place));
      SHOGO_CHECK_OK(stage.linger(kBetween));
    }
  }
  SHOGO_CHECK_OK(ear.keep());
  SHOGO_CHECK_OK(restart_at_another_step(stage, ear));
  return end_script(stage);
}

Judgement judge_volume_kept(const Transcript& transcript, const CheckContext& context) {
  const double most = context.number("level_change_max");
  int unreadable = 0;
  const std::vector<HeardTone> tones = tones_in(heard_in(transcript, unreadable));
  std::map<std::string, double> levels;
  for (const Event* event : transcript.select(source::kHarness, "volume_level")) {
    const Nanoseconds at{integer_of(event->data, "t_press_ns", -1)};
    for (const HeardTone& tone : tones)
      if (tone.begin >= at - kOnset && tone.begin < at + Nanoseconds(kBetween) - kOnset)
        levels.emplace(text_of(event->data, "when"), tone.level_dbfs);
  }
  const bool restarted = !transcript.select(source::kHarness, "restarted").empty();
  Judgement judgement;
  if (transcript.select(source::kHarness, "volume_level").size() < 2) {
    judgement = inconclusive(Reason::kNoChannel,
                             "the bench cannot restart the device by its management (host.management), or "
                             "the volume could not be set",
                             "端末の管理機能（host.management）から再起動できないか、音量を設定できない");
  } else if (!restarted || unreadable > 0 || !sound_is_whole(transcript) || levels.size() < 3 ||
             std::abs(levels["came"] - levels["set"]) <= kSame_db) {
    judgement = inconclusive(
        Reason::kControlFailed,
        "the control did not hold: a step other than the first must be heard, and a restart seen",
        "対照が成立しない：初めと別の段階の音か、再起動を確認できない");
  } else {
    const double change = levels["restarted"] - levels["set"];
    judgement =
        std::abs(change) <= most
            ? pass(fmt::format("after a restart the volume is the one that was set ({:+.1f} dB)", change),
                   fmt::format("再起動しても設定した音量のまま（差{:+.1f} dB）", change))
            : fail(fmt::format("after a restart the volume differs from the one that was set by {:+.1f} dB",
                               change),
                   fmt::format("再起動すると音量が設定から{:+.1f} dB変わった", change));
    judgement.measurements = {{"level_change", change, "dB", fmt::format("within {:g} dB", most), 1}};
  }
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_volume_steps(const Transcript& transcript, const CheckContext& context) {
  const double range_min = context.number("volume_range_min");
  if (!transcript.select(source::kStimulus, "no_volume_button").empty())
    return inconclusive(
        Reason::kControlFailed,
        "the screen of the idle device offers no button for the volume (音量, Volume); the bench "
        "knows no other way to it",
        "待機画面に音量のボタンがなく、試験台からほかの手順では調整できない");
  int unreadable = 0;
  const std::vector<Pressed> presses = pressed_in(transcript, unreadable);
  std::vector<double> steps;
  double highest = -120;
  int silent = 0, louder = 0, falls = 0, stands = 0, hardware = 0, moved = 0;
  for (const Pressed& pressed : presses) {
    if (!pressed.heard) {
      ++silent;
      continue;
    }
    if (pressed.what == "hardware") {
      ++hardware;
      if (std::abs(pressed.level_db - highest) > kSame_db) ++moved;
      continue;
    }
    ++louder;
    if (steps.empty() || pressed.level_db > steps.back() + kSame_db) {
      // A step that did nothing, and after it one that did: the scale has a hole.
      if (stands > 0) ++falls;
      steps.push_back(pressed.level_db);
    } else if (pressed.level_db < steps.back() - kSame_db) {
      ++falls;
    } else {
      ++stands;
    }
    highest = pressed.level_db;
  }
  const double range = steps.empty() ? 0 : steps.back() - steps.front();
  Judgement judgement;
  if (louder <= kPresses || silent > 0 || unreadable > 0 || !sound_is_whole(transcript)) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("the control did not hold: {} touches were heard, {} were not", louder, silent),
        fmt::format("対照が成立しない：操作音{}回が聞こえ、{}回が聞こえない", louder, silent));
  } else if (falls > 0 || range < range_min) {
    judgement =
        fail(fmt::format("{} steps over {:.1f} dB are heard, {} of them in the wrong place", steps.size(),
                         range, falls),
             fmt::format("音量は{}段階・{:.1f} dBで、上がらない段階が{}ある", steps.size(), range, falls));
  } else if (moved > 0) {
    judgement = fail(fmt::format("{} of {} keys of the housing changed the volume", moved, hardware),
                     fmt::format("本体のキー{}回のうち{}回で音量が変わった", hardware, moved));
  } else {
    judgement = pass(
        fmt::format(
            "{} steps, each louder than the one before, over {:.1f} dB; no key of the housing changes them",
            steps.size(), range),
        fmt::format("{}段階で必ず大きくなり、幅は{:.1f} dB。本体のキーでは変わらない", steps.size(), range));
  }
  judgement.measurements = {{"volume_range", range, "dB", fmt::format(">= {:g} dB", range_min), louder},
                            {"volume_steps", static_cast<double>(steps.size()), "count", "", louder}};
  for (std::size_t i = 0; i < steps.size(); ++i)
    judgement.measurements.push_back({fmt::format("level: step {}", i + 1), steps[i], "dBFS", "", 1});
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
