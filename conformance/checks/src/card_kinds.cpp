// Cards of other kinds than the plain one. 1-8.c: the announced next card. 1-8.d: the card that is a
// residence card as well; both before and after an update package. 3-14.g: the face authentication card,
// whose PINs are switched off. All have parts that this bench cannot try yet (the flow without PIN; faces),
// so none passes here; what can be tried today can fail.
#include "card_journey.h"
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "update_stage.h"
#include "whole_script.h"
#include <optional>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kAnswer{4'000};      ///< a device that died keeps us no longer
constexpr milliseconds kUpdateWait{5'000};  ///< a device that was asked to look often has looked by then
constexpr const char* kBefore = "ordinary_before";
constexpr const char* kCombined = "combined_card";
constexpr const char* kNext = "next_card";
constexpr const char* kUpdated = "card_after_update";
constexpr const char* kPackage = "card_profiles";
constexpr const char* kVersion = "1.1.0";
/// *Synthetic*: the names that sim/card/profiles gives the next card's application and the combined card's.
constexpr std::string_view kProfiles =
    R"({"format":1,"profiles":[{"name":"next","application":"D392F0002601000000F1","pin_file":"0018"},)"
    R"({"name":"residence","application":"D392F000260100000001","pin_file":"0018"}]})";
constexpr const char* kAfter = "ordinary_after";
constexpr const char* kFace = "face_card";
constexpr const char* kOrdinary = "ordinary_card";

/// One card of another kind between two ordinary ones, before and after the package that adds it.
struct OtherKind {
  const char* step;
  std::string_view en, ja;
};
constexpr OtherKind kNextKind{kNext, "the next card", "次期カード"};
constexpr OtherKind kCombinedKind{kCombined, "the combined card", "特定在留カード"};

Result<void> update_profiles(Stage& stage) {
  SHOGO_CHECK_OK(look_often(stage));
  stage.note("step", {{"name", "update"}});
  const Bytes package = sound_package(stage, {PackageKind::kCardProfiles, {1, 1, 0}, 1, false}, kProfiles);
  SHOGO_CHECK_OK(wait_fetched(stage, offer(stage, kPackage, package), kUpdateWait));
  return wait_version(stage, kPackage, kVersion, kAnswer);
}

Result<void> stimulate_kind(Stage& stage, const OtherKind& kind, sim::Patient patient) {
  SHOGO_CHECK_OK(try_journey(stage, kBefore, sim::Patient::kValid, kAnswer));
  SHOGO_CHECK_OK(try_journey(stage, kind.step, patient, kAnswer));
  if (stage.device().has(contract::cap::kUpdates)) {
    SHOGO_CHECK_OK(update_profiles(stage));
    SHOGO_CHECK_OK(try_journey(stage, kUpdated, patient, kAnswer));
  }
  SHOGO_CHECK_OK(try_journey(stage, kAfter, sim::Patient::kValid, kAnswer));
  return end_script(stage);
}

/// What the card itself did before the update, or after it: nothing said when all is well.
std::optional<Judgement> trouble_with(const Seen& card, bool may_refuse, const OtherKind& kind) {
  if (card.ok && !works(card))
    return fail(fmt::format("success shown for {}, but card and server did not see the flow", kind.en),
                fmt::format("{}で成功表示となったが、カードとサーバーには処理が届いていない", kind.ja));
  if (card.ok) return std::nullopt;
  if (!may_refuse)
    return fail(fmt::format("after its update {} still does not work (reason \"{}\")", kind.en, card.reason),
                fmt::format("更新後も{}が使えない（理由「{}」）", kind.ja, card.reason));
  if (card.reason == "card_unsupported") return std::nullopt;
  return fail(
      fmt::format("{} neither worked nor was refused as unsupported (reason \"{}\")", kind.en, card.reason),
      fmt::format("{}は使えず、対応外であることも示されない（理由「{}」）", kind.ja, card.reason));
}

Judgement judge_tried(const Transcript& transcript, const std::vector<Step>& steps, const OtherKind& kind) {
  const Seen before = seen_in(steps, kBefore), card = seen_in(steps, kind.step),
             updated = seen_in(steps, kUpdated), after = seen_in(steps, kAfter);
  if (!works(before) || !card.played)
    return inconclusive(Reason::kControlFailed, "the PIN flow did not work with an ordinary card before",
                        "先に行った通常カードの暗証番号フローが成立していない");
  if (const auto trouble = trouble_with(card, true, kind)) return *trouble;
  // A device that keeps its own rhythm may not have looked yet; one that was asked to look has no excuse.
  if (updated.played && !fetched(transcript, kPackage) && !looked_often(transcript))
    return inconclusive(Reason::kControlFailed,
                        "the device has not looked for the update while it was offered",
                        "更新の提供中に、装置が更新を取りに来なかった");
  if (updated.played)
    if (const auto trouble = trouble_with(updated, false, kind)) return *trouble;
  if (!after.played)
    return inconclusive(Reason::kControlFailed, fmt::format("no ordinary card was tried after {}", kind.en),
                        fmt::format("{}の後に通常のカードを試せていない", kind.ja));
  if (!works(after))
    return fail(fmt::format("after {} the device no longer served an ordinary one", kind.en),
                fmt::format("{}の後、通常のカードが使えなくなった", kind.ja));
  if (!updated.played)
    return pass(fmt::format("{} works or is refused clearly, and an ordinary one works after it", kind.en),
                fmt::format("{}は使えるか対応外と明示され、その後の通常カードは使える", kind.ja));
  return pass(
      fmt::format("{} {} before the update; after it the PIN flow works, and with an ordinary card too",
                  kind.en, card.ok ? "works" : "is refused clearly"),
      fmt::format("{}は更新前は{}、更新後は暗証番号フローが成立し、通常カードも使える", kind.ja,
                  card.ok ? "使え" : "対応外と明示され"));
}

Judgement judge_kind(const Transcript& transcript, const OtherKind& kind) {
  const std::vector<Step> steps = steps_of(transcript);
  Judgement judgement = judge_tried(transcript, steps, kind);
  int wrong = 0;
  for (const char* name : {kind.step, kUpdated})
    if (const Step* step = find_step(steps, name))
      wrong += submissions_of(step->commands(), "auth_pin").wrong;
  const Seen updated = seen_in(steps, kUpdated);
  judgement.measurements = {
      {"works_before_update", works(seen_in(steps, kind.step)) ? 1.0 : 0.0, "count", "", 1},
      {"works_after_update", works(updated) ? 1.0 : 0.0, "count", "= 1", updated.played ? 1 : 0},
      {"wrong_pins", static_cast<double>(wrong), "count", "", 1}};
  if (!updated.played)
    return partial(
        only_if_whole(std::move(judgement), transcript), 1, 3,
        "the card after an update, which the device does not take from the bench, and the flow "
        "without PIN, which 3-14.c plays with a card of today",
        "更新後のカード（装置が試験台の更新を受けない）と暗証番号なしのフロー（今日のカードでは 3-14.c）");
  return partial(only_if_whole(std::move(judgement), transcript), 2, 3,
                 "the flow without PIN, which 3-14.c plays with a card of today",
                 "暗証番号なしのフロー（今日のカードでは 3-14.c）");
}

}  // namespace

Result<void> stimulate_next_card(Stage& stage) {
  return stimulate_kind(stage, kNextKind, sim::Patient::kNextCard);
}

Judgement judge_next_card(const Transcript& transcript, const CheckContext&) {
  return judge_kind(transcript, kNextKind);
}

Result<void> stimulate_combined_card(Stage& stage) {
  return stimulate_kind(stage, kCombinedKind, sim::Patient::kResidence);
}

Judgement judge_combined_card(const Transcript& transcript, const CheckContext&) {
  return judge_kind(transcript, kCombinedKind);
}

Result<void> stimulate_face_card(Stage& stage) {
  begin_step(stage, kOrdinary, sim::Patient::kValid);
  SHOGO_TRY(const Event ordinary, choose_pin(stage, sim::Patient::kValid));
  if (text_of(ordinary.data, "name") == "pin") SHOGO_CHECK_OK(leave_pin(stage));
  SHOGO_CHECK_OK(finish(stage));

  begin_step(stage, kFace, sim::Patient::kFaceCard);
  const auto state = choose_pin(stage, sim::Patient::kFaceCard);
  // A device that offers no PIN for this card at all is right, too.
  if (!state.ok() && state.error().code() != Code::kNotFound) return state.error();
  SHOGO_CHECK_OK(stage.keep_frame("face_card"));
  if (state.ok() && text_of(state->data, "name") == "pin") {
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(sim::Patient::kFaceCard)));
    if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
      SHOGO_CHECK_OK(pad.done(stage));
    SHOGO_CHECK_OK(stage.linger());
  }
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_face_card(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const Step* ordinary = find_step(steps, kOrdinary);
  const Step* face = find_step(steps, kFace);
  const int shown = face == nullptr ? 0 : static_cast<int>(face->pin_verifies().size());
  const bool card_seen = face != nullptr && !face->commands().empty();
  Judgement judgement;
  if (ordinary == nullptr || !ordinary->showed("pin") || !card_seen) {
    judgement = inconclusive(
        Reason::kControlFailed,
        card_seen ? "an ordinary card did not lead to the PIN page: its absence would prove nothing"
                  : "no command reached the face authentication card: it was not tried",
        card_seen ? "通常のカードでも暗証番号画面に至らず、対照が成立しない"
                  : "顔認証マイナンバーカードに命令が届かず、試せていない");
  } else if (shown > 0 || face->showed("pin")) {
    judgement =
        fail(fmt::format("the device asks for the PIN of a card that has none ({} sent to it)", shown),
             fmt::format("暗証番号のないカードに暗証番号を求めた（カードに{}回送信）", shown));
  } else {
    judgement = pass("the device asks for no PIN of such a card", "暗証番号のないカードに暗証番号を求めない");
  }
  judgement.measurements = {{"pins_sent", static_cast<double>(shown), "count", "= 0", 1}};
  return partial(only_if_whole(std::move(judgement), transcript), 1, 2,
                 "the way by face and the guidance after a failed match: this bench shows no faces yet",
                 "顔認証と、不一致後の目視確認の案内（この試験台はまだ顔を提示できない）");
}

}  // namespace shogo::conformance
