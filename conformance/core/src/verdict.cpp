#include <array>
#include <utility>

#include <shogo/conformance/verdict.h>

namespace shogo::conformance {
namespace {

// One table for both directions: a word that is printed is a word that is read.
constexpr std::array<std::pair<Verdict, std::string_view>, 10> kVerdicts{{
    {Verdict::kPass, "PASS"},
    {Verdict::kFail, "FAIL"},
    {Verdict::kMet, "MET"},
    {Verdict::kNotMet, "NOT_MET"},
    {Verdict::kInconclusive, "INCONCLUSIVE"},
    {Verdict::kManualPending, "MANUAL_PENDING"},
    {Verdict::kNotRun, "NOT_RUN"},
    {Verdict::kNotApplicable, "NOT_APPLICABLE"},
    {Verdict::kWaived, "WAIVED"},
    {Verdict::kHarnessError, "HARNESS_ERROR"},
}};

constexpr std::array<std::pair<Reason, std::string_view>, 12> kReasons{{
    {Reason::kNone, ""},
    {Reason::kNoChannel, "NO_CHANNEL"},
    {Reason::kPartial, "PARTIAL"},
    {Reason::kSampleTooSmall, "SAMPLE_TOO_SMALL"},
    {Reason::kControlFailed, "CONTROL_FAILED"},
    {Reason::kCheckUnproven, "CHECK_UNPROVEN"},
    {Reason::kFlaky, "FLAKY"},
    {Reason::kClockUnverified, "CLOCK_UNVERIFIED"},
    {Reason::kNoNumber, "NO_NUMBER"},
    {Reason::kToolUnavailable, "TOOL_UNAVAILABLE"},
    {Reason::kShown, "SHOWN"},
    {Reason::kNotShown, "NOT_SHOWN"},
}};

template <typename Table, typename Word>
std::string_view text_of(const Table& table, Word word) {
  for (const auto& [each, text] : table) {
    if (each == word) return text;
  }
  return "?";
}

template <typename Word, typename Table>
std::optional<Word> word_of(const Table& table, std::string_view text) {
  for (const auto& [each, its_text] : table) {
    if (its_text == text) return each;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return text_of(kVerdicts, verdict);
}
std::string_view to_string(Reason reason) {
  return text_of(kReasons, reason);
}
std::optional<Verdict> verdict_from(std::string_view text) {
  return word_of<Verdict>(kVerdicts, text);
}
std::optional<Reason> reason_from(std::string_view text) {
  return word_of<Reason>(kReasons, text);
}

Judgement pass(std::string because_en, std::string because_ja) {
  return {Verdict::kPass, Reason::kNone, std::move(because_en), std::move(because_ja), {}};
}

Judgement fail(std::string because_en, std::string because_ja) {
  return {Verdict::kFail, Reason::kNone, std::move(because_en), std::move(because_ja), {}};
}

Judgement inconclusive(Reason reason, std::string because_en, std::string because_ja) {
  return {Verdict::kInconclusive, reason, std::move(because_en), std::move(because_ja), {}};
}

}  // namespace shogo::conformance
