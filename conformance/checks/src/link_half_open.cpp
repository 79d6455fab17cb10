// 3-22.c: the peer vanishes without a word. The device must notice by its heartbeats and come back by itself.
// A router that restarts is a silent line that heals; a change of address is a silent connection beside a
// line that is well. DNS is no part of a link that knows its peer by number: that stimulus cannot be given
// here.
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

constexpr int kBeatsToSee = 3;
constexpr int kStimuli = 4;  // router restart, address change, half-open, DNS failure

/// The reader gives the old connection up: it closes it, or it tries a new one.
bool is_reaction(const Event& event) {
  if (event.source != source::kNet) return false;
  const auto value = [&](std::string_view key) {
    const boost::json::value* text = event.data.if_contains(key);
    return text != nullptr && text->is_string() ? std::string_view(text->get_string()) : std::string_view();
  };
  if (value("line") != kReaderLink) return false;
  return event.kind == "connected" || (event.kind == "closed" && value("by") == "reader");
}

Result<void> vanish(Stage& stage, std::string_view name, milliseconds beat, bool address_change) {
  const Mark before = stage.mark();
  stage.note("step", {{"name", name}});
  if (address_change)
    stage.world().change_address(Line::kReaderLink);
  else
    stage.world().set_line(Line::kReaderLink, sim::LineFault::kSilent);
  // One heartbeat longer than a device may take: it is the judge who finds it too late.
  const auto noticed = stage.wait_event("the device to notice", before, is_reaction, beat * 4);
  if (!noticed.ok() && !is_timeout(noticed.error())) return noticed.error();
  const Mark back = stage.mark();
  stage.note("step", {{"name", std::string(name) + "_return"}});
  if (!address_change) stage.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  return wait_for_link(stage, back);
}

struct Detection {
  bool seen = false;
  double after_ms = 0;
  bool reconnected = false;
};

Detection detection(const Transcript& transcript, Span silent, Span back) {
  Detection found;
  const LineTrace trace = line_trace(transcript, kReaderLink, silent.begin_ns, silent.end_ns);
  std::int64_t first = silent.end_ns;
  for (const LineAttempt& attempt : trace.attempts) first = std::min(first, attempt.t_ns);
  for (const LineEnd& end : trace.ends)
    if (end.by == "reader") first = std::min(first, end.t_ns);
  found.seen = first < silent.end_ns;
  found.after_ms = static_cast<double>(first - silent.begin_ns) / 1e6;
  // A connection that was begun while the line was silent may come about when it heals. One that was there
  // before does not count: only a new one shows that the old one was given up.
  const LineTrace whole = line_trace(transcript, kReaderLink, silent.begin_ns, back.end_ns);
  for (const Burst& burst : line_trace(transcript, kReaderLink, silent.begin_ns, back.end_ns).far)
    for (const LineAttempt& attempt : whole.attempts)
      found.reconnected = found.reconnected || attempt.connection == burst.connection;
  return found;
}

}  // namespace

Result<void> stimulate_link_half_open(Stage& stage) {
  SHOGO_TRY(const milliseconds beat, quicken_link(stage, milliseconds(800)));
  stage.world().watch_lines(true);
  stage.note("step", {{"name", "idle"}});
  SHOGO_CHECK_OK(stage.linger(beat * kBeatsToSee + beat / 2));
  SHOGO_CHECK_OK(vanish(stage, "half_open", beat, false));
  SHOGO_CHECK_OK(vanish(stage, "address_change", beat, true));
  return end_script(stage);
}

Judgement judge_link_half_open(const Transcript& transcript, const CheckContext& context) {
  const double most_beats = context.number("detection_heartbeats_max");
  const auto idle = span_of_step(transcript, "idle");
  const std::vector<double> gaps =
      idle ? intervals_ms(line_trace(transcript, kReaderLink, idle->begin_ns, idle->end_ns).near)
           : std::vector<double>{};
  if (gaps.empty())
    return inconclusive(Reason::kControlFailed,
                        "no heartbeat of the device was seen before the fault, so none can be missed",
                        "障害の前に装置のハートビートを観測できず、欠落を数えられない");
  const double beat = median(gaps);
  std::string told_en, told_ja;
  std::vector<Measurement> measured;
  Judgement worst;
  bool failed = false;
  int given = 0;
  for (const auto& [step, en, ja, stimuli] :
       {std::tuple{"half_open", "silent line", "無言の切断", 2},
        std::tuple{"address_change", "change of address", "アドレスの変更", 1}}) {
    const auto silent = span_of_step(transcript, step);
    const auto back = span_of_step(transcript, std::string(step) + "_return");
    if (!silent || !back) continue;
    given += stimuli;
    const Detection found = detection(transcript, *silent, *back);
    const double beats = found.after_ms / beat;
    measured.push_back({fmt::format("detection_heartbeats_max: {}", step), found.seen ? beats : -1, "count",
                        fmt::format("<= {:g}", most_beats), 1});
    if (failed) continue;
    if (!found.seen) {
      worst =
          fail(fmt::format("{}: not noticed within {:.0f} ms, {:.1f} heartbeats", en, found.after_ms, beats),
               fmt::format("{}：{:.0f}ms（ハートビート{:.1f}回分）の間に検知しなかった", ja, found.after_ms,
                           beats));
      failed = true;
    } else if (beats > most_beats) {
      worst = fail(fmt::format("{}: noticed after {:.0f} ms, {:.1f} heartbeats", en, found.after_ms, beats),
                   fmt::format("{}：検知まで{:.0f}ms（ハートビート{:.1f}回分）", ja, found.after_ms, beats));
      failed = true;
    } else if (!found.reconnected) {
      worst = fail(fmt::format("{}: no new connection came about", en),
                   fmt::format("{}：接続し直さなかった", ja));
      failed = true;
    }
    told_en += fmt::format("{}{} noticed after {:.1f} heartbeats", told_en.empty() ? "" : ", ", en, beats);
    told_ja += fmt::format("{}{}はハートビート{:.1f}回分で検知", told_ja.empty() ? "" : "、", ja, beats);
  }
  if (!failed && given < 3)
    worst = inconclusive(Reason::kControlFailed, "the script did not reach both faults",
                         "二つの障害まで手順が進まなかった");
  else if (!failed)
    worst = pass(told_en + "; connected again unaided.", told_ja + "。いずれも自ら再接続した。");
  worst.measurements = std::move(measured);
  return partial(only_if_whole(std::move(worst), transcript), given, kStimuli,
                 "DNS failure (the reader link knows its peer by number)",
                 "DNSの失敗（接続先を番号で指定しているため）");
}

}  // namespace shogo::conformance
