#include <exception>

#include <fmt/core.h>

#include <shogo/conformance/roll_up.h>
#include <shogo/conformance/settle.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// The first event of the harness of this kind, or null.
const Event* first_of(const Transcript& transcript, std::string_view kind) {
  const auto found = transcript.select(source::kHarness, kind);
  return found.empty() ? nullptr : found.front();
}

std::string text_of(const Event& event, std::string_view key = "text") {
  const json::value* value = event.data.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Judgement harness_error(const std::string& what) {
  Judgement judgement;
  judgement.verdict = Verdict::kHarnessError;
  judgement.reason = Reason::kNone;
  judgement.because_en = "The harness failed, which says nothing about the device: " + what;
  judgement.because_ja = "試験側の不具合であり、装置については何も言えない: " + what;
  return judgement;
}

Judgement no_channel(const Event& event) {
  const std::string capability = text_of(event, "capability");
  if (capability.empty())
    return inconclusive(Reason::kNoChannel, "The device cannot do what the check needs: " + text_of(event),
                        "検査に必要なことを装置ができない: " + text_of(event));
  const Bilingual way = how_to_get(capability);
  return inconclusive(Reason::kNoChannel,
                      fmt::format("The device does not offer \"{}\". Shortest way: {}.", capability, way.en),
                      fmt::format("装置に「{}」がない。最短の方法: {}。", capability, way.ja));
}

/// A broken promise of the judge (a number the catalogue lacks, a verdict it may not give) is ours, not the
/// device's.
Judgement ask_judge(const Check& check, const Transcript& transcript, const CheckContext& context) {
  Judgement judgement;
  try {
    judgement = check.judge(transcript, context);
  } catch (const std::exception& broken) {
    return harness_error(fmt::format("the judge of {} threw: {}", check.clause, broken.what()));
  }
  switch (judgement.verdict) {
    case Verdict::kPass:
    case Verdict::kFail:
    case Verdict::kNotApplicable:
      judgement.reason = Reason::kNone;
      return judgement;
    case Verdict::kInconclusive:
      if (judgement.reason != Reason::kNone) return judgement;
      return harness_error(fmt::format("the judge of {} gave no reason for INCONCLUSIVE", check.clause));
    case Verdict::kMet:
    case Verdict::kNotMet:
    case Verdict::kManualPending:
    case Verdict::kNotRun:
    case Verdict::kWaived:
    case Verdict::kHarnessError:
      break;
  }
  return harness_error(
      fmt::format("the judge of {} may not say {}", check.clause, to_string(judgement.verdict)));
}

/// What was measured stays in sight when a verdict is taken back.
Judgement taken_back(const Judgement& judgement, Reason reason, std::string en, std::string ja) {
  Judgement result = inconclusive(reason, std::move(en), std::move(ja));
  result.measurements = judgement.measurements;
  return result;
}

/// Mutants that are documents or forms meet a person's part of a clause, not its check.
bool meets_the_check(std::string_view mutant) {
  return !mutant.starts_with("m.doc.") && !mutant.starts_with("fixture.");
}

Judgement hold_back(const Clause& clause, const Transcript& transcript, const std::set<std::string>& killed,
                    Judgement judgement) {
  // PARTIAL says of the stimuli that could be given what a PASS says of all of them: the same rules.
  const bool partly = judgement.verdict == Verdict::kInconclusive && judgement.reason == Reason::kPartial;
  if (judgement.verdict != Verdict::kPass && judgement.verdict != Verdict::kNotApplicable && !partly)
    return judgement;
  if (const Event* failed = first_of(transcript, ending::kStimulusFailed))
    return taken_back(judgement, Reason::kControlFailed,
                      "The script could not be played to its end: " + text_of(*failed),
                      "手順を最後まで行えなかった: " + text_of(*failed));
  if (const Event* lost = first_of(transcript, "connection_lost"))
    return taken_back(judgement, Reason::kControlFailed,
                      "The device left during the check: " + text_of(*lost),
                      "検査の途中で装置との接続が切れた: " + text_of(*lost));
  if (const Event* moved = first_of(transcript, "screen_not_at_rest"))
    return taken_back(
        judgement, Reason::kControlFailed,
        fmt::format(
            "The device said that its screen was at rest, and then changed it ({}): what was measured "
            "may not be what a patient sees",
            json::serialize(moved->data)),
        fmt::format("装置は画面が静止していると答えた後に画面を変えた（{}"
                    "）。測定した画面が患者の見る画面とは限らない",
                    json::serialize(moved->data)));
  if (const Event* violation = first_of(transcript, "protocol_violation"))
    return taken_back(
        judgement, Reason::kControlFailed,
        "The device broke the protocol, so its messages cannot be relied on: " + text_of(*violation),
        "装置が通信の規則に反したため、その通知に頼れない: " + text_of(*violation));
  if (judgement.verdict == Verdict::kNotApplicable) return judgement;

  std::string missing;
  for (const std::string& mutant : clause.mutants)
    if (meets_the_check(mutant) && killed.count(mutant) == 0)
      missing += (missing.empty() ? "" : ", ") + mutant;
  if (missing.empty()) return judgement;
  return taken_back(
      judgement, Reason::kCheckUnproven,
      fmt::format("The check found nothing wrong, but this build has no proof that it would: run shogo prove "
                  "(not shown to be caught: {}). {}",
                  missing, judgement.because_en),
      fmt::format("検査は異常を見つけなかったが、見つけられることがこの版で示されていない（未確認: {}）。"
                  "shogo proveを実行すること。{}",
                  missing, judgement.because_ja));
}

}  // namespace

Judgement settle(const Check& check, const Clause& clause, const Transcript& transcript,
                 const CheckContext& context, const std::set<std::string>& killed) {
  if (const Event* broken = first_of(transcript, ending::kHarnessError))
    return harness_error(text_of(*broken));
  Judgement judgement = ask_judge(check, transcript, context);
  // Whom a clause does not concern needs no channel for it.
  const bool concerns = judgement.verdict != Verdict::kNotApplicable;
  if (const Event* missing = first_of(transcript, ending::kNoChannel); missing != nullptr && concerns) {
    // The judge may know better than we which channel is missing and how to get it.
    const bool says_so =
        judgement.verdict == Verdict::kInconclusive && judgement.reason == Reason::kNoChannel;
    return says_so ? judgement : no_channel(*missing);
  }
  judgement = hold_back(clause, transcript, killed, std::move(judgement));
  // A simulated device has no body that a person could measure: where the bench itself made the part, it
  // knows it exactly.
  if (first_of(transcript, ending::kPersonPartKnown) == nullptr)
    judgement = await_person(clause, std::move(judgement));
  return to_level(std::move(judgement), clause.level);
}

CheckContext make_context(const Clause& clause, const Hello& hello, std::string profile) {
  CheckContext context;
  context.clause = clause.id;
  for (const Number& number : clause.numbers) context.numbers[number.name] = number.value;
  context.device = hello;
  context.profile = std::move(profile);
  return context;
}

}  // namespace shogo::conformance
