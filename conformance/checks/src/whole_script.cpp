#include "whole_script.h"

#include <algorithm>

#include <fmt/core.h>

namespace shogo::conformance {

Judgement only_if_whole(Judgement judgement, const Transcript& transcript) {
  if (judgement.verdict != Verdict::kPass) return judgement;
  const auto& events = transcript.events();
  const bool ended = !transcript.select(source::kStimulus, kScriptEnd).empty();
  // Equal times are fine: virtual time may stand still while several things happen.
  const bool in_order = std::is_sorted(events.begin(), events.end(),
                                       [](const Event& a, const Event& b) { return a.t_ns < b.t_ns; });
  if (ended && in_order) return judgement;
  Judgement undecided =
      ended ? inconclusive(Reason::kControlFailed, "the events are not in the order of their times",
                           "記録された事象が時刻の順に並んでいない")
            : inconclusive(Reason::kControlFailed, "the script was not played to its end",
                           "試験手順が最後まで実施されていない");
  undecided.measurements = std::move(judgement.measurements);
  return undecided;
}

Judgement partial(Judgement judgement, int given, int all, std::string_view missing_en,
                  std::string_view missing_ja) {
  if (judgement.verdict != Verdict::kPass || given >= all) return judgement;
  Judgement undecided =
      inconclusive(Reason::kPartial,
                   fmt::format("{} of {} stimuli could be given, and each was met: {} Not given: {}.", given,
                               all, judgement.because_en, missing_en),
                   fmt::format("{}種のうち{}種を与え、いずれも満たした：{} 与えていないもの：{}。", all,
                               given, judgement.because_ja, missing_ja));
  undecided.measurements = std::move(judgement.measurements);
  return undecided;
}

}  // namespace shogo::conformance
