// 3-22.a: the line between reader and clinic PC goes and comes back, while nobody is there and while a
// patient types. The device must be ready again by itself; what was typed must be gone. On a device whose
// time can be moved (clock.virtual) an hour's outage takes seconds, and one short outage is played in real
// time besides; on any other the long ones cannot be given.
#include "card_trace.h"
#include "checks.h"
#include "clock_agreement.h"
#include "journey.h"
#include "line_trace.h"
#include "link_stage.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

using Line = sim::World::Line;
constexpr sim::Patient kWho = sim::Patient::kValid;
/// Longer than five attempts at one a second: who gives up by then is found out.
constexpr milliseconds kSessionOutage{6'300};
constexpr int kOutages = 4;  // 1 s, 30 s, 10 min, 1 h
struct LongOutage {
  const char* name;
  milliseconds duration;
};
constexpr LongOutage kLongOutages[] = {{"idle_30s", std::chrono::seconds(30)},
                                       {"idle_10min", std::chrono::minutes(10)},
                                       {"idle_1h", std::chrono::hours(1)}};
constexpr std::string_view kAll[] = {"idle_1s", "idle_30s", "idle_10min", "idle_1h", "session"};

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

/// The same in virtual time. False: not ready again although it had all the time it may take.
Result<bool> virtual_outage(Stage& stage, VirtualTime& time, std::string_view name, milliseconds duration,
                            sim::LineFault fault) {
  stage.note("step", {{"name", name}, {"outage_ms", duration.count()}});
  stage.world().set_line(Line::kReaderLink, fault);
  SHOGO_CHECK_OK(time.advance(stage, duration / 2));
  stage.world().take_card();
  SHOGO_CHECK_OK(time.advance(stage, duration / 2));
  const Mark back = stage.mark();
  stage.note("step", {{"name", std::string(name) + "_return"}});
  stage.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  return wait_for_link_virtually(stage, time, back);
}

/// All outages but the one in real time. False: the device did not survive one, and has no more to show.
Result<bool> virtual_outages(Stage& stage) {
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  bool well = true;
  for (const auto& [name, duration] : kLongOutages) {
    if (!well) break;
    SHOGO_TRY(well, virtual_outage(stage, time, name, duration, sim::LineFault::kSilent));
  }
  SHOGO_CHECK_OK(time.end(stage));
  return well;
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
  if (out != nullptr) return -1;
  return static_cast<double>(ready - back.begin_ns) / 1e9 + moved_s(transcript, back, ready);
}

}  // namespace

Result<void> stimulate_link_recovery(Stage& stage) {
  const bool movable = stage.device().has(contract::cap::kClockVirtual);
  if (movable) {
    SHOGO_CHECK_OK(
        play_clock_agreement(stage, stage.profile() == "quick" ? kQuickClockCase : kFullClockCase));
    stage.world().watch_lines(true);
    // At the pace of a clinic: an hour of attempts every second would say no more.
    SHOGO_CHECK_OK(stage.set_settings(
        {{"idle_timeout_ms", 60'000}, {"heartbeat_ms", 5'000}, {"reconnect_longest_ms", 8'000}}));
    SHOGO_TRY(const bool well, virtual_outages(stage));
    if (!well) return end_script(stage);
  }
  SHOGO_CHECK_OK(quicken_link(stage, milliseconds(500)));
  stage.world().watch_lines(true);
  SHOGO_CHECK_OK(outage(stage, "idle_1s", milliseconds(1'000), sim::LineFault::kSilent));
  if (!movable && stage.profile() != "quick")
    SHOGO_CHECK_OK(outage(stage, "idle_30s", milliseconds(30'000), sim::LineFault::kSilent));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  begin_step(stage, "typing", kWho);
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, as_text(stage.world().pin_of(kWho).expose()).substr(0, 2)));
  if (movable) {
    SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
    SHOGO_TRY(const bool well,
              virtual_outage(stage, time, "session", kSessionOutage, sim::LineFault::kRefused));
    SHOGO_CHECK_OK(time.end(stage));
    if (!well) return end_script(stage);
  } else {
    SHOGO_CHECK_OK(outage(stage, "session", kSessionOutage, sim::LineFault::kRefused));
  }
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
  for (const std::string_view name : kAll) {
    const auto cut = span_of_step(transcript, name);
    const auto back = span_of_step(transcript, std::string(name) + "_return");
    if (!cut || !back) continue;
    in_session = in_session || name == "session";
    outages += name == "session" ? 0 : 1;
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
  const bool moved = !transcript.select(source::kHarness, "advance").empty();
  const ClockAgreement clock = clock_agreement(steps);
  const Step* typing = find_step(steps, "typing");
  const Step* cut = find_step(steps, "session");
  const Step* back = find_step(steps, "session_return");
  const Step* afterwards = find_step(steps, "afterwards");
  if (moved && !clock.agrees) {
    judgement =
        inconclusive(Reason::kClockUnverified, "Virtual time is not shown to be true here: " + clock.why,
                     "仮想時間が実時間と一致すると確かめられていない：" + clock.why);
  } else if (!failed && (typing == nullptr || cut == nullptr || back == nullptr || afterwards == nullptr ||
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
                 outages < 2 ? "outages of 30 s (profile standard), 10 min and 1 h (they need virtual time)"
                             : "outages of 10 min and 1 h (they need virtual time)",
                 outages < 2 ? "30秒（standardで実施）、10分、1時間の切断（仮想時間が要る）"
                             : "10分、1時間の切断（仮想時間が要る）");
}

}  // namespace shogo::conformance
