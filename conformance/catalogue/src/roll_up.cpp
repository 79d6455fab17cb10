#include <cassert>
#include <utility>

#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

/// How much a clause's verdict outweighs the others of its item; the heaviest is the item's. PASS and MET
/// outweigh "not applicable" and "waived" so that one judged clause is enough for a judged item, and nothing
/// judged is never called PASS.
int weight(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFail:
      return 9;
    case Verdict::kNotMet:
      return 8;
    case Verdict::kHarnessError:
      return 7;
    case Verdict::kNotRun:
      return 6;
    case Verdict::kInconclusive:
      return 5;
    case Verdict::kManualPending:
      return 4;
    case Verdict::kPass:
    case Verdict::kMet:
      return 3;
    case Verdict::kWaived:
      return 2;
    case Verdict::kNotApplicable:
      return 1;
  }
  return 7;
}

bool decides(const Item& item, const Clause& clause) {
  switch (clause.level) {
    case Level::kMandatory:
      return true;
    case Level::kRecommended:
      return item.level == Level::kRecommended;
    case Level::kDerived:
      return false;
  }
  return false;
}

}  // namespace

Verdict roll_up(const Item& item, std::span<const Verdict> verdicts) {
  assert(verdicts.size() == item.clauses.size());
  // An item without a deciding clause would be a fault of the catalogue; it must not look judged.
  Verdict worst = Verdict::kNotRun;
  int heaviest = 0;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (!decides(item, item.clauses[i]) || weight(verdicts[i]) <= heaviest) continue;
    heaviest = weight(verdicts[i]);
    worst = verdicts[i];
  }
  // A recommended item is MET even when its conditional ○ clauses passed; a FAIL of one of those stays a
  // FAIL.
  if (worst == Verdict::kPass || worst == Verdict::kMet) return to_level(Verdict::kPass, item.level);
  return worst;
}

Verdict to_level(Verdict verdict, Level level) {
  if (level == Level::kMandatory) return verdict;
  if (verdict == Verdict::kPass) return Verdict::kMet;
  if (verdict == Verdict::kFail) return Verdict::kNotMet;
  return verdict;
}

Judgement to_level(Judgement judgement, Level level) {
  judgement.verdict = to_level(judgement.verdict, level);
  return judgement;
}

Judgement default_verdict(const Clause& clause) {
  Judgement judgement;
  judgement.reason = Reason::kNone;
  if (clause.parts.has_automatic()) {
    judgement.verdict = Verdict::kNotRun;
    judgement.because_en = "No check of this build judges this clause, or it was not selected.";
    judgement.because_ja = "この項目を判定する検査がこの版にないか、選ばれていない。";
  } else {
    judgement.verdict = Verdict::kManualPending;
    judgement.because_en = "A person must enter a document or a measurement.";
    judgement.because_ja = "人が書類または測定値を記入する必要がある。";
  }
  return judgement;
}

Judgement await_person(const Clause& clause, Judgement automatic) {
  if (automatic.verdict != Verdict::kPass && automatic.verdict != Verdict::kMet) return automatic;
  if (!clause.parts.needs_person()) return automatic;
  automatic.verdict = Verdict::kManualPending;
  automatic.because_en =
      "The automatic part passed; a person's part is still to be entered. " + automatic.because_en;
  automatic.because_ja = "自動の部分は合格し、人による部分の記入を待っている。" + automatic.because_ja;
  return automatic;
}

bool is_judged(Verdict verdict) {
  return verdict == Verdict::kPass || verdict == Verdict::kFail || verdict == Verdict::kMet ||
         verdict == Verdict::kNotMet;
}

bool is_settled(Verdict verdict) {
  return is_judged(verdict) || verdict == Verdict::kNotApplicable || verdict == Verdict::kWaived;
}

}  // namespace shogo::conformance
