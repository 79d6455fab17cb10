// 3-14.c: authentication without PIN and eligibility. 3-14.d: the same and first registration. No PIN goes to
// the card, and nothing goes on before somebody has checked who stands there: a face match, or the visual
// check (目視) that staff have armed at the clinic PC. Judged from the card's signatures, the server's log
// and its register.
//
// How staff arm it is each vendor's own: the bench arms it at the reference's host agent as staff would,
// elsewhere over the adapter (host.visual_check). What follows on the card is *synthetic* (docs/cards.md, The
// way without PIN), so only signatures and PINs are looked at there.
#include "pinless.h"

#include "card_trace.h"
#include "journey.h"
#include "session_seen.h"
#include "whole_script.h"
#include <optional>

#include <fmt/core.h>

#include <shogo/conformance/dut.h>
#include <shogo/conformance/staff_side.h>

namespace shogo::conformance {
namespace {

/// docs/device-protocol.md: the visual check can be armed at its host software as staff would.
constexpr std::string_view kArmsVisualCheck = "host.visual_check";
constexpr sim::Patient kRegistered = sim::Patient::kValid;
constexpr sim::Patient kNewcomer = sim::Patient::kNotRegistered;
constexpr std::string_view kNobody = "nobody_checked";
constexpr std::string_view kVisual = "visual_check";
constexpr std::string_view kRegisters = "registers";
constexpr std::string_view kComesAgain = "comes_again";
constexpr milliseconds kSeen{5'000};
/// Several times what the whole way takes when it is allowed.
constexpr milliseconds kTempted{1'500};

/// A card is laid down and nobody has looked at anybody: the device gets the time in which it would have gone
/// on.
Result<void> lay_down_unchecked(Stage& stage, sim::Patient patient) {
  begin_step(stage, kNobody, patient);
  note_register(stage, patient);
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(patient)));
  const auto seen = stage.wait_event(
      "a page for the card", start,
      [](const Event& event) { return event.source == source::kDevice && event.kind == "state"; }, kSeen);
  if (!seen.ok() && seen.error().code() != Code::kTimeout) return seen.error();
  SHOGO_CHECK_OK(stage.linger(kTempted));
  SHOGO_CHECK_OK(stage.keep_frame(kNobody));
  note_tries(stage, patient);
  note_register(stage, patient);
  return finish(stage);
}

/// Armed, then the card; registers when it is asked to. Whatever comes of it is the judge's business.
Result<void> go_without_pin(Stage& stage, std::string_view step, sim::Patient patient) {
  begin_step(stage, step, patient);
  note_register(stage, patient);
  SHOGO_CHECK_OK(arm_visual_check(stage));
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(patient)));
  const auto answer = stage.wait_event("an answer without PIN", start, [](const Event& event) {
    return event.source == source::kDevice &&
           (event.kind == "result" ||
            (event.kind == "state" && text_of(event.data, "name") == "register_ask"));
  });
  if (!answer.ok() && answer.error().code() != Code::kTimeout) return answer.error();
  SHOGO_CHECK_OK(stage.keep_frame(step));
  if (answer.ok() && answer->kind == "state") {
    const Mark agreed = stage.mark();
    SHOGO_CHECK_OK(press(stage, words::kAgree, "register"));
    const auto result = stage.wait_result(agreed);
    if (!result.ok() && result.error().code() != Code::kTimeout) return result.error();
  }
  note_tries(stage, patient);
  note_register(stage, patient);
  return finish(stage);
}

struct Seen : SessionSeen {
  bool armed = false;
  std::string register_before, register_after;
};

Seen seen_in(const std::vector<Step>& steps, std::string_view name) {
  const Step* step = find_step(steps, name);
  Seen seen{session_seen(step), false, {}, {}};
  if (step == nullptr) return seen;
  seen.armed = !step->select(source::kStimulus, "visual_check").empty();
  const auto notes = step->select(source::kServer, "register");
  if (notes.size() >= 2) {
    seen.register_before = text_of(notes.front()->data, "state");
    seen.register_after = text_of(notes.back()->data, "state");
  }
  return seen;
}

bool went_on(const Seen& seen) {
  return seen.signatures > 0 || seen.asked_server || seen.ok;
}

/// What 3-14.c asks of every step, with or without registration: a verdict when it is broken or could not be
/// tried.
std::optional<Judgement> broken(const Seen& nobody, const std::vector<Seen>& checked, int pins_allowed) {
  int pins = nobody.pins;
  for (const Seen& seen : checked) pins += seen.pins;
  if (nobody.played && went_on(nobody))
    return fail(fmt::format("without anybody's check the device went on ({} signatures, server {})",
                            nobody.signatures, nobody.asked_server ? "asked" : "not asked"),
                fmt::format("誰も本人を確かめていないのに処理が進んだ（署名{}回、サーバーへの要求{}）",
                            nobody.signatures, nobody.asked_server ? "あり" : "なし"));
  if (pins > pins_allowed)
    return fail(fmt::format("{} PINs were sent to the card on the way without PIN", pins),
                fmt::format("暗証番号を使わない処理で、カードに暗証番号が{}回送られた", pins));
  if (!nobody.played || !nobody.reached)
    return inconclusive(Reason::kControlFailed,
                        "no command reached the card while nobody had checked: nothing was tried",
                        "確認のない場面でカードに命令が届かず、何も試せていない");
  for (const Seen& seen : checked)
    if (!seen.played || !seen.armed)
      return inconclusive(Reason::kControlFailed,
                          "the visual check was not armed in every part of the script",
                          "目視確認を有効にできない場面があった");
  return std::nullopt;
}

}  // namespace

Result<void> arm_visual_check(Stage& stage) {
  if (stage.device().has(kArmsVisualCheck)) {
    SHOGO_CHECK_OK(stage.call("arm_visual_check"));
  } else {
    SHOGO_TRY(HostSide * host, stage.host());
    auto* staff = dynamic_cast<StaffSide*>(host);
    if (staff == nullptr)
      return Error{Code::kUnsupported, "the bench cannot arm the visual check at this host software"};
    SHOGO_CHECK_OK(staff->arm_visual_check());
  }
  stage.note("visual_check", {{"armed", true}});
  return {};
}

Result<void> stimulate_pinless_eligibility(Stage& stage) {
  SHOGO_CHECK_OK(lay_down_unchecked(stage, kRegistered));
  SHOGO_CHECK_OK(go_without_pin(stage, kVisual, kRegistered));
  return end_script(stage);
}

Judgement judge_pinless_eligibility(const Transcript& transcript, const CheckContext& context) {
  const std::vector<Step> steps = steps_of(transcript);
  const Seen nobody = seen_in(steps, kNobody), visual = seen_in(steps, kVisual);
  Judgement judgement;
  if (auto verdict = broken(nobody, {visual}, static_cast<int>(context.number("pin_verify_sent")))) {
    judgement = *std::move(verdict);
  } else if (visual.ok && !works(visual)) {
    judgement = fail("success shown, but card and server did not see a signature and its check",
                     "成功表示となったが、カードの署名とサーバーの確認がない");
  } else if (!visual.ok) {
    judgement = fail(
        fmt::format("staff had armed the visual check, and the eligibility check did not complete "
                    "(reason \"{}\")",
                    visual.reason),
        fmt::format("職員が目視確認を有効にしたのに、資格確認が完了しなかった（理由「{}」）", visual.reason));
  } else {
    judgement =
        pass("armed visual check: signature and eligibility without PIN; nobody's check: nothing goes on",
             "目視確認が有効なときは暗証番号なしで資格確認が成立し、確認のないときは進まない");
  }
  judgement.measurements = {
      {"pin_verify_sent", static_cast<double>(nobody.pins + visual.pins), "count", "= 0", 2},
      {"signatures_unchecked", static_cast<double>(nobody.signatures), "count", "= 0", 1}};
  return partial(only_if_whole(std::move(judgement), transcript), 2, 3,
                 "the way by face: this bench shows no faces yet",
                 "顔認証（この試験台はまだ顔を提示できない）");
}

Result<void> stimulate_pinless_registration(Stage& stage) {
  SHOGO_CHECK_OK(lay_down_unchecked(stage, kNewcomer));
  SHOGO_CHECK_OK(go_without_pin(stage, kRegisters, kNewcomer));
  SHOGO_CHECK_OK(go_without_pin(stage, kComesAgain, kNewcomer));
  return end_script(stage);
}

Judgement judge_pinless_registration(const Transcript& transcript, const CheckContext& context) {
  const std::vector<Step> steps = steps_of(transcript);
  const Seen nobody = seen_in(steps, kNobody), first = seen_in(steps, kRegisters),
             again = seen_in(steps, kComesAgain);
  Judgement judgement;
  if (auto verdict = broken(nobody, {first, again}, static_cast<int>(context.number("pin_verify_sent")))) {
    judgement = *std::move(verdict);
  } else if (first.register_before != "not_registered") {
    judgement = inconclusive(Reason::kControlFailed,
                             "no unregistered person came to the device, so nothing was tried",
                             "未登録の人のカードで試せていない");
  } else if (first.ok && first.register_after != "eligible") {
    judgement =
        fail(fmt::format("the device reports success, but the server's register still says \"{}\"",
                         first.register_after),
             fmt::format("装置は成功を示したが、サーバーの登録は「{}」のままである", first.register_after));
  } else if (!first.ok) {
    judgement = fail(
        fmt::format("the patient agreed, but the registration without PIN did not complete (reason \"{}\")",
                    first.reason),
        fmt::format("患者が承諾したのに、暗証番号なしの登録が完了しなかった（理由「{}」）", first.reason));
  } else if (first.registrations != 1 || first.signatures < 1) {
    judgement =
        fail(fmt::format("the server received {} registration requests instead of one ({} signatures)",
                         first.registrations, first.signatures),
             fmt::format("登録の要求が1回ではなく{}回サーバーに届いた（署名{}回）", first.registrations,
                         first.signatures));
  } else if (again.registrations > 0 || !works(again)) {
    judgement = fail("at the next visit the device does not take the person as registered",
                     "次の来院で登録済みとして扱われなかった");
  } else {
    judgement = pass(
        "registered without PIN after the staff's visual check and the patient's yes; nobody's check: "
        "nothing "
        "goes on",
        "職員の目視確認と患者の承諾の後、暗証番号なしで登録が成立し、確認のないときは進まない");
  }
  judgement.measurements = {
      {"pin_verify_sent", static_cast<double>(nobody.pins + first.pins + again.pins), "count", "= 0", 3},
      {"signatures_unchecked", static_cast<double>(nobody.signatures), "count", "= 0", 1}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
