// The judge of 3-6.a and 3-6.b: scores of the engine in, the claim "FNMR at most L where FMR is 0.01 %"
// judged on halves of the people without a common one (shogo/evaluation/claim.h).
#include "card_trace.h"
#include "checks.h"
#include "face_accuracy.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/format.h>

#include <shogo/evaluation/claim.h>
#include <shogo/scores/formats.h>

namespace shogo::conformance {
namespace {

using evaluation::OperatingClaim;
using statistics::RateVerdict;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Is the library the engine that the device names in `hello`?
bool is_the_devices(const Event& event, const Hello& hello) {
  constexpr std::size_t kHexDigits = 64;
  const std::string hash(text_of(event.data, "engine_sha256"));
  return hash.size() == kHexDigits && lower(hello.engine).find(hash) != std::string::npos;
}

std::vector<Measurement> measured(const OperatingClaim& claim, const scores::ScoreSet& set,
                                  double limit_percent) {
  const std::string limit = fmt::format("<= {} %", limit_percent);
  const auto genuine = static_cast<std::int64_t>(set.genuine().size() + set.genuine_failures);
  const auto impostor = static_cast<std::int64_t>(set.impostor().size());
  std::vector<Measurement> list{
      {"fnmr_estimate", 100 * claim.estimate.fnmr(), "%", limit, genuine},
      {"fmr_of_estimate", 100 * claim.estimate.fmr(), "%", "", impostor},
      {"threshold_of_estimate", static_cast<double>(claim.estimate.threshold), "score", "", impostor}};
  const auto add = [&](const char* name, const std::optional<statistics::Rate>& rate, bool upper) {
    if (rate) list.push_back({name, 100 * (upper ? rate->upper : rate->lower), "%", limit, rate->trials});
  };
  add("fnmr_upper_bound", claim.fnmr_strict, true);
  add("fnmr_lower_bound", claim.fnmr_lax, false);
  return list;
}

std::string percent(double share) {
  return statistics::percent(share);
}

Judgement told(const OperatingClaim& claim, double limit) {
  const std::string estimate = fmt::format("{} of {} genuine comparisons fail at the estimated threshold",
                                           claim.estimate.false_non_matches, claim.estimate.genuine);
  const std::string estimate_ja = fmt::format("推定しきい値で本人照合{}件中{}件が不一致",
                                              claim.estimate.genuine, claim.estimate.false_non_matches);
  switch (claim.verdict) {
    case RateVerdict::kProvenKept:
      return pass(fmt::format("FNMR is proven to be at most {} where FMR is 0.01 % (upper bound {}; {}).",
                              percent(limit), percent(claim.fnmr_strict->upper), estimate),
                  fmt::format("FMR 0.01%でのFNMRが{}以下であることが示された（上限{}、{}）。", percent(limit),
                              percent(claim.fnmr_strict->upper), estimate_ja));
    case RateVerdict::kProvenBroken:
      return fail(fmt::format("FNMR is proven to be above {} where FMR is 0.01 % (lower bound {}; {}).",
                              percent(limit), percent(claim.fnmr_lax->lower), estimate),
                  fmt::format("FMR 0.01%でのFNMRが{}を超えることが示された（下限{}、{}）。", percent(limit),
                              percent(claim.fnmr_lax->lower), estimate_ja));
    case RateVerdict::kShown:
      return inconclusive(
          Reason::kShown,
          fmt::format("The estimate keeps {}, but the sample does not prove it: {}.", percent(limit),
                      estimate),
          fmt::format("推定値は{}以下だが、証明には標本が足りない：{}。", percent(limit), estimate_ja));
    case RateVerdict::kNotShown:
      break;
  }
  return inconclusive(
      Reason::kNotShown,
      fmt::format("The estimate does not keep {}, but that may be chance: {}.", percent(limit), estimate),
      fmt::format("推定値は{}を超えるが、偶然の範囲を出ない：{}。", percent(limit), estimate_ja));
}

Judgement control_failed(std::string en, std::string ja) {
  return inconclusive(Reason::kControlFailed, std::move(en), std::move(ja));
}

/// `limit_name`, `genuine_name`: numbers of the clause. 0 impostors: the clause names none of its own.
Judgement judge(const Transcript& transcript, const CheckContext& context, const char* limit_name,
                std::int64_t impostors_needed) {
  const auto events = transcript.select(source::kHarness, kEngineScores);
  if (events.size() != 1)
    return control_failed("the engine gave no scores", "照合エンジンからスコアが得られなかった");
  const Event& event = *events.front();
  if (!is_the_devices(event, context.device))
    return control_failed(
        "the library that was handed in is not the engine that the device names (SHA-256 in hello)",
        "渡されたライブラリのSHA-256が、装置がhelloで示した照合エンジンと一致しない");
  const Bytes* bytes = transcript.blob(event.blob);
  if (bytes == nullptr) return control_failed("the scores are missing", "スコアの記録がない");
  const auto set = scores::parse_scores(*bytes, "engine.scores", {scores::Format::kScores, false});
  if (!set.ok())
    return control_failed("the scores cannot be judged: " + set.error().describe(),
                          "スコアを判定できない: " + set.error().describe());
  const double limit_percent = context.number(limit_name);
  evaluation::MatchingInput input;
  input.target_fmr = context.number("fmr_operating_point") / 100;
  input.fmr = {input.target_fmr, false};
  input.fnmr = {limit_percent / 100, false};
  input.confidence = context.number("confidence_one_sided") / 100;
  const auto claim = evaluation::judge_fnmr_at_fmr(*set, input);
  if (!claim.ok())
    return control_failed("the scores cannot be judged: " + claim.error().describe(),
                          "スコアを判定できない: " + claim.error().describe());

  Judgement judgement = told(*claim, input.fnmr.value);
  judgement.measurements = measured(*claim, *set, limit_percent);
  const auto genuine = static_cast<double>(set->genuine().size() + set->genuine_failures);
  const auto impostor = static_cast<double>(set->impostor().size());
  // Too few prove nothing good, by whatever luck; what they prove to be bad stays.
  if (judgement.verdict != Verdict::kFail && (genuine < context.number("genuine_sessions_at_0_errors") ||
                                              impostor < static_cast<double>(impostors_needed))) {
    auto few = inconclusive(
        Reason::kSampleTooSmall,
        fmt::format("{} genuine and {} impostor comparisons; {} and {} are needed at least.", genuine,
                    impostor, context.number("genuine_sessions_at_0_errors"), impostors_needed),
        fmt::format("本人{}件、他人{}件の比較しかない（最低{}件、{}件が必要）。", genuine, impostor,
                    context.number("genuine_sessions_at_0_errors"), impostors_needed));
    few.measurements = std::move(judgement.measurements);
    return few;
  }
  if (integer_of(event.data, "sessions_differing", 1) != 0)
    return control_failed("the device decided otherwise than the library that was handed in as its engine",
                          "渡された照合エンジンと異なる判定を装置が行った");
  const int agrees = integer_of(event.data, "sessions_agreeing", 0) >= kAgreeingSessions ? 1 : 0;
  const int pictures = text_of(event.data, "portraits") == "pictures" ? 1 : 0;
  return only_if_whole(
      partial(
          std::move(judgement), 1 + agrees + pictures, 3,
          fmt::format(
              "{}{}{}", pictures == 1 ? "" : "pictures of faces (synthetic portraits of nobody stood in)",
              agrees + pictures == 0 ? "; " : "",
              agrees == 1 ? ""
                          : fmt::format("{} whole sessions on the device, which must agree with the library",
                                        kAgreeingSessions)),
          fmt::format("{}{}{}", pictures == 1 ? "" : "顔の画像（誰のものでもない合成の肖像で代えた）",
                      agrees + pictures == 0 ? "、" : "",
                      agrees == 1
                          ? ""
                          : fmt::format("ライブラリと一致すべき、装置上の{}セッション", kAgreeingSessions))),
      transcript);
}

}  // namespace

Judgement judge_fnmr_required(const Transcript& transcript, const CheckContext& context) {
  return judge(transcript, context, "fnmr_max",
               static_cast<std::int64_t>(context.number("impostor_comparisons")));
}

Judgement judge_fnmr_recommended(const Transcript& transcript, const CheckContext& context) {
  return judge(transcript, context, "fnmr_recommended_max", 0);
}

}  // namespace shogo::conformance
