// How a verdict looks: a letter, a word and a colour, never the colour alone. Judged verdicts are solid
// (mandatory) or tinted (recommended, derived); what is undecided stays pale, so that a page of nothing looks
// like nothing.
#pragma once

#include <array>
#include <string_view>

#include <shogo/conformance/report.h>

namespace shogo::conformance {

struct Look {
  Verdict verdict;
  std::string_view letter_ja, letter_en;
  std::string_view ink, ground, border;  ///< "#rrggbb"; ink on ground has at least 4.5:1
};

inline constexpr std::array<Look, 10> kLooks{{
    {Verdict::kPass, "適", "P", "#ffffff", "#14683d", "#14683d"},
    {Verdict::kFail, "否", "F", "#ffffff", "#a3231b", "#a3231b"},
    {Verdict::kMet, "充", "M", "#0d4f2d", "#d9f0e2", "#14683d"},
    {Verdict::kNotMet, "欠", "N", "#8c1d16", "#fbe3e0", "#a3231b"},
    {Verdict::kInconclusive, "疑", "I", "#804000", "#fff0d9", "#b36b1e"},
    {Verdict::kManualPending, "人", "H", "#0b3f9f", "#e6eefc", "#9db7ea"},
    {Verdict::kNotRun, "未", "U", "#565f6f", "#f3f5f9", "#cfd6e1"},
    {Verdict::kNotApplicable, "外", "X", "#5b6575", "#ffffff", "#a7b0be"},
    {Verdict::kWaived, "免", "W", "#5a2a86", "#f1e8f8", "#a884c8"},
    {Verdict::kHarnessError, "障", "E", "#ffffff", "#16213a", "#16213a"},
}};

[[nodiscard]] inline const Look& look(Verdict verdict) {
  for (const Look& each : kLooks) {
    if (each.verdict == verdict) return each;
  }
  return kLooks.back();
}

[[nodiscard]] inline std::string_view letter(Language language, Verdict verdict) {
  return language == Language::kJa ? look(verdict).letter_ja : look(verdict).letter_en;
}

}  // namespace shogo::conformance
