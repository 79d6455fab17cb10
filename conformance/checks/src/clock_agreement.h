// Is virtual time true to this device? Every script that uses it begins with play_clock_agreement(); its
// judge asks clock_agreement() before it says PASS.
#pragma once

#include "card_trace.h"
#include "virtual_time.h"
#include <optional>
#include <string>

#include <shogo/conformance/verdict.h>

namespace shogo::conformance {

/// The case of the clock check in a full run, and the shorter one of a quick run.
constexpr milliseconds kFullClockCase{60'000};
constexpr milliseconds kQuickClockCase{3'000};

/// Plays the same case of `length` in real and in virtual time; ends in real time. Changes the settings.
Result<void> play_clock_agreement(Stage& stage, milliseconds length);

struct ClockAgreement {
  bool agrees = false;
  std::string why;
};
/// Pure: compares what the device showed in the two cases.
[[nodiscard]] ClockAgreement clock_agreement(const std::vector<Step>& steps);
/// What a judge says who needs virtual time to be true: something where the script has moved time and the two
/// cases do not agree.
[[nodiscard]] std::optional<Judgement> clock_unverified(const Transcript& transcript);

}  // namespace shogo::conformance
