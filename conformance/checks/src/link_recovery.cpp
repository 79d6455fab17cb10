// 3-22.a: the line between reader and clinic PC goes and comes back, once while nobody is there and once
// while a patient types. The device must be ready again by itself; what was typed must be gone.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "line_trace.h"
#include "link_stage.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

using Line = sim::World::Line;
constexpr sim::Patient kWho = sim::Patient::kValid;
/// Longer than five attempts at one a second: who gives up by then is found out.
constexpr milliseconds kSessionOutage{6'300};
constexpr int kOutages = 4;  // 1 s, 30 s, 10 min, 1 h

Result<void> outage(Stage& stage, std::string_view name, milliseconds duration, sim::LineFault fault) {
  stage.note("step", {{"name", name}, {"outage_ms", duration.count()}});
  stage.world().set_line(Line::kReaderLink, fault);
  SHOGO_CHECK_OK(stage.linger(duration / 2));
  // A patient whose session was cut short takes the card away.
  stage.world().take_card();
  SHOGO_CHECK_OK(stage.linger(duration / 2));
  const Mark back = stage.mark();
  stage.note("step", {{"name", std::string(name) + "_return"}});
  stage.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  return wait_for_link(stage, back);
}

/// A whole journey with the right PIN: the control that the device works, and that nothing is left of before.
Result<void> whole_journey(Stage& stage) {
  SHOGO_CHECK_OK(finish(stage));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_result(entered));
  return finish(stage);
}

/// From the return of the line to the device's being ready, in s; negative: not at all.
double recovery_s(const Transcript& transcript, Span back) {
  const LineTrace trace = line_trace(transcript, kReaderLink, back.begin_ns, back.end_ns);
  if (trace.far.empty()) return -1;
  std::int64_t ready = trace.far.front().t_ns;
  // A device that showed the loss must show its end as well.
  const Event* out = nullptr;
  for (const Event& event : transcript.events()) {
    if (event.source != source::kDevice || event.kind != "state" || event.t_ns >= back.end_ns) continue;
    const std::string name = text_of(event.data, "name");
    const bool away = name == "out_of_service" || name == "error";
    if (away) out = &event;
    if (!away && name != "wiping" && out != nullptr && event.t_ns >= back.begin_ns) {
      ready = std::max(ready, event.t_ns);
      out = nullptr;
    }
  }
  return out != nullptr ? -1 : static_cast<double>(ready - back.begin_ns) / 1e9;
}

}  // namespace

Result<void> stimulate_link_recovery(Stage& stage) {
  SHOGO_CHECK_OK(quicken_link(stage, milliseconds(500)));
  stage.world().watch_lines(true);
  SHOGO_CHECK_OK(outage(stage, "idle_1s", milliseconds(1'000), sim::LineFault::kSilent));
  if (stage.profile() != "quick")
    SHOGO_CHECK_OK(outage(stage, "idle_30s", milliseconds(30'000), sim::LineFault::kSilent));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  begin_step(stage, "typing", kWho);
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, as_text(stage.world().pin_of(kWho).expose()).substr(0, 2)));
  SHOGO_CHECK_OK(outage(stage, "session", kSessionOutage, sim::LineFault::kRefused));
  begin_step(stage, "afterwards", kWho);
  SHOGO_CHECK_OK(whole_journey(stage));
  return end_script(stage);
}

Judgement judge_link_recovery(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("recovery_max");
  Judgement judgement;
  std::vector<Measurement> measured;
  bool failed = false;
  int outages = 0;
  bool in_session = false;
  bool cut_something = false;
  for (const char* name : {"idle_1s", "idle_30s", "session"}) {
    const auto cut = span_of_step(transcript, name);
    const auto back = span_of_step(transcript, std::string(name) + "_return");
    if (!cut || !back) continue;
    in_session = in_session || std::string_view(name) == "session";
    outages += std::string_view(name) == "session" ? 0 : 1;
    const LineTrace trace = line_trace(transcript, kReaderLink, cut->begin_ns, cut->end_ns);
    cut_something = cut_something || std::any_of(trace.ends.begin(), trace.ends.end(),
                                                 [](const LineEnd& end) { return end.by == "line"; });
    const double took = recovery_s(transcript, *back);
    measured.push_back(
        {fmt::format("recovery_max: {}", name), took, "s", fmt::format("<= {:g} s", limit), 1});
    if (failed || (took >= 0 && took <= limit)) continue;
    failed = true;
    judgement = took < 0
                    ? fail(fmt::format("{}: not ready again although the line had returned", name),
                           fmt::format("{}：回線が戻っても使える状態に戻らなかった", name))
                    : fail(fmt::format("{}: ready again only {:.1f} s after the line's return", name, took),
                           fmt::format("{}：回線の復帰から使用可能まで{:.1f}秒かかった", name, took));
  }
  const auto steps = steps_of(transcript);
  const Step* typing = find_step(steps, "typing");
  const Step* cut = find_step(steps, "session");
  const Step* back = find_step(steps, "session_return");
  const Step* afterwards = find_step(steps, "afterwards");
  if (!failed && (typing == nullptr || cut == nullptr || back == nullptr || afterwards == nullptr ||
                  outages == 0 || !in_session || !cut_something)) {
    judgement = inconclusive(
        Reason::kControlFailed,
        "the control did not hold: the outages did not cut a connection of the device, or the script "
        "did not reach the journey afterwards",
        "対照が成立しない：切断が装置の接続に及んでいないか、その後の手続まで進まなかった");
  } else if (!failed) {
    std::size_t early = 0;
    for (const Step* step : {typing, cut, back}) early += step->pin_verifies().size();
    const auto verifies = afterwards->pin_verifies();
    const bool right = verifies.size() == 1 && verifies.front().sw == 0x9000;
    bool wrongly_ok = false;
    for (const Step* step : {typing, cut, back})
      for (const Event* result : step->select(source::kDevice, "result"))
        wrongly_ok = wrongly_ok || text_of(result->data, "outcome") == "ok";
    const auto results = afterwards->select(source::kDevice, "result");
    const bool told_ok = !results.empty() && text_of(results.back()->data, "outcome") == "ok";
    if (early == 0 && !wrongly_ok && results.empty())
      judgement =
          inconclusive(Reason::kControlFailed, "the journey after the outage did not come to a result",
                       "復帰後の手続が結果まで進まなかった");
    else if (early > 0)
      judgement = fail(
          fmt::format(
              "{} PIN entries reached the card although only two digits had been typed before the outage",
              early),
          fmt::format("切断前に2桁しか入力していないのに、暗証番号がカードへ{}回送られた", early));
    else if (wrongly_ok)
      judgement =
          fail("the aborted session was told to be a success", "中止したセッションが成功と報告された");
    else if (!right || !told_ok)
      judgement = fail(
          "the journey after the outage did not go through with the right PIN: something was left of before",
          "復帰後に正しい暗証番号で手続が完了しなかった：切断前の状態が残っている");
    else
      judgement = pass(
          "ready again by itself each time; the session in flight ended without a PIN at the card, and the "
          "next "
          "one went through with a whole PIN.",
          "毎回自ら復帰した。途中のセッションは暗証番号を送らずに終わり、次の手続は完了した。");
  }
  judgement.measurements = std::move(measured);
  return partial(only_if_whole(std::move(judgement), transcript), outages, kOutages,
                 outages < 2
                     ? "outages of 30 s (profile standard), 10 min and 1 h (they wait for virtual time)"
                     : "outages of 10 min and 1 h (they wait for virtual time)",
                 outages < 2 ? "30秒（standardで実施）、10分、1時間の切断（仮想時刻を待つ）"
                             : "10分、1時間の切断（仮想時刻を待つ）");
}

}  // namespace shogo::conformance
