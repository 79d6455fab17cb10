#include "whole_script.h"

#include <algorithm>

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

}  // namespace shogo::conformance
