"""shogo (照合): error rates of face matchers and attack detection that can be trusted, at the speed of memory.

Scores are similarities held as 32-bit floats; a comparison matches if and only if ``score >= threshold``; "at FMR x"
means *at most* x of the impostor comparisons, equal scores together. Every rate comes with one-sided bounds that
respect what the trials share. Terms: ISO/IEC 19795-1 (FMR, FNMR) and 30107-3 (APCER, IAPAR), in our own words.
``docs/measuring.md`` in the repository explains the rules.
"""

from ._common import Error
from .compare import PairsResult, cross_compare, pair_kernels
from .rates import (
    PadReport,
    PairPlan,
    Plan,
    Rate,
    Sequential,
    bootstrap_clusters,
    bootstrap_pairs,
    pad_rates,
    plan,
    plan_pairs,
    verdict,
)
from .scores import (
    Animal,
    Det,
    MatchingReport,
    OperatingPoint,
    ScoreSet,
    at_threshold,
    det,
    equal_error,
    find_animals,
    fnmr_at_fmr,
    judge,
    judge_groups,
    read_scores,
    write_scores,
)

__version__ = "0.1.0"
__all__ = [
    "Animal", "Det", "Error", "MatchingReport", "OperatingPoint", "PadReport", "PairPlan", "PairsResult", "Plan", "Rate",
    "ScoreSet", "Sequential", "at_threshold", "bootstrap_clusters", "bootstrap_pairs", "cross_compare", "det",
    "equal_error", "find_animals", "fnmr_at_fmr", "judge", "judge_groups", "pad_rates", "pair_kernels", "plan",
    "plan_pairs", "read_scores", "verdict", "write_scores",
]
