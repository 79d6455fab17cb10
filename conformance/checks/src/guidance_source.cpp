#include "guidance_source.h"

#include "card_trace.h"
#include "clock_agreement.h"
#include "journey.h"
#include "link_stage.h"
#include "sound_trace.h"
#include "whole_script.h"
#include <optional>

#include <fmt/core.h>

#include <shogo/conformance/dut.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace cap = contract::cap;
using Line = sim::World::Line;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr milliseconds kFaultWait{7'000};
constexpr milliseconds kRepairWait{12'000};

/// Lets the device say what it has to say since `from`, and writes down the stretch.
Result<void> listen(Stage& stage, Ear& ear, std::string_view part, bool reached, Nanoseconds from) {
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_CHECK_OK(ear.keep());
  SHOGO_TRY(const Nanoseconds to, device_now(stage));
  stage.record(source::kHarness, kGuidance,
               {{"part", part}, {"reached", reached}, {"t_from_ns", from.count()}, {"t_to_ns", to.count()}});
  return {};
}

/// The card is down and "PIN" is offered; whatever was said of it is over.
Result<void> come_to_method(Stage& stage, Ear& ear, std::string_view step) {
  begin_step(stage, step, kWho);
  const Mark placed = stage.mark();
  SHOGO_CHECK_OK(Stage::ours(stage.world().place_card(kWho)));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, placed));
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_CHECK_OK(ear.keep());
  return {};
}

/// Touches "PIN" and listens to the page that comes. It may not come without the PC: the judge will see.
Result<void> pin_page(Stage& stage, Ear& ear, std::string_view part) {
  SHOGO_TRY(const Nanoseconds from, device_now(stage));
  const Mark chosen = stage.mark();
  SHOGO_CHECK_OK(tap_pin_method(stage));
  const auto page = stage.wait_state({"pin"}, chosen, milliseconds(3'000));
  if (!page.ok() && !is_timeout(page.error())) return page.error();
  return listen(stage, ear, part, page.ok(), from);
}

Result<void> stopped_pc(Stage& stage, Ear& ear) {
  const auto host = stage.host();
  if (!host.ok()) return {};
  begin_step(stage, kStoppedPc, kWho);
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_CHECK_OK(ear.keep());
  SHOGO_TRY(const Nanoseconds from, device_now(stage));
  const Mark begun = stage.mark();
  SHOGO_CHECK_OK(Stage::ours((*host)->crash_agent()));
  const auto shown = stage.wait_state({"out_of_service", "error"}, begun, kFaultWait);
  if (!shown.ok() && !is_timeout(shown.error())) return shown.error();
  SHOGO_CHECK_OK(listen(stage, ear, kStoppedPc, shown.ok(), from));
  const Mark repaired = stage.mark();
  SHOGO_CHECK_OK(Stage::ours((*host)->start_agent()));
  SHOGO_CHECK_OK(stage.wait_state({"idle"}, repaired, kRepairWait));
  return {};
}

struct Part {
  bool given = false;
  bool reached = false;
  bool words = false;
  double heard_s = 0;  ///< how long something was heard
};

bool flag_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

Part part_of(const Transcript& transcript, const std::vector<HeardStretch>& heard, std::string_view name) {
  Part part;
  for (const Event* event : transcript.select(source::kHarness, kGuidance)) {
    if (text_of(event->data, "part") != name) continue;
    part.given = true;
    part.reached = flag_of(event->data, "reached");
    const Nanoseconds from{integer_of(event->data, "t_from_ns", 0)};
    const Nanoseconds to{integer_of(event->data, "t_to_ns", 0)};
    for (const HeardStretch& stretch : heard) {
      if (stretch.begin < from - kOnset || stretch.begin > to) continue;
      for (const sound::Sounding& sounding : sound::soundings(stretch.sound)) {
        part.words = part.words || sounding.kind == sound::Kind::kSpeech;
        part.heard_s += std::chrono::duration<double>(sounding.end - sounding.begin).count();
      }
    }
  }
  return part;
}

bool was_silent(const Transcript& transcript) {
  const std::vector<Step> steps = steps_of(transcript);
  const Step* step = find_step(steps, kSilentPc);
  if (step == nullptr) return false;
  bool silent = false;
  for (const Event* event : step->select(source::kStimulus, "line"))
    silent = text_of(event->data, "line") == kReaderLink && text_of(event->data, "fault") == "silent";
  return silent;
}

/// What the PC sent to the reader while the step lasted.
std::optional<std::int64_t> bytes_of_pc(const Transcript& transcript, std::string_view step) {
  const auto span = span_of_step(transcript, step);
  if (!span) return std::nullopt;
  std::int64_t bytes = 0;
  for (const Burst& burst : line_trace(transcript, kReaderLink, span->begin_ns, span->end_ns).far)
    bytes += burst.size;
  return bytes;
}

}  // namespace

Result<void> stimulate_guidance_source(Stage& stage) {
  SHOGO_TRY(Ear ear, Ear::begin(stage));
  SHOGO_CHECK_OK(stage.watch_screen());
  if (stage.device().has(cap::kClockVirtual))
    SHOGO_CHECK_OK(
        play_clock_agreement(stage, stage.profile() == "quick" ? kQuickClockCase : kFullClockCase));
  if (stage.device().has(cap::kSettings)) SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", 600'000}}));
  stage.world().watch_lines(true);
  SHOGO_CHECK_OK(come_to_method(stage, ear, kWithPc));
  SHOGO_CHECK_OK(pin_page(stage, ear, kWithPc));
  SHOGO_CHECK_OK(finish(stage));
  SHOGO_CHECK_OK(come_to_method(stage, ear, "before_silence"));
  begin_step(stage, kSilentPc, kWho);
  stage.world().set_line(Line::kReaderLink, sim::LineFault::kSilent);
  SHOGO_CHECK_OK(pin_page(stage, ear, kSilentPc));
  stage.note("step", {{"name", "line_back"}});
  stage.world().take_card();
  const Mark back = stage.mark();
  stage.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  SHOGO_CHECK_OK(wait_for_link(stage, back));
  SHOGO_CHECK_OK(stopped_pc(stage, ear));
  return end_script(stage);
}

Judgement judge_guidance_source(const Transcript& transcript, const CheckContext& context) {
  const double most_bytes = context.number("pc_bytes_per_second_max");
  int unreadable = 0;
  const std::vector<HeardStretch> heard = heard_in(transcript, unreadable);
  const Part with_pc = part_of(transcript, heard, kWithPc);
  const Part silent = part_of(transcript, heard, kSilentPc);
  const Part stopped = part_of(transcript, heard, kStoppedPc);
  const auto bytes = bytes_of_pc(transcript, kWithPc);
  // Bytes that the capture has of this step were swallowed by the line.
  const bool line_was_silent = was_silent(transcript);
  const double rate = bytes && with_pc.heard_s > 0 ? static_cast<double>(*bytes) / with_pc.heard_s : -1;
  Judgement judgement;
  if (unreadable > 0 || !sound_is_whole(transcript)) {
    judgement = inconclusive(Reason::kControlFailed, "the recording is not whole, so silence says nothing",
                             "録音が欠けており、無音かどうかを判断できない");
  } else if (!with_pc.reached || !with_pc.words || !line_was_silent) {
    judgement = inconclusive(
        Reason::kControlFailed,
        line_was_silent ? "the control did not hold: on the PIN page no words are heard with the PC either"
                        : "the control did not hold: the line to the PC was not silent",
        line_was_silent ? "対照が成立しない：端末が動いていても、暗証番号画面で音声が聞こえない"
                        : "対照が成立しない：端末との回線が無言になっていない");
  } else if (silent.reached && !silent.words) {
    judgement = fail("on the PIN page words are heard only while the clinic PC talks to the reader",
                     "暗証番号画面の音声は、資格確認端末との通信があるときにしか聞こえない");
  } else if (!silent.words && !stopped.words) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     "the control did not hold: without the PC the device came to no page on which it speaks",
                     "対照が成立しない：端末なしで音声の流れる画面に進めない");
  } else if (auto unverified = clock_unverified(transcript)) {
    judgement = *std::move(unverified);
  } else if (rate < 0 || rate > most_bytes) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("words are heard without the PC, but while it talks it sends {:.0f} bytes for each "
                    "second of sound: a person must look at what they are",
                    rate),
        fmt::format("端末なしでも音声は聞こえるが、端末は音声1秒あたり{:.0f}バイトを送っており、"
                    "内容は人が確かめる必要がある",
                    rate));
  } else {
    judgement = pass(
        fmt::format("words are heard {}{}{}; while the clinic PC talks it sends {:.0f} bytes for each second "
                    "of sound, too few for speech",
                    silent.words ? "while no byte of the PC arrives" : "",
                    silent.words && stopped.words ? ", and " : "",
                    stopped.words ? "when its software has ended" : "", rate),
        fmt::format("{}{}{}音声が聞こえ、動作中の端末が送るのは音声1秒あたり{:.0f}バイトで、音声には足りない",
                    silent.words ? "端末から1バイトも届かない間も" : "",
                    silent.words && stopped.words ? "、" : "",
                    stopped.words ? "端末のソフトが止まっても" : "", rate));
  }
  judgement.measurements = {{"pc_bytes_per_second", rate, "B/s", fmt::format("<= {:g} B/s", most_bytes), 1},
                            {"heard: with the PC", with_pc.heard_s, "s", "", 1},
                            {"heard: line silent", silent.heard_s, "s", "", 1},
                            {"heard: PC's software ended", stopped.heard_s, "s", "", 1}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
