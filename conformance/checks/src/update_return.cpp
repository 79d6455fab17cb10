// 4-9.i: after a broken update the version before is back, with the settings. Three troubles: a signed
// package whose content nothing can be made of, with the restarts that such a thing brings; the power that
// goes while a package is written; and an installed package that turns out bad later, because its bytes on
// the disk have changed. Whether a version is back is seen at a card that no device reads without its
// package.
#include "card_journey.h"
#include "checks.h"
#include "journey.h"
#include "link_stage.h"
#include "update_stage.h"
#include "virtual_time.h"
#include "whole_script.h"

#include <fmt/core.h>

#include <shogo/conformance/dut.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr std::string_view kPart = "card_profiles";
constexpr const char* kFirstVersion = "3.0.0";
constexpr const char* kBrokenVersion = "4.0.0";
constexpr const char* kSecondVersion = "5.0.0";
constexpr std::string_view kProfiles =
    R"({"format":1,"profiles":[{"name":"next","application":"D392F0002601000000F1","pin_file":"0018"}]})";
constexpr milliseconds kAnswer{4'000};
constexpr milliseconds kSoon{6'000};
/// The device's time that the clause gives (catalogue, rollback_time_max); a little longer, so that it is the
/// judge who finds a device too slow.
constexpr milliseconds kLongest{630'000};
/// A service manager starts what has ended; a version that ends each start needs that to be given up.
constexpr int kStarts = 3;
constexpr std::chrono::seconds kStep{10};

Result<void> note_settings(Stage& stage) {
  if (!stage.device().has(contract::cap::kSettings)) return {};
  SHOGO_TRY(const boost::json::value settings, stage.call("get_settings"));
  if (settings.is_object()) stage.record(source::kDevice, "settings", settings.get_object());
  return {};
}

/// The host software goes without a word, as with the power, and comes back. What does not come back is the
/// judge's to see.
Result<void> power_cycle(Stage& stage, HostSide& host) {
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(Stage::ours(host.crash_agent()));
  stage.note("host", {{"power", "cut"}});
  for (int i = 0; i < kStarts; ++i)
    if (host.start_agent().ok()) break;
  const auto away = stage.wait_state({"out_of_service"}, start, kSoon);
  if (!away.ok() && !is_timeout(away.error())) return away.error();
  const auto back = stage.wait_state({"idle"}, kLongWait);
  return back.ok() || is_timeout(back.error()) ? Result<void>() : Result<void>(back.error());
}

/// Until this version is told again; the rest of the ten minutes in virtual time where the device has one.
Result<void> wait_return(Stage& stage, std::string_view version) {
  SHOGO_CHECK_OK(wait_version(stage, kPart, version, kSoon));
  const auto told = stage.device().call("get_versions", {}, kAnswerWait);
  const bool there = told.ok() && told->is_object() && text_of(told->get_object(), kPart) == version;
  if (there || !told.ok()) return {};
  if (!stage.device().has(contract::cap::kClockVirtual))
    return wait_version(stage, kPart, version, kLongest - kSoon);
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  SHOGO_CHECK_OK(time.advance(stage, kLongest - kSoon, kStep));
  SHOGO_CHECK_OK(time.end(stage));
  return wait_version(stage, kPart, version, kSoon);
}

Bytes profiles(Stage& stage, PackageVersion version, std::uint64_t sequence, std::string_view content) {
  return sound_package(stage, {PackageKind::kCardProfiles, version, sequence, false}, content);
}

Result<void> trouble_with_power(Stage& stage, HostSide& host) {
  stage.note("step", {{"name", "power_cut"}});
  const std::string sha256 = offer(stage, "second", profiles(stage, {5, 0, 0}, 22, kProfiles));
  const auto given = stage.wait_event(
      "the device fetching the package", Mark{},
      [&](const Event& event) {
        return event.kind == "update_request" && text_of(event.data, "path").ends_with(sha256);
      },
      kSoon);
  if (!given.ok() && !is_timeout(given.error())) return given.error();
  SHOGO_CHECK_OK(power_cycle(stage, host));
  // Before the cut or after it: in the end the package is sound, and offered still.
  SHOGO_CHECK_OK(wait_return(stage, kSecondVersion));
  SHOGO_CHECK_OK(try_journey(stage, "after_cut", sim::Patient::kNextCard, kAnswer));

  stage.note("step", {{"name", "rot"}});
  SHOGO_CHECK_OK(Stage::ours(host.crash_agent()));
  const auto rotten = host.rot_installed();
  if (!rotten.ok() && rotten.error().code() != Code::kUnsupported) return Stage::ours(rotten);
  stage.note("rot", {{"done", rotten.ok()}});
  SHOGO_CHECK_OK(power_cycle(stage, host));
  if (!rotten.ok()) return {};
  SHOGO_CHECK_OK(wait_return(stage, kFirstVersion));
  return try_journey(stage, "after_rot", sim::Patient::kNextCard, kAnswer);
}

}  // namespace

Result<void> stimulate_update_return(Stage& stage) {
  SHOGO_CHECK_OK(look_often(stage));
  stage.note("step", {{"name", "install"}});
  SHOGO_CHECK_OK(note_settings(stage));
  SHOGO_CHECK_OK(
      wait_fetched(stage, offer(stage, "first", profiles(stage, {3, 0, 0}, 20, kProfiles)), kSoon));
  SHOGO_CHECK_OK(wait_version(stage, kPart, kFirstVersion, kSoon));
  SHOGO_CHECK_OK(try_journey(stage, "works", sim::Patient::kNextCard, kAnswer));

  stage.note("step", {{"name", "broken"}});
  SHOGO_CHECK_OK(wait_fetched(
      stage, offer(stage, "broken", profiles(stage, {4, 0, 0}, 21, R"({"format":1,"profiles":"none"})")),
      kSoon));
  const auto host = stage.host();
  if (host.ok())
    for (int i = 0; i < kStarts; ++i) SHOGO_CHECK_OK(power_cycle(stage, **host));
  SHOGO_CHECK_OK(wait_return(stage, kFirstVersion));
  SHOGO_CHECK_OK(try_journey(stage, "after_broken", sim::Patient::kNextCard, kAnswer));

  if (host.ok()) SHOGO_CHECK_OK(trouble_with_power(stage, **host));
  stage.note("step", {{"name", "end"}});
  SHOGO_CHECK_OK(note_settings(stage));
  return end_script(stage);
}

Judgement judge_update_return(const Transcript& transcript, const CheckContext& context) {
  const std::vector<Step> steps = steps_of(transcript);
  const auto settings = transcript.select(source::kDevice, "settings");
  const bool kept = settings.size() == 2 && settings.front()->data == settings.back()->data;
  const bool cut = find_step(steps, "after_cut") != nullptr, rot = find_step(steps, "after_rot") != nullptr;
  struct Trouble {
    const char *step, *told_in, *version;
    std::string_view en, ja;
  };
  const Trouble troubles[] = {
      {"after_broken", "broken", kFirstVersion, "a package that cannot be used", "使えない更新"},
      {"after_cut", "power_cut", kSecondVersion, "a power cut while it was written", "書き込み中の電源断"},
      {"after_rot", "rot", kFirstVersion, "an installed package that turned bad", "あとから壊れた更新"}};
  Judgement judgement;
  const Trouble* bad = nullptr;
  for (const Trouble& trouble : troubles) {
    if (bad != nullptr || find_step(steps, trouble.step) == nullptr) continue;
    if (version_told(transcript, kPart, trouble.told_in) != trouble.version ||
        !works(seen_in(steps, trouble.step)))
      bad = &trouble;
  }
  if (version_told(transcript, kPart, "install") != kFirstVersion || !works(seen_in(steps, "works"))) {
    judgement =
        inconclusive(Reason::kControlFailed, "the first package was not installed: nothing can come back",
                     "最初の更新が導入されず、戻る先がない");
  } else if (!fetched(transcript, "broken") || (cut && !fetched(transcript, "second"))) {
    judgement = inconclusive(Reason::kControlFailed, "a package was never fetched: its trouble was not met",
                             "更新が取得されず、不具合が起きていない");
  } else if (bad != nullptr) {
    judgement =
        fail(fmt::format("after {} the version to be expected ({}) is not at work", bad->en, bad->version),
             fmt::format("{}のあと、あるべき版（{}）が動いていない", bad->ja, bad->version));
  } else if (!kept) {
    judgement = fail("the settings are not those from before the updates", "更新の前後で設定が変わった");
  } else {
    judgement =
        pass(fmt::format("the version to be expected was back within {:.0f} min each time, settings kept",
                         context.number("rollback_time_max")),
             fmt::format("毎回{:.0f}分以内にあるべき版が動き、設定も保たれた",
                         context.number("rollback_time_max")));
  }
  judgement.measurements = {{"troubles", 1.0 + (cut ? 1.0 : 0.0) + (rot ? 1.0 : 0.0), "count", "", 1}};
  judgement = only_if_whole(std::move(judgement), transcript);
  if (rot) return judgement;
  return partial(
      std::move(judgement), cut ? 2 : 1, 3,
      cut ? "an installed package that turns bad on a disk that the bench can reach"
          : "a power cut of the host software, which the bench does not run, and what goes bad on its disk",
      cut ? "導入後に壊れる更新（試験台が装置の記憶域に触れない）"
          : "試験台が動かしていないホスト側の電源断と、その記憶域で壊れる更新");
}

}  // namespace shogo::conformance
