// Cards of other kinds than the plain one. 1-8.c: the announced next card. 1-8.d: the card that is a
// residence card as well. 3-14.g: the face authentication card, whose PINs are switched off. Both have halves
// that this bench cannot try yet (the update package; faces), so neither passes here; what can be tried today
// can fail.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kAnswer{4'000};  ///< a device that died keeps us no longer
constexpr const char* kBefore = "ordinary_before";
constexpr const char* kCombined = "combined_card";
constexpr const char* kNext = "next_card";
constexpr const char* kAfter = "ordinary_after";
constexpr const char* kFace = "face_card";
constexpr const char* kOrdinary = "ordinary_card";

/// Card on, PIN chosen and typed rightly, card away. What the device does not do is the judge's business: a
/// card of a new kind may be refused at any point.
Result<void> try_journey(Stage& stage, std::string_view name, sim::Patient patient) {
  begin_step(stage, name, patient);
  const Mark start = stage.mark();
  const auto state = choose_pin(stage, patient, kAnswer);
  if (state.ok() && text_of(state->data, "name") == "pin") {
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(patient)));
    if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
      SHOGO_CHECK_OK(pad.done(stage));
    const auto result = stage.wait_result(start, kAnswer);
    if (!result.ok() && result.error().code() != Code::kTimeout) return result.error();
  } else if (!state.ok() && state.error().code() != Code::kTimeout) {
    return state.error();
  }
  SHOGO_CHECK_OK(stage.keep_frame(fmt::format("after_{}", name)));
  note_tries(stage, patient);
  stage.world().take_card();
  const auto idle = stage.wait_state({"idle"}, kAnswer);
  return idle.ok() || idle.error().code() == Code::kTimeout ? Result<void>() : Result<void>(idle.error());
}

struct Seen {
  bool played = false;
  bool ok = false;        ///< the device's word
  std::string reason;     ///< of its first result
  bool eligible = false;  ///< the server's word
  int verified = 0;
  int signatures = 0;
  bool asked_card = false;
};

Seen seen_in(const std::vector<Step>& steps, std::string_view name) {
  Seen seen;
  const Step* step = find_step(steps, name);
  if (step == nullptr) return seen;
  seen.played = true;
  for (const CardCommand& command : step->commands()) {
    seen.asked_card = true;
    if (command.carries_pin && command.sw == 0x9000) ++seen.verified;
    if (command.name == "COMPUTE_SIGNATURE" && command.sw == 0x9000) ++seen.signatures;
  }
  for (const Event* event : step->select(source::kServer, "request"))
    seen.eligible = seen.eligible || text_of(event->data, "outcome") == "eligible";
  for (const Event* event : step->select(source::kDevice, "result")) {
    seen.ok = seen.ok || text_of(event->data, "outcome") == "ok";
    if (seen.reason.empty()) seen.reason = text_of(event->data, "reason");
  }
  return seen;
}

/// The whole flow as card and server saw it, not only the device's word.
bool works(const Seen& seen) {
  return seen.ok && seen.eligible && seen.verified > 0 && seen.signatures > 0;
}

}  // namespace

namespace {

/// One card of another kind between two ordinary ones, before any update: it works, or it is refused clearly.
struct OtherKind {
  const char* step;
  std::string_view en, ja;
};
constexpr OtherKind kNextKind{kNext, "the next card", "次期カード"};
constexpr OtherKind kCombinedKind{kCombined, "the combined card", "特定在留カード"};

Result<void> stimulate_kind(Stage& stage, const OtherKind& kind, sim::Patient patient) {
  SHOGO_CHECK_OK(try_journey(stage, kBefore, sim::Patient::kValid));
  SHOGO_CHECK_OK(try_journey(stage, kind.step, patient));
  SHOGO_CHECK_OK(try_journey(stage, kAfter, sim::Patient::kValid));
  return end_script(stage);
}

Judgement judge_kind(const Transcript& transcript, const OtherKind& kind) {
  const std::vector<Step> steps = steps_of(transcript);
  const Seen before = seen_in(steps, kBefore), card = seen_in(steps, kind.step),
             after = seen_in(steps, kAfter);
  const bool clear_refusal = !card.ok && card.reason == "card_unsupported";
  Judgement judgement;
  if (!works(before) || !card.played) {
    judgement = inconclusive(Reason::kControlFailed, "the PIN flow did not work with an ordinary card before",
                             "先に行った通常カードの暗証番号フローが成立していない");
  } else if (card.ok && !works(card)) {
    judgement = fail(fmt::format("success shown for {}, but card and server did not see the flow", kind.en),
                     fmt::format("{}で成功表示となったが、カードとサーバーには処理が届いていない", kind.ja));
  } else if (!card.ok && !clear_refusal) {
    judgement = fail(
        fmt::format("{} neither worked nor was refused as unsupported (reason \"{}\")", kind.en, card.reason),
        fmt::format("{}は使えず、対応外であることも示されない（理由「{}」）", kind.ja, card.reason));
  } else if (after.played && !works(after)) {
    judgement = fail(fmt::format("after {} the device no longer served an ordinary one", kind.en),
                     fmt::format("{}の後、通常のカードが使えなくなった", kind.ja));
  } else if (!after.played) {
    judgement =
        inconclusive(Reason::kControlFailed, fmt::format("no ordinary card was tried after {}", kind.en),
                     fmt::format("{}の後に通常のカードを試せていない", kind.ja));
  } else if (card.ok) {
    judgement = pass(fmt::format("the PIN flow works with {}, and with an ordinary one after it", kind.en),
                     fmt::format("{}で暗証番号フローが成立し、その後の通常カードも使える", kind.ja));
  } else {
    judgement = pass(fmt::format("{} is refused clearly, and an ordinary one works after it", kind.en),
                     fmt::format("{}は対応外と明示され、その後の通常カードは使える", kind.ja));
  }
  const Step* step = find_step(steps, kind.step);
  const auto commands = step == nullptr ? std::vector<CardCommand>{} : step->commands();
  judgement.measurements = {
      {"pin_flow_works", works(card) ? 1.0 : 0.0, "count", "", 1},
      {"wrong_pins", static_cast<double>(submissions_of(commands, "auth_pin").wrong), "count", "", 1}};
  return partial(only_if_whole(std::move(judgement), transcript), 1, 3,
                 "the card after an update, and the flow without PIN: neither exists on this bench yet",
                 "更新後のカードと暗証番号なしのフロー（この試験台にまだない）");
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
