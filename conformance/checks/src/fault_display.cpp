// 1-20.a: each fault shows, in time, and differently from every other. 1-20.b: the notice goes away after
// repair. Judged in pixels; the device's state only says when it showed them.
#include "card_trace.h"
#include "checks.h"
#include "fault_tour.h"
#include "line_trace.h"
#include "whole_script.h"
#include <map>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

Judgement no_control() {
  return inconclusive(Reason::kControlFailed,
                      "the control did not hold: there is no picture of the device's idle screen that a "
                      "notice could differ from",
                      "対照が成立しない：比較のもとになる待機画面の画像がない");
}

/// Milliseconds from the fault to the notice. A fault that only an operation meets counts from its last
/// touch.
std::optional<double> notice_ms(const Transcript& transcript, Span span) {
  const Event* shown = first_state(transcript, span, {"error", "out_of_service", "result_ng"});
  if (shown == nullptr) return std::nullopt;
  std::int64_t since = span.begin_ns;
  for (const Event* touch : transcript.select(source::kStimulus, "touch"))
    if (touch->t_ns >= span.begin_ns && touch->t_ns < shown->t_ns) since = touch->t_ns;
  return static_cast<double>(shown->t_ns - since) / 1e6;
}

}  // namespace

Judgement judge_fault_display(const Transcript& transcript, const CheckContext& context) {
  const double limit_s = context.number("display_delay_max");
  const auto idle = kept_frame(transcript, "idle");
  if (!idle || is_blank(*idle)) return no_control();
  std::vector<Measurement> measured;
  std::map<std::string_view, Image> seen;
  int given = 0;
  std::optional<Judgement> bad;
  for (const TourStop& stop : tour_stops()) {
    if (!stop.disables) continue;
    const auto span = span_of_step(transcript, fmt::format("fault_{}", stop.name));
    auto frame = kept_frame(transcript, stop.name);
    if (!span || !frame) continue;
    ++given;
    const auto delay = notice_ms(transcript, *span);
    measured.push_back({fmt::format("display_delay: {}", stop.name), delay ? *delay / 1000 : -1, "s",
                        fmt::format("<= {:g} s", limit_s), 1});
    if (bad) continue;
    if (!delay || *delay > limit_s * 1000) {
      bad = fail(fmt::format("{}: no notice within {:g} s", stop.en, limit_s),
                 fmt::format("{}：{:g}秒以内に表示されない", stop.ja, limit_s));
    } else if (is_blank(*frame)) {
      bad = fail(fmt::format("{}: the screen is blank", stop.en),
                 fmt::format("{}：画面に何も表示されない", stop.ja));
    } else if (difference(*frame, *idle) < kDistinct) {
      bad = fail(fmt::format("{}: the screen looks as if nothing had happened", stop.en),
                 fmt::format("{}：画面が待機中と変わらない", stop.ja));
    }
    for (const auto& [other, picture] : seen)
      if (!bad && difference(*frame, picture) < kDistinct)
        bad = fail(fmt::format("{} and {} show the same screen", other, stop.name),
                   fmt::format("{}と{}の画面が同じで区別できない", other, stop.name));
    seen.emplace(stop.name, *std::move(frame));
  }
  if (given == 0) return no_control();
  Judgement judgement =
      bad ? *bad
          : pass(fmt::format("each of them shows within {:g} s, and no two screens are alike.", limit_s),
                 fmt::format("いずれも{:g}秒以内に、互いに異なる画面で表示された。", limit_s));
  judgement.measurements = std::move(measured);
  const MissingFaults missing = missing_faults(transcript, false);
  return partial(only_if_whole(std::move(judgement), transcript), given, kDisablingFaults, missing.en,
                 missing.ja);
}

Judgement judge_fault_repair(const Transcript& transcript, const CheckContext&) {
  const auto idle = kept_frame(transcript, "idle");
  if (!idle || is_blank(*idle)) return no_control();
  int given = 0;
  std::optional<Judgement> bad;
  for (const TourStop& stop : tour_stops()) {
    const auto fault = kept_frame(transcript, stop.name);
    const auto repaired = kept_frame(transcript, fmt::format("repaired_{}", stop.name));
    const auto span = span_of_step(transcript, fmt::format("repair_{}", stop.name));
    if (!fault || !repaired || !span) continue;
    ++given;
    if (bad) continue;
    if (difference(*fault, *idle) < kDistinct) {
      bad =
          fail(fmt::format("{}: no notice was shown", stop.en), fmt::format("{}：表示が出なかった", stop.ja));
    } else if (difference(*fault, *repaired) < kDistinct) {
      bad = fail(fmt::format("{}: the notice stays after the repair", stop.en),
                 fmt::format("{}：直した後も表示が消えない", stop.ja));
    } else if (first_state(transcript, *span, {"idle", "place_card", "method"}) == nullptr) {
      bad = fail(fmt::format("{}: not ready for a patient after the repair", stop.en),
                 fmt::format("{}：直した後も使える状態に戻らない", stop.ja));
    }
  }
  if (given == 0) return no_control();
  Judgement judgement = bad ? *bad
                            : pass("each notice appeared and went away after its repair.",
                                   "どの表示も現れ、直した後に消えた。");
  const MissingFaults missing = missing_faults(transcript, true);
  return partial(only_if_whole(std::move(judgement), transcript), given, kAllFaults, missing.en, missing.ja);
}

}  // namespace shogo::conformance
