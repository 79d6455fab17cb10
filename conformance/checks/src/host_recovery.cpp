// 3-22.b: the clinic PC's software goes without a word and comes back: the host agent while nobody is there
// and while a patient types, then the smart card service. USB cannot be unplugged on this bench, and a PC
// cannot be restarted: those stimuli stay ungiven, and the verdict says so.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "line_trace.h"
#include "link_stage.h"
#include "whole_script.h"

#include <fmt/core.h>

#include <shogo/conformance/dut.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kStimuli = 3;  // PC restarted, host service crashed, USB unplugged

Result<void> crash_agent(Stage& stage, std::string_view name) {
  SHOGO_TRY(HostSide * host, stage.host());
  const Mark gone = stage.mark();
  stage.note("step", {{"name", name}});
  SHOGO_CHECK_OK(stage.ours(host->crash_agent()));
  const auto shown = stage.wait_state({"out_of_service", "error"}, gone);
  if (!shown.ok() && !is_timeout(shown.error())) return shown.error();
  // A patient whose session was cut short takes the card away.
  stage.world().take_card();
  const Mark back = stage.mark();
  stage.note("step", {{"name", std::string(name) + "_return"}});
  SHOGO_CHECK_OK(stage.ours(host->start_agent()));
  return wait_for_link(stage, back);
}

Result<void> journey(Stage& stage, std::string_view name) {
  SHOGO_CHECK_OK(finish(stage));
  begin_step(stage, name, kWho);
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  // The judge measures; the script only has to outlast a device that takes all the time it may.
  SHOGO_CHECK_OK(wait_recovered(stage, {"method"}, start));
  const Mark seen = stage.mark();
  stage.world().take_card();
  SHOGO_CHECK_OK(stage.wait_state({"idle"}, seen));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_result(entered));
  return finish(stage);
}

bool went_through(const Step* step) {
  if (step == nullptr) return false;
  const auto verifies = step->pin_verifies();
  const auto results = step->select(source::kDevice, "result");
  return verifies.size() == 1 && verifies.front().sw == 0x9000 && !results.empty() &&
         text_of(results.back()->data, "outcome") == "ok";
}

}  // namespace

Result<void> stimulate_host_recovery(Stage& stage) {
  SHOGO_CHECK_OK(quicken_link(stage, milliseconds(500)));
  stage.world().watch_lines(true);
  SHOGO_CHECK_OK(crash_agent(stage, "crash_idle"));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, as_text(stage.world().pin_of(kWho).expose()).substr(0, 2)));
  SHOGO_CHECK_OK(crash_agent(stage, "crash_session"));
  SHOGO_CHECK_OK(journey(stage, "after_crash"));
  stage.note("step", {{"name", "service"}});
  stage.world().crash_pcscd();
  SHOGO_CHECK_OK(stage.linger());
  stage.note("step", {{"name", "service_return"}});
  SHOGO_CHECK_OK(stage.ours(stage.world().restart_pcscd()));
  SHOGO_CHECK_OK(journey(stage, "after_service"));
  return end_script(stage);
}

Judgement judge_host_recovery(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("recovery_max");
  const auto steps = steps_of(transcript);
  std::vector<Measurement> measured;
  Judgement judgement;
  bool failed = false;
  const auto look = [&](const char* name, const char* next, const std::vector<std::string_view>& ready) {
    const auto begun = span_of_step(transcript, name);
    const auto until = span_of_step(transcript, next);
    if (!begun) return;
    Span span = *begun;
    if (until) span.end_ns = until->end_ns;
    const Event* state = first_state(transcript, span, ready);
    const double took = state == nullptr ? -1
                                         : static_cast<double>(state->t_ns - begun->begin_ns) / 1e9 +
                                               moved_s(transcript, span, state->t_ns);
    measured.push_back(
        {fmt::format("recovery_max: {}", name), took, "s", fmt::format("<= {:g} s", limit), 1});
    if (failed || (took >= 0 && took <= limit)) return;
    failed = true;
    judgement = took < 0 ? fail(fmt::format("{}: not ready again", name),
                                fmt::format("{}：使える状態に戻らなかった", name))
                         : fail(fmt::format("{}: ready again only after {:.1f} s", name, took),
                                fmt::format("{}：使用可能まで{:.1f}秒かかった", name, took));
  };
  look("crash_idle_return", "crash_idle_return", {"idle"});
  look("crash_session_return", "crash_session_return", {"idle", "method"});
  look("service_return", "after_service", {"method"});
  const auto crashed = span_of_step(transcript, "crash_idle");
  const bool noticed = crashed && first_state(transcript, *crashed, {"out_of_service", "error"}) != nullptr;
  if (!failed && !noticed)
    judgement = inconclusive(Reason::kControlFailed,
                             "the device did not show that its host had gone, so its return says nothing",
                             "端末側の停止が装置に現れず、復帰を確かめられない");
  else if (!failed &&
           (find_step(steps, "after_crash") == nullptr || find_step(steps, "after_service") == nullptr))
    judgement = inconclusive(Reason::kControlFailed, "the script did not reach the journeys afterwards",
                             "その後の手続まで手順が進まなかった");
  else if (!failed && !went_through(find_step(steps, "after_crash")))
    judgement = fail("the journey after the host agent's return did not go through",
                     "端末側ソフトの復帰後、手続が完了しなかった");
  else if (!failed && !went_through(find_step(steps, "after_service")))
    judgement = fail("the journey after the smart card service's return did not go through",
                     "スマートカードサービスの復帰後、手続が完了しなかった");
  else if (!failed)
    judgement = pass(
        "the host agent crashed twice (once under a session) and the smart card service once; each time the "
        "device was ready again by itself and a journey went through.",
        "端末側ソフトを2回（うち1回は手続中）、スマートカードサービスを1回異常終了させたが、毎回自ら復帰し手"
        "続が完了した。");
  judgement.measurements = std::move(measured);
  return partial(
      only_if_whole(std::move(judgement), transcript), 1, kStimuli,
      "a restart of the PC's operating system, and unplugging USB (the bench's reader has no plug)",
      "端末のOSの再起動、USBの抜き差し（試験台のリーダーには端子がない）");
}

}  // namespace shogo::conformance
