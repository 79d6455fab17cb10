// 2-1.b: another program of the clinic PC uses the reader while a patient's session runs. It sends a command
// of its own, which no other program would send, as fast as it can; in the card's own trace none of them may
// stand between the commands with which the session selects, checks the PIN and signs.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "presence_probe.h"
#include "whole_script.h"
#include <future>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
/// SELECT of an application that exists nowhere; the card answers 6A82 and keeps what was selected. Its seven
/// bytes tell it from the session's own.
constexpr const char* kForeign = "00A4040C07F053484F474F21";
constexpr std::int64_t kForeignSize = 7;
constexpr milliseconds kHammer{2'500};
constexpr milliseconds kMargin{10'000};
constexpr const char* kSession = "session";

bool is_foreign(const CardCommand& command) {
  return command.name == "SELECT" && command.body_size == kForeignSize;
}

/// Commands of somebody else between the session's SELECT of the PIN's application and its signature.
struct Mixed {
  std::int64_t foreign = 0;    ///< at the card during the whole step
  std::int64_t between = 0;    ///< of these inside the session's own sequences
  std::int64_t sequences = 0;  ///< of the session: SELECT … VERIFY … signature
};

Mixed look_at(const std::vector<CardCommand>& commands) {
  Mixed mixed;
  std::int64_t since_select = 0;
  bool selected = false, verified = false;
  for (const CardCommand& command : commands) {
    if (is_foreign(command)) {
      ++mixed.foreign;
      ++since_select;
      continue;
    }
    // An application is selected by its name; files below it belong to the same sequence.
    const bool application = command.name == "SELECT" && command.body_size > 2;
    if (application && !verified) {
      selected = true;
      since_select = 0;
    }
    if (command.carries_pin) verified = selected;
    if (command.name != "COMPUTE_SIGNATURE" || !verified) continue;
    ++mixed.sequences;
    mixed.between += since_select;
    selected = verified = false;
    since_select = 0;
  }
  return mixed;
}

}  // namespace

Result<void> stimulate_shared_reader(Stage& stage) {
  SHOGO_TRY(const auto client, PresenceProbe::start(stage.world().bench()));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  begin_step(stage, kSession, kWho);
  SHOGO_TRY(const std::string connected, client->ask("connect", kMargin));
  stage.record(source::kHarness, "other_program", {{"connected", !connected.starts_with("error")}});
  auto hammering = std::async(std::launch::async, [&] {
    return client->ask(fmt::format("hammer {} {}", kHammer.count(), kForeign), kHammer + kMargin);
  });
  // The other program is well under way before the session begins.
  const auto at_card = stage.wait_event(
      "a command of the other program at the card", stage.mark(),
      [](const Event& event) { return event.source == source::kCard; }, milliseconds{2'000});
  const Mark entered = stage.mark();
  Result<void> played = at_card.ok() ? Result<void>() : Result<void>(at_card.error());
  if (played.ok()) played = pad.done(stage);
  if (played.ok())
    if (const auto result = stage.wait_result(entered); !result.ok()) played = result.error();
  const auto told = hammering.get();
  if (!told.ok()) return told.error();
  stage.note("other_program_ended");
  SHOGO_CHECK_OK(played);
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_shared_reader(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const Step* step = find_step(steps, kSession);
  const Mixed mixed = step == nullptr ? Mixed{} : look_at(step->commands());
  const auto results =
      step == nullptr ? std::vector<const Event*>{} : step->select(source::kDevice, "result");
  const bool success = !results.empty() && text_of(results.front()->data, "outcome") == "ok";
  Judgement judgement;
  if (mixed.between > 0) {
    judgement = fail(
        fmt::format("{} commands of another program came between the session's own ({} at the card in all)",
                    mixed.between, mixed.foreign),
        fmt::format("受付処理の命令の間に他のソフトの命令が{}件割り込んだ（カードに届いた他の命令は{}件）",
                    mixed.between, mixed.foreign));
  } else if (mixed.foreign == 0) {
    judgement = inconclusive(Reason::kControlFailed,
                             "nothing of the other program reached the card: nothing was tried",
                             "他のソフトの命令がカードに届かず、試せていない");
  } else if (mixed.sequences == 0) {
    judgement = success || step == nullptr
                    ? inconclusive(Reason::kControlFailed, "no session was seen at the card",
                                   "カードに受付処理が届いていない")
                    : fail("while another program uses the reader the session does not get to the card",
                           "他のソフトがリーダーを使う間、受付処理がカードに届かない");
  } else if (!success) {
    judgement = fail("while another program uses the reader the session does not succeed",
                     "他のソフトがリーダーを使う間、受付処理が成功しない");
  } else {
    judgement = pass("the session succeeded, and none of the other program's commands stood between its own",
                     "受付処理は成功し、他のソフトの命令は割り込まなかった");
  }
  judgement.measurements = {
      {"commands_in_between", static_cast<double>(mixed.between), "count", "= 0", mixed.sequences}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
