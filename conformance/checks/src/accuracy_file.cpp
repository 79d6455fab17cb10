// 3-3.a: an update file alone moves the threshold of face matching. 3-3.b: only a file that is rightly
// signed, and newer than what was seen, does. Two pictures of one synthetic person, whose score lies between
// the built-in threshold and that of the file, are decided by the device before and after.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "update_stage.h"
#include "whole_script.h"

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/conformance/stage.h>
#include <shogo/contract/synthetic_portrait.h>

namespace shogo::conformance {
namespace {

constexpr std::string_view kPart = "accuracy";
constexpr milliseconds kInstall{6'000};
constexpr std::string_view kStrict = R"({"format":1,"threshold":30})";  ///< beyond every score of one person
constexpr std::string_view kLoose = R"({"format":1,"threshold":3.72})";

boost::json::object picture(const contract::SyntheticPortrait& portrait) {
  const auto pixels = contract::draw_portrait(portrait);
  return {{"width", contract::kPortraitWidth},
          {"height", contract::kPortraitHeight},
          {"channels", 1},
          {"data", to_base64(pixels)}};
}

PackageHeader header(PackageVersion version, std::uint64_t sequence, bool roll_back = false) {
  return {PackageKind::kAccuracy, version, sequence, roll_back};
}

/// The device's decisions about one person and about two, as a step of this name, and its versions.
Result<void> decide(Stage& stage, std::string_view name, std::uint64_t seed) {
  stage.note("step", {{"name", name}});
  for (const std::uint32_t other : {1U, 2U}) {
    SHOGO_TRY(const boost::json::value answer,
              stage.call("match_faces",
                         {{"probe", picture({seed, 1, 0})}, {"reference", picture({seed, other, 1})}}));
    const boost::json::value* same = answer.is_object() ? answer.get_object().if_contains("same") : nullptr;
    if (same == nullptr || !same->is_bool()) return Error{Code::kCorrupt, "match_faces answered no \"same\""};
    stage.record(source::kDevice, "decision",
                 {{"person", other == 1 ? "one" : "two"}, {"same", same->get_bool()}});
  }
  SHOGO_TRY(const boost::json::object told, note_versions(stage));
  return {};
}

Result<void> deliver(Stage& stage, std::string_view name, const Bytes& package, std::string_view version) {
  SHOGO_CHECK_OK(wait_fetched(stage, offer(stage, name, package), kInstall));
  // Time for the way to the reader: until the version is there, or as long as a sound one takes.
  return wait_version(stage, kPart, version, version.empty() ? milliseconds{0} : kInstall);
}

struct Decisions {
  bool there = false, one = false, two = true;
  std::string version, firmware;
};
Decisions decided_in(const std::vector<Step>& steps, std::string_view name) {
  Decisions decisions;
  const Step* step = find_step(steps, name);
  if (step == nullptr) return decisions;
  int seen = 0;
  for (const Event* event : step->select(source::kDevice, "decision")) {
    const boost::json::value* same = event->data.if_contains("same");
    const bool is_same = same != nullptr && same->is_bool() && same->get_bool();
    (text_of(event->data, "person") == "one" ? decisions.one : decisions.two) = is_same;
    ++seen;
  }
  decisions.there = seen == 2;
  // The first: what is told later in the step belongs to the file that is delivered next.
  if (const auto told = step->select(source::kDevice, "versions"); !told.empty()) {
    decisions.version = text_of(told.front()->data, kPart);
    decisions.firmware = text_of(told.front()->data, "firmware");
  }
  return decisions;
}

/// Of the content: the threshold 3.72 becomes 2.72, which would be taken for a good file.
Bytes one_bit_changed(Bytes package) {
  package[package.size() - kLoose.size() + kLoose.find("3.72")] ^= 1;
  return package;
}

struct BadFile {
  const char* name;
  std::string_view en, ja;
};
constexpr BadFile kBad[] = {{"unsigned", "an unsigned file", "署名のないファイル"},
                            {"forged", "a file signed by somebody else", "別の鍵で署名されたファイル"},
                            {"changed", "a file with one bit changed", "1ビット変えたファイル"},
                            {"replayed", "an older signed file, sent again", "古い署名済みファイルの再送"}};

}  // namespace

Result<void> stimulate_accuracy_file(Stage& stage) {
  SHOGO_CHECK_OK(look_often(stage));
  const std::uint64_t seed = stage.rng().next();
  SHOGO_CHECK_OK(decide(stage, "before", seed));
  SHOGO_CHECK_OK(deliver(stage, "strict", sound_package(stage, header({1, 1, 0}, 1), kStrict), "1.1.0"));
  SHOGO_CHECK_OK(decide(stage, "after", seed));
  SHOGO_CHECK_OK(deliver(stage, "loose", sound_package(stage, header({1, 2, 0}, 2), kLoose), "1.2.0"));
  SHOGO_CHECK_OK(decide(stage, "back", seed));
  return end_script(stage);
}

Judgement judge_threshold_moved(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const Decisions before = decided_in(steps, "before"), after = decided_in(steps, "after"),
                  back = decided_in(steps, "back");
  Judgement judgement;
  if (!before.there || !before.one || before.two || !after.there || !back.there) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     "the device did not tell one person from two before the file: nothing could flip",
                     "配信前に本人と他人を判別できておらず、反転を確かめられない");
  } else if (!fetched(transcript, "strict") && !looked_often(transcript)) {
    judgement =
        inconclusive(Reason::kControlFailed, "the device has not looked for the file while it was offered",
                     "提供中に、装置が更新ファイルを取りに来なかった");
  } else if (after.one) {
    judgement = fail("the decision is the same after the file that moves the threshold",
                     "しきい値を変えるファイルの配信後も判定が変わらない");
  } else if (!back.one || back.two) {
    judgement = fail("the decision does not come back with a file that moves the threshold back",
                     "しきい値を戻すファイルを配信しても判定が戻らない");
  } else if (before.firmware.empty() || before.firmware != after.firmware ||
             after.firmware != back.firmware) {
    judgement = fail("the firmware changed with the file, or tells no version",
                     "ファイルとともにファームウェアが変わったか、版が示されない");
  } else {
    judgement =
        pass("the decision flips with the file and flips back with the next one, the firmware unchanged",
             "ファームウェアを変えずに、ファイルの配信で判定が反転し、次のファイルで戻る");
  }
  judgement.measurements = {{"flips",
                             (before.one != after.one ? 1.0 : 0.0) + (after.one != back.one ? 1.0 : 0.0),
                             "count", "= 2", 1}};
  return only_if_whole(std::move(judgement), transcript);
}

Result<void> stimulate_accuracy_offers(Stage& stage) {
  SHOGO_CHECK_OK(look_often(stage));
  const std::uint64_t seed = stage.rng().next();
  SHOGO_CHECK_OK(decide(stage, "before", seed));
  SHOGO_CHECK_OK(deliver(stage, "first", sound_package(stage, header({2, 0, 0}, 10), kStrict), "2.0.0"));
  SHOGO_CHECK_OK(decide(stage, "first_decisions", seed));
  const std::pair<const char*, Bytes> bad[] = {
      {"unsigned", without_signature(sound_package(stage, header({9, 0, 0}, 11), kLoose))},
      {"forged", forged(stage, header({9, 0, 1}, 12), kLoose)},
      {"changed", one_bit_changed(sound_package(stage, header({9, 0, 2}, 13), kLoose))},
      {"replayed", sound_package(stage, header({9, 0, 3}, 9), kLoose)}};
  for (const auto& [name, package] : bad) {
    SHOGO_CHECK_OK(deliver(stage, name, package, ""));
    SHOGO_CHECK_OK(stage.linger());
    SHOGO_CHECK_OK(decide(stage, fmt::format("{}_decisions", name), seed));
  }
  SHOGO_CHECK_OK(deliver(stage, "back", sound_package(stage, header({1, 0, 0}, 20, true), kLoose), "1.0.0"));
  SHOGO_CHECK_OK(decide(stage, "back_decisions", seed));
  SHOGO_TRY(const Bytes log, stage.export_log());
  return end_script(stage);
}

Judgement judge_accuracy_offers(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const Decisions before = decided_in(steps, "before"), first = decided_in(steps, "first_decisions"),
                  back = decided_in(steps, "back_decisions");
  const BadFile* taken = nullptr;
  bool all_fetched = true;
  for (const BadFile& file : kBad) {
    const Decisions decisions = decided_in(steps, fmt::format("{}_decisions", file.name));
    all_fetched = all_fetched && fetched(transcript, file.name);
    if (taken == nullptr && decisions.there && (decisions.one || decisions.version != first.version))
      taken = &file;
  }
  Judgement judgement;
  if (!before.there || !before.one || !first.there || first.one || first.version != "2.0.0") {
    judgement =
        inconclusive(Reason::kControlFailed, "the sound file took no effect: nothing can be told of others",
                     "正しいファイルが反映されず、ほかのファイルについて判断できない");
  } else if (taken != nullptr) {
    judgement = fail(fmt::format("{} took effect", taken->en), fmt::format("{}が反映された", taken->ja));
  } else if (!back.there || !back.one || back.version != "1.0.0") {
    judgement = fail("the file that is signed as a roll-back was not taken",
                     "ロールバック用として署名されたファイルが反映されない");
  } else if (!all_fetched) {
    judgement =
        inconclusive(Reason::kControlFailed, "not every file was fetched: what was not seen was not refused",
                     "取得されなかったファイルがあり、拒んだとは言えない");
  } else if (!update_logged(transcript, "refused", "9.0.0") ||
             !update_logged(transcript, "refused", "9.0.1") ||
             !update_logged(transcript, "refused", "9.0.2") ||
             !update_logged(transcript, "refused", "9.0.3")) {
    judgement = fail("a refusal is not in the log", "拒否の記録がログにない");
  } else {
    judgement = pass(
        "unsigned, forged, changed and replayed files are refused and logged, a signed roll-back is taken",
        "署名のないもの・偽のもの・改変・再送は拒まれて記録され、署名済みのロールバックは反映される");
  }
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
