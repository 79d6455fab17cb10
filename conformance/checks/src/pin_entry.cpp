// 3-11.a and 3-11.d: what may reach the card of what a patient types. Judged from the card's own trace.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr std::string_view kShort = "short_";
constexpr std::string_view kTimeout = "timeout_";
constexpr std::string_view kErased = "erased_";
constexpr std::string_view kControl = "complete";
constexpr int kFastIdleTimeout_ms = 1'200;
constexpr int kNormalIdleTimeout_ms = 60'000;

bool starts_with(const std::string& text, std::string_view prefix) {
  return text.rfind(prefix, 0) == 0;
}

/// 63Cx: the card compared and says how many tries are left; 6983, 6984: it is blocked.
bool refused_pin(std::uint16_t sw) {
  return (sw & 0xFFF0U) == 0x63C0U || sw == 0x6983 || sw == 0x6984;
}

/// Over the whole script, whatever step it fell into.
std::size_t pin_verifies_of(const Transcript& transcript) {
  return Step{{}, transcript.select(source::kCard, "apdu")}.pin_verifies().size();
}

}  // namespace

Result<void> stimulate_pin_length(Stage& stage) {
  const auto pin = as_text(stage.world().pin_of(kWho).expose());
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  // Correct digits, so that a device which sends too early is answered 63Cx or 9000, and the counter tells as
  // well.
  for (int digits = 0; digits <= 3; ++digits) {
    begin_step(stage, fmt::format("{}{}", kShort, digits), kWho, {{"digits", digits}});
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    SHOGO_CHECK_OK(pad.type(stage, pin.substr(0, static_cast<std::size_t>(digits))));
    SHOGO_CHECK_OK(pad.done(stage));
    SHOGO_CHECK_OK(stage.linger());
    note_tries(stage, kWho);
    if (const auto state = stage.last_state(); !state || text_of(state->data, "name") != "pin") break;
    SHOGO_CHECK_OK(leave_pin(stage));
    const Mark again = stage.mark();
    SHOGO_CHECK_OK(stage.tap("button", "暗証番号を入力"));
    SHOGO_CHECK_OK(stage.wait_state({"pin"}, again));
  }
  {
    begin_step(stage, fmt::format("{}3", kErased), kWho, {{"digits", 3}});
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    SHOGO_CHECK_OK(pad.type(stage, pin.substr(0, 3)));
    SHOGO_CHECK_OK(pad.erase(stage));
    SHOGO_CHECK_OK(pad.type(stage, pin.substr(2, 1)));
    SHOGO_CHECK_OK(pad.done(stage));
    SHOGO_CHECK_OK(stage.linger());
    note_tries(stage, kWho);
  }
  SHOGO_CHECK_OK(finish(stage));

  if (stage.device().has(contract::cap::kSettings)) {
    SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kFastIdleTimeout_ms}}));
    SHOGO_CHECK_OK(go_to_pin(stage, kWho));
    begin_step(stage, fmt::format("{}3", kTimeout), kWho, {{"digits", 3}});
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    const Mark typed = stage.mark();
    SHOGO_CHECK_OK(pad.type(stage, pin.substr(0, 3)));
    // The device must leave the page by itself; what it does with the digits is the question.
    SHOGO_CHECK_OK(
        stage.wait_event("the PIN page given up after the idle timeout", typed, [](const Event& event) {
          return event.source == source::kDevice && event.kind == "state" &&
                 text_of(event.data, "name") != "pin";
        }));
    SHOGO_CHECK_OK(stage.linger());
    note_tries(stage, kWho);
    SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kNormalIdleTimeout_ms}}));
    SHOGO_CHECK_OK(finish(stage));
  }

  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  begin_step(stage, kControl, kWho, {{"digits", 5}});
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, pin));
  // A device that sends at the fourth digit has left the page by now: then there is no fifth to ignore.
  SHOGO_CHECK_OK(stage.linger(milliseconds{50}));
  if (const auto state = stage.last_state(); state && text_of(state->data, "name") == "pin") {
    SHOGO_CHECK_OK(pad.type(stage, pin.substr(0, 1)));
    SHOGO_CHECK_OK(pad.done(stage));
  }
  SHOGO_CHECK_OK(stage.wait_result(entered));
  note_tries(stage, kWho);
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_pin_length(const Transcript& transcript, const CheckContext& context) {
  const auto digits_required = static_cast<int>(context.number("pin_digits"));
  const auto allowed = static_cast<std::size_t>(context.number("short_pins_sent"));
  const std::vector<Step> steps = steps_of(transcript);
  std::size_t sent_short = 0;
  int shortest = digits_required;
  std::set<std::string> entries;
  bool counters_known = true;
  std::string broken;
  for (const Step& step : steps) {
    const std::string name = step.name();
    if (!starts_with(name, kShort) && !starts_with(name, kTimeout) && !starts_with(name, kErased)) continue;
    entries.insert(name);
    const auto verifies = step.pin_verifies();
    if (!verifies.empty()) {
      sent_short += verifies.size();
      shortest = std::min(shortest, static_cast<int>(integer_of(step.data, "digits", digits_required)));
      if (broken.empty()) broken = name;
    }
    const auto tries = step.select(source::kCard, "tries");
    counters_known = counters_known && tries.size() >= 2;
    if (tries.size() >= 2 &&
        integer_of(tries.front()->data, "auth_pin", -1) != integer_of(tries.back()->data, "auth_pin", -1) &&
        broken.empty())
      broken = name;
  }
  Judgement judgement;
  if (sent_short > allowed || !broken.empty()) {
    judgement =
        fail(fmt::format("the card received {} PIN-carrying VERIFY for incomplete entries, the shortest of "
                         "{} digits (step {})",
                         sent_short, shortest, broken),
             fmt::format("桁数が足りない入力に対し、カードにPIN付きVERIFYが{}回届いた（最短{}桁、手順{}）",
                         sent_short, shortest, broken));
  } else {
    const Step* control = find_step(steps, kControl);
    const auto verifies = control == nullptr ? std::vector<CardCommand>{} : control->pin_verifies();
    const auto other_size = std::find_if(verifies.begin(), verifies.end(), [&](const CardCommand& verify) {
      return verify.body_size != digits_required;
    });
    const bool all_played = entries.contains("short_0") && entries.contains("short_1") &&
                            entries.contains("short_2") && entries.contains("short_3") &&
                            entries.contains("erased_3");
    if (!all_played || verifies.empty() || !counters_known) {
      judgement = inconclusive(
          Reason::kControlFailed,
          fmt::format("the control did not hold: {} incomplete entries played, {} VERIFY for the complete "
                      "one, the card's counter {}",
                      entries.size(), verifies.size(), counters_known ? "known" : "unknown"),
          fmt::format("対照が成立しない：不完全な入力{}回、完全な入力に対するVERIFY{}回、残り回数は{}",
                      entries.size(), verifies.size(), counters_known ? "既知" : "不明"));
    } else if (other_size != verifies.end()) {
      judgement = fail(fmt::format("after a fifth digit the card received {} digits instead of {}",
                                   other_size->body_size, digits_required),
                       fmt::format("5桁目の入力後、カードに{}桁ではなく{}桁が届いた", digits_required,
                                   other_size->body_size));
    } else if (refused_pin(verifies.front().sw)) {
      // The first four digits were the right PIN: a refusal means that the fifth replaced one of them.
      judgement = fail("a fifth digit changed the PIN that reached the card: the card refused it",
                       "5桁目の入力により、カードに届いた暗証番号が変わった（カードが拒否した）");
    } else if (pin_verifies_of(transcript) != verifies.size()) {
      judgement = inconclusive(Reason::kControlFailed,
                               fmt::format("the card received {} PIN-carrying VERIFY outside every entry",
                                           pin_verifies_of(transcript) - verifies.size()),
                               fmt::format("どの入力にも属さないPIN付きVERIFYが{}回あった",
                                           pin_verifies_of(transcript) - verifies.size()));
    } else if (!entries.contains(fmt::format("{}3", kTimeout))) {
      judgement = inconclusive(Reason::kPartial,
                               "nothing was sent for incomplete entries, but none was left to time out: the "
                               "device's idle timeout cannot be set",
                               "不完全な入力では何も送信されなかったが、無操作による時間切れは試せていない");
    } else {
      judgement =
          pass(fmt::format("{} incomplete entries sent nothing to the card; the complete one sent {} digits",
                           entries.size(), digits_required),
               fmt::format("不完全な入力{}回では何も送信されず、完全な入力では{}桁が送信された",
                           entries.size(), digits_required));
    }
  }
  judgement.measurements = {{"short_pins_sent", static_cast<double>(sent_short), "count",
                             fmt::format("<= {}", allowed), static_cast<std::int64_t>(entries.size())}};
  return only_if_whole(std::move(judgement), transcript);
}

Result<void> stimulate_single_verify(Stage& stage) {
  constexpr sim::Patient who = sim::Patient::kWrongPin;
  SHOGO_CHECK_OK(go_to_pin(stage, who));
  begin_step(stage, "wrong_pin", who);
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, wrong_pin_for(stage, who)));
  if (const auto state = stage.last_state(); state && text_of(state->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_event("the device's answer to a wrong PIN", entered, [](const Event& event) {
    if (event.source != source::kDevice) return false;
    if (event.kind == "result") return true;
    return event.kind == "state" && text_of(event.data, "name") != "verifying";
  }));
  SHOGO_CHECK_OK(stage.linger());
  note_tries(stage, who);
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_single_verify(const Transcript& transcript, const CheckContext& context) {
  const auto expected = static_cast<std::size_t>(context.number("verify_per_entry"));
  const std::vector<Step> steps = steps_of(transcript);
  const Step* step = find_step(steps, "wrong_pin");
  const auto verifies = step == nullptr ? std::vector<CardCommand>{} : step->pin_verifies();
  // Nobody typed another PIN: a VERIFY anywhere in the script belongs to this entry.
  const std::size_t sent = pin_verifies_of(transcript);
  Judgement judgement;
  if (verifies.empty()) {
    judgement = inconclusive(Reason::kControlFailed, "the card received no VERIFY at all for the wrong PIN",
                             "誤った暗証番号に対するVERIFYがカードに届かなかった");
  } else if (sent == expected && !refused_pin(verifies.front().sw)) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     fmt::format("the card did not refuse the PIN (SW {:04X}): no wrong entry was made",
                                 verifies.front().sw),
                     fmt::format("カードが暗証番号を拒否していない（SW {:04X}）。誤入力になっていない",
                                 verifies.front().sw));
  } else if (sent == expected) {
    judgement = pass("one wrong entry, one VERIFY at the card", "誤入力1回に対しVERIFYは1回だった");
  } else {
    judgement = fail(
        fmt::format("one wrong entry reached the card as {} VERIFY: every surplus one burns a try", sent),
        fmt::format("誤入力1回に対しVERIFYが{}回送られた。余分な1回ごとに残り回数が減る", sent));
  }
  judgement.measurements = {
      {"verify_per_entry", static_cast<double>(sent), "count", fmt::format("= {}", expected), 1}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
