// 3-14.f: eligibility with a phone that carries the card's functions, and a cancel on the way. 1-8.e: both an
// iPhone and an Android phone. 1-8.k: a device with a place of its own for phones says where that is.
//
// Nothing of the phones' real behaviour beyond public client code is known: both are synthetic profiles
// (docs/cards.md). An Android's holder enters the PIN at the device; an iPhone's agrees on the phone. The
// screens are each vendor's own, so the script looks for words, and takes either order of PIN and tap.
#include "card_trace.h"
#include "checks.h"
#include "drawn_box.h"
#include "journey.h"
#include "session_seen.h"
#include "whole_script.h"
#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr const char* kIphone = "iphone";
constexpr const char* kAndroid = "android";
constexpr const char* kCancelled = "android_cancelled";
constexpr const char* kNotAgreed = "iphone_not_agreed";

constexpr milliseconds kAnswer{5'000};
constexpr milliseconds kHome{3'000};

const Words kPhone{"スマートフォン", "スマホ", "phone", "Phone"};
const Words kIphoneWords{"iPhone", "アイフォン"};
const Words kAndroidWords{"Android", "アンドロイド"};

/// Where a phone is to be held, in any language that a device may show here.
struct Direction {
  std::string_view area;
  std::array<std::string_view, 4> words;
};
constexpr std::array<Direction, 4> kDirections{{
    {"left", {"左", "left", "Left", "왼쪽"}},
    {"right", {"右", "right", "Right", "오른쪽"}},
    {"above", {"上", "above", "top", "위"}},
    {"below", {"下", "below", "bottom", "아래"}},
}};

std::string shown_state(const Stage& stage) {
  const auto state = stage.last_state();
  return state ? text_of(state->data, "name") : std::string("idle");
}

/// Its picture, and what of its words is really drawn.
Result<void> keep_page(Stage& stage, std::string_view name) {
  SHOGO_TRY(const Screen screen, stage.settled_screen());
  boost::json::array texts;
  for (const UiNode& node : screen.tree.nodes)
    if (!node.text.empty() && node.role != "button" && has_ink(screen.frame.image, node))
      texts.emplace_back(node.text);
  stage.record(source::kDevice, "page",
               {{"name", name}, {"state", screen.tree.state}, {"texts", std::move(texts)}});
  SHOGO_CHECK_OK(stage.keep_frame(name));
  return {};
}

Result<void> type_pin(Stage& stage, sim::Patient patient) {
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(patient)));
  if (shown_state(stage) == "pin") SHOGO_CHECK_OK(pad.done(stage));
  return {};
}

/// From the idle page to where the phone is awaited: phone chosen, its kind, the PIN where it is asked for.
/// A device that offers none of this is given the phone as it is.
Result<void> ask_for_phone(Stage& stage, sim::Patient patient, const Words& kind) {
  SHOGO_TRY(const UiTree idle, stage.ui_tree());
  const UiNode* button = find_button(idle, kPhone);
  if (button == nullptr) return {};
  const Mark chosen = stage.mark();
  SHOGO_CHECK_OK(stage.touch(button->centre_x(), button->centre_y()));
  SHOGO_TRY(const Event first, stage.wait_state({"phone_kind", "phone_tap", "pin"}, chosen, kAnswer));
  if (text_of(first.data, "name") == "phone_kind") {
    const Mark said = stage.mark();
    SHOGO_CHECK_OK(press(stage, kind, "the kind of phone"));
    SHOGO_CHECK_OK(stage.wait_state({"phone_tap", "pin"}, said, kAnswer));
  }
  if (shown_state(stage) == "pin") {
    const Mark typed = stage.mark();
    SHOGO_CHECK_OK(type_pin(stage, patient));
    SHOGO_CHECK_OK(stage.wait_state({"phone_tap"}, typed, kAnswer));
  }
  return {};
}

/// An end of the session, whichever comes: a result, or a page that says no.
bool is_answer(const Event& event) {
  if (event.source != source::kDevice) return false;
  const std::string name = text_of(event.data, "name"), substate = text_of(event.data, "substate");
  return event.kind == "result" ||
         (event.kind == "state" &&
          (name == "error" || name == "result_ng" || (name == "phone_tap" && substate == "not_approved")));
}

/// Phone on the reading area until the device has answered. Where it asks for the PIN only now, it gets it.
Result<void> hold(Stage& stage, sim::Patient patient) {
  const Mark held = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(patient)));
  auto answer = stage.wait_event(
      "an answer to the phone", held,
      [](const Event& event) {
        return is_answer(event) || (event.source == source::kDevice && event.kind == "state" &&
                                    text_of(event.data, "name") == "pin");
      },
      kAnswer);
  if (answer.ok() && answer->kind == "state" && text_of(answer->data, "name") == "pin") {
    const Mark typed = stage.mark();
    SHOGO_CHECK_OK(type_pin(stage, patient));
    answer = stage.wait_event("an answer to the phone and its PIN", typed, is_answer, kAnswer);
  }
  return answer.ok() || answer.error().code() == Code::kTimeout ? Result<void>()
                                                                : Result<void>(answer.error());
}

/// Phone away, and out of whatever page is shown.
Result<void> leave(Stage& stage) {
  stage.world().take_card();
  for (int i = 0; i < 3 && shown_state(stage) != "idle"; ++i) {
    SHOGO_TRY(const UiTree tree, stage.ui_tree());
    if (const UiNode* end = find_button(tree, words::kEnd); end != nullptr)
      SHOGO_CHECK_OK(stage.touch(end->centre_x(), end->centre_y()));
    const auto home = stage.wait_state({"idle"}, kHome);
    if (!home.ok() && home.error().code() != Code::kTimeout) return home.error();
  }
  return {};
}

Result<void> play(Stage& stage, const char* name, sim::Patient patient, const Words& kind, bool agrees) {
  begin_step(stage, name, patient);
  SHOGO_CHECK_OK(ask_for_phone(stage, patient, kind));
  if (shown_state(stage) == "phone_tap") SHOGO_CHECK_OK(keep_page(stage, fmt::format("tap_{}", name)));
  SHOGO_CHECK_OK(stage.ours(stage.world().agree_on_phone(patient, agrees)));
  SHOGO_CHECK_OK(hold(stage, patient));
  SHOGO_CHECK_OK(stage.keep_frame(fmt::format("after_{}", name)));
  note_tries(stage, patient);
  SHOGO_CHECK_OK(leave(stage));
  return stage.ours(stage.world().agree_on_phone(patient, false));
}

/// The patient changes his mind when everything but the phone is there.
Result<void> play_cancel(Stage& stage) {
  begin_step(stage, kCancelled, sim::Patient::kAndroid);
  SHOGO_CHECK_OK(ask_for_phone(stage, sim::Patient::kAndroid, kAndroidWords));
  const bool awaited = shown_state(stage) == "phone_tap";
  SHOGO_TRY(const UiTree tree, stage.ui_tree());
  const UiNode* end = find_button(tree, words::kEnd);
  if (awaited && end != nullptr) SHOGO_CHECK_OK(stage.touch(end->centre_x(), end->centre_y()));
  (void)stage.wait_state({"idle"}, kHome);
  stage.note("cancelled", {{"awaited", awaited && end != nullptr}, {"idle", shown_state(stage) == "idle"}});
  // Whoever holds the phone there a moment later has not asked for anything.
  const Mark held = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(sim::Patient::kAndroid)));
  (void)stage.wait_event(
      "the phone's first command", held,
      [](const Event& event) { return event.source == source::kCard && event.kind == "apdu"; }, kHome);
  SHOGO_CHECK_OK(stage.linger(milliseconds{800}));
  return leave(stage);
}

/// Why a phone of this kind does not work; empty when it does.
std::string fault_of(const SessionSeen& seen, std::string_view kind) {
  if (works(seen)) return "";
  if (seen.ok)
    return fmt::format("{}: success shown, but phone and server did not see a signature and its check", kind);
  return fmt::format("{}: the flow did not complete (reason \"{}\")", kind, seen.reason);
}

Judgement settled(Judgement judgement, const Transcript& transcript, const SessionSeen& iphone,
                  const SessionSeen& android) {
  judgement.measurements = {{"iphone_works", works(iphone) ? 1.0 : 0.0, "count", "= 1", 1},
                            {"android_works", works(android) ? 1.0 : 0.0, "count", "= 1", 1}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace

Result<void> stimulate_phone_flow(Stage& stage) {
  SHOGO_CHECK_OK(play(stage, kIphone, sim::Patient::kIphone, kIphoneWords, true));
  SHOGO_CHECK_OK(play(stage, kAndroid, sim::Patient::kAndroid, kAndroidWords, true));
  SHOGO_CHECK_OK(play(stage, kNotAgreed, sim::Patient::kIphone, kIphoneWords, false));
  SHOGO_CHECK_OK(play_cancel(stage));
  return end_script(stage);
}

Judgement judge_phone_flow(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const SessionSeen iphone = session_seen(find_step(steps, kIphone)),
                    android = session_seen(find_step(steps, kAndroid)),
                    not_agreed = session_seen(find_step(steps, kNotAgreed)),
                    cancelled = session_seen(find_step(steps, kCancelled));
  const Step* cancel = find_step(steps, kCancelled);
  bool awaited = false, idle = false;
  if (cancel != nullptr)
    for (const Event* event : cancel->select(source::kStimulus, "cancelled")) {
      const auto yes = [&](const char* key) {
        const boost::json::value* value = event->data.if_contains(key);
        return value != nullptr && value->is_bool() && value->get_bool();
      };
      awaited = yes("awaited");
      idle = yes("idle");
    }
  std::vector<std::string> faults;
  for (const auto& [seen, kind] : {std::pair(iphone, "iPhone"), std::pair(android, "Android")})
    if (std::string fault = fault_of(seen, kind); !fault.empty()) faults.push_back(std::move(fault));
  if (not_agreed.ok || not_agreed.eligible)
    faults.emplace_back("iPhone: success although its holder had not agreed");
  if (awaited && (cancelled.pins > 0 || cancelled.signatures > 0 || cancelled.asked_server))
    faults.push_back(fmt::format("cancelled: {} PIN and {} signatures of the phone all the same",
                                 cancelled.pins, cancelled.signatures));
  if (awaited && !idle) faults.emplace_back("cancelled: the device does not come back to its first page");
  const bool tried = iphone.reached || android.reached;
  Judgement judgement;
  if (!iphone.played || !android.played || (!tried && !iphone.ok && !android.ok)) {
    judgement = inconclusive(Reason::kControlFailed, "no command reached a phone: nothing was tried",
                             "スマートフォンに命令が届かず、何も試せていない");
  } else if (!faults.empty()) {
    std::string all;
    for (const std::string& fault : faults) all += (all.empty() ? "" : "; ") + fault;
    judgement = fail(all, "スマートフォンによる資格確認が成立しない：" + all);
  } else if (!awaited || !cancelled.reached || !not_agreed.reached) {
    judgement = inconclusive(Reason::kControlFailed,
                             "both phones work; a cancel while the phone was awaited could not be given",
                             "両方のスマートフォンで成立したが、かざす前の取り消しを試せていない");
  } else {
    judgement = pass(
        "both phones: signature of the phone, answer of the server; without the holder's agreement, or "
        "cancelled, nothing goes on",
        "両方のスマートフォンで署名とサーバーの回答まで成立し、同意がないとき、取り消したときは先へ進まない");
  }
  return settled(std::move(judgement), transcript, iphone, android);
}

Judgement judge_phone_kinds(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const SessionSeen iphone = session_seen(find_step(steps, kIphone)),
                    android = session_seen(find_step(steps, kAndroid));
  Judgement judgement;
  if (!iphone.played || !android.played || (!iphone.reached && !android.reached)) {
    judgement = inconclusive(Reason::kControlFailed, "no command reached a phone: nothing was tried",
                             "スマートフォンに命令が届かず、何も試せていない");
  } else if (!works(iphone) || !works(android)) {
    const std::string one = fault_of(iphone, "iPhone"), other = fault_of(android, "Android");
    const std::string all = one + (one.empty() || other.empty() ? "" : "; ") + other;
    judgement = fail(all, "両方のスマートフォンに対応していない：" + all);
  } else {
    judgement =
        pass("the flow of 3-14.f works with the iPhone and with the Android phone (synthetic profiles)",
             "iPhoneとAndroidの両方（合成プロファイル）で3-14.fの処理が成立した");
  }
  return settled(std::move(judgement), transcript, iphone, android);
}

Judgement judge_phone_guidance(const Transcript& transcript, const CheckContext& context) {
  const std::string& area = context.device.phone_area;
  if (area == "same") {
    Judgement judgement;
    judgement.verdict = Verdict::kNotApplicable;
    judgement.reason = Reason::kNone;
    judgement.because_en = "card and phone are read in one place";
    judgement.because_ja = "カードとスマートフォンの読み取り口が同一";
    return judgement;
  }
  const auto* direction = std::find_if(kDirections.begin(), kDirections.end(),
                                       [&](const Direction& one) { return one.area == area; });
  if (direction == kDirections.end())
    return inconclusive(Reason::kNoChannel,
                        "the device does not say where phones are read (hello, phone_area)",
                        "スマートフォンの読み取り口の位置が申告されていない（helloのphone_area）");
  int pages = 0, guided = 0;
  for (const Event* event : transcript.select(source::kDevice, "page")) {
    if (text_of(event->data, "state") != "phone_tap") continue;
    ++pages;
    const boost::json::value* texts = event->data.if_contains("texts");
    if (texts == nullptr || !texts->is_array()) continue;
    const auto says = [&](const boost::json::value& text) {
      return text.is_string() &&
             std::any_of(direction->words.begin(), direction->words.end(), [&](std::string_view word) {
               return std::string_view(text.get_string()).find(word) != std::string_view::npos;
             });
    };
    guided += std::any_of(texts->get_array().begin(), texts->get_array().end(), says) ? 1 : 0;
  }
  Judgement judgement;
  if (pages == 0) {
    judgement = inconclusive(Reason::kControlFailed, "no page that awaits a phone was seen",
                             "スマートフォンを待つ画面が表示されていない");
  } else if (guided < pages) {
    judgement = fail(fmt::format("{} of {} pages that await a phone do not say where it is to be held",
                                 pages - guided, pages),
                     fmt::format("スマートフォンを待つ画面{}件のうち{}件が、置き場所を示していない", pages,
                                 pages - guided));
  } else {
    judgement = pass(fmt::format("all {} pages that await a phone say where it is to be held", pages),
                     fmt::format("スマートフォンを待つ画面{}件すべてが置き場所を示す", pages));
  }
  judgement.measurements = {
      {"pages", static_cast<double>(pages), "count", ">= 1", pages},
      {"guided", static_cast<double>(guided), "count", fmt::format("= {}", pages), pages}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
