// 3-22.d: heartbeats, judged from the bytes on the line and not from the device's log; and how the device
// tries to come back while the line refuses it.
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

constexpr int kBeatsToSee = 4;
/// n attempts span n - 1 gaps: at one a second any stretch of three seconds holds four at most.
constexpr double kRateWindow_s = 3;
constexpr milliseconds kOutageQuick{3'200};
constexpr milliseconds kOutageFull{12'000};
/// Heartbeats come from a thread of a busy machine.
constexpr double kPeriodicWithin = 2.0;

double highest_rate(const std::vector<LineAttempt>& attempts) {
  std::size_t most = 0;
  for (std::size_t i = 0, j = 0; j < attempts.size(); ++j) {
    while (static_cast<double>(attempts[j].t_ns - attempts[i].t_ns) > kRateWindow_s * 1e9) ++i;
    most = std::max(most, j - i + 1);
  }
  return most < 2 ? 0 : static_cast<double>(most - 1) / kRateWindow_s;
}

}  // namespace

Result<void> stimulate_link_heartbeat(Stage& stage) {
  SHOGO_TRY(const milliseconds beat, quicken_link(stage, milliseconds(500)));
  stage.world().watch_lines(true);
  stage.note("step", {{"name", "idle"}});
  SHOGO_CHECK_OK(stage.linger(beat * kBeatsToSee + beat / 2));
  stage.note("step", {{"name", "outage"}});
  stage.world().set_line(Line::kReaderLink, sim::LineFault::kRefused);
  SHOGO_CHECK_OK(stage.linger(stage.profile() == "quick" ? kOutageQuick : kOutageFull));
  stage.note("step", {{"name", "return"}});
  const Mark back = stage.mark();
  stage.world().set_line(Line::kReaderLink, sim::LineFault::kNone);
  SHOGO_CHECK_OK(wait_for_link(stage, back));
  return end_script(stage);
}

Judgement judge_link_heartbeat(const Transcript& transcript, const CheckContext& context) {
  const double longest_ms = context.number("heartbeat_interval_max") * 1000;
  const double rate_limit = context.number("reconnect_rate_max");
  const auto idle = span_of_step(transcript, "idle");
  const auto outage = span_of_step(transcript, "outage");
  const auto back = span_of_step(transcript, "return");
  if (!idle || !outage || !back)
    return inconclusive(Reason::kControlFailed, "the script did not reach the outage and the return",
                        "回線の切断と復帰まで手順が進まなかった");
  const LineTrace calm = line_trace(transcript, kReaderLink, idle->begin_ns, idle->end_ns);
  const LineTrace cut = line_trace(transcript, kReaderLink, outage->begin_ns, outage->end_ns);
  const LineTrace after = line_trace(transcript, kReaderLink, back->begin_ns, back->end_ns);
  // The fault also ends every attempt that it refuses: what counts is a connection from before.
  const auto is_attempt = [&](int connection) {
    return std::any_of(cut.attempts.begin(), cut.attempts.end(),
                       [&](const LineAttempt& attempt) { return attempt.connection == connection; });
  };
  const bool on_line = std::any_of(cut.ends.begin(), cut.ends.end(), [&](const LineEnd& end) {
    return end.by == "line" && !is_attempt(end.connection);
  });
  if (!on_line)
    return inconclusive(Reason::kControlFailed,
                        "the device had no connection on the bench's line that the outage could have cut",
                        "試験台の回線上に装置の接続がなく、切断しても何も切れなかった");

  const auto gaps = intervals_ms(calm.near);
  const double observed_s = static_cast<double>(idle->end_ns - idle->begin_ns) / 1e9;
  const double widest = gaps.empty() ? 0 : *std::max_element(gaps.begin(), gaps.end());
  const double rate = highest_rate(cut.attempts);
  const std::vector<Measurement> measured{
      {"heartbeat_interval_max", widest / 1000, "s", fmt::format("<= {:g} s", longest_ms / 1000),
       static_cast<std::int64_t>(gaps.size())},
      {"heartbeat_interval_median", median(gaps) / 1000, "s", "", static_cast<std::int64_t>(gaps.size())},
      {"reconnect_rate_max", rate, "1/s", fmt::format("<= {:g} 1/s", rate_limit),
       static_cast<std::int64_t>(cut.attempts.size())}};
  const auto with = [&](Judgement judgement) {
    judgement.measurements = measured;
    return only_if_whole(std::move(judgement), transcript);
  };

  if (!calm.ends.empty())
    return with(fail(fmt::format("the idle link did not hold: {} closed it within {:.1f} s",
                                 calm.ends.front().by, observed_s),
                     fmt::format("待機中に接続が保てなかった（{:.1f}秒以内に切断）", observed_s)));
  if (gaps.size() < 2)
    return with(
        fail(fmt::format(
                 "no periodic heartbeat: {} messages of the reader in {:.1f} s of an idle link, although one "
                 "was due every {} ms",
                 calm.near.size(), observed_s, expected_beat_ms(transcript)),
             fmt::format("ハートビートが周期的でない：待機中の{:.1f}秒間に読み取り装置からの送信は{}回",
                         observed_s, calm.near.size())));
  if (widest > longest_ms)
    return with(fail(fmt::format("the longest time between two heartbeats is {:.1f} s", widest / 1000),
                     fmt::format("ハートビートの間隔が最長{:.1f}秒である", widest / 1000)));
  if (widest > kPeriodicWithin * median(gaps))
    return with(
        fail(fmt::format("heartbeats are not periodic: {:.0f} ms at the longest, {:.0f} ms as a rule", widest,
                         median(gaps)),
             fmt::format("ハートビートが周期的でない：最長{:.0f}ms、中央値{:.0f}ms", widest, median(gaps))));
  if (rate > rate_limit)
    return with(
        fail(fmt::format("{} attempts to reconnect came at up to {:.2f} a second", cut.attempts.size(), rate),
             fmt::format("再接続の試みが最大で毎秒{:.2f}回に達した（計{}回）", rate, cut.attempts.size())));
  if (cut.attempts.empty() && after.attempts.empty())
    return with(fail("the device made no attempt of its own to reconnect", "装置は自ら再接続を試みなかった"));
  if (after.far.empty())
    return with(
        fail("after the line had returned no connection came about", "回線が戻っても接続が成立しなかった"));
  return with(
      pass(fmt::format(
               "{} heartbeats, {:.0f} ms apart as a rule and {:.0f} ms at most; {} attempts while the line "
               "refused, at most {:.2f} a second; connected again by itself. Seen on the line.",
               gaps.size() + 1, median(gaps), widest, cut.attempts.size(), rate),
           fmt::format("回線上でハートビートを{}回観測（中央値{:.0f}ms、最長{:.0f}ms）。切断中の再接続は{}"
                       "回、最大で毎秒{:.2f}回。"
                       "復帰後は自ら接続した",
                       gaps.size() + 1, median(gaps), widest, cut.attempts.size(), rate)));
}

}  // namespace shogo::conformance
