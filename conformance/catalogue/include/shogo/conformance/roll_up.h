// From clause verdicts to item verdicts: REQUIREMENTS' rules 1 and 2 (docs/verdicts.md), and nothing else.
// Pure.
#pragma once

#include <span>

#include <shogo/conformance/clause.h>
#include <shogo/conformance/verdict.h>

namespace shogo::conformance {

/// The item's verdict. `verdicts` stand in the order of item.clauses and are already in the words of each
/// clause's level.
///
/// Mandatory item, over its ○ clauses: any FAIL -> FAIL; else the worst of HARNESS_ERROR, NOT_RUN,
/// INCONCLUSIVE, MANUAL_PENDING; else, when not one clause was judged: NOT_APPLICABLE (all are) or WAIVED;
/// else PASS.
///
/// Recommended item (1-14, 1-17, 1-22, 3-12: no ○ clause that always applies), over its ○ and − clauses: a
/// FAIL of an ○ clause (a keypad is present and wrong) stays FAIL; else NOT_MET; else the worst undecided;
/// else NOT_APPLICABLE or WAIVED; else MET.
///
/// ＊ clauses never decide, nor do − clauses of a mandatory item.
[[nodiscard]] Verdict roll_up(const Item& item, std::span<const Verdict> verdicts);

/// PASS and FAIL become MET and NOT_MET for recommended and derived clauses. Applying it twice changes
/// nothing.
[[nodiscard]] Verdict to_level(Verdict verdict, Level level);
[[nodiscard]] Judgement to_level(Judgement judgement, Level level);

/// The verdict of a clause that no check of this build judges: NOT_RUN when a machine could (A or S), else
/// MANUAL_PENDING.
[[nodiscard]] Judgement default_verdict(const Clause& clause);

/// Rule 1: a clause of several parts (A+D, P+A) passes only when every part has. Given the machine's PASS of
/// a clause that also needs a person, this says MANUAL_PENDING and keeps the machine's reasoning and
/// measurements. Everything else stays as it is.
[[nodiscard]] Judgement await_person(const Clause& clause, Judgement automatic);

/// PASS, FAIL, MET, NOT_MET: somebody looked and decided.
[[nodiscard]] bool is_judged(Verdict verdict);
/// Judged, or not applicable, or waived: nothing is left to do.
[[nodiscard]] bool is_settled(Verdict verdict);

}  // namespace shogo::conformance
