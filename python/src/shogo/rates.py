"""Counts to verdicts: one rule for every rate, sample plans, and attack detection."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _shogo
from ._common import Error, LimitLike, limit_of

#: One-sided confidence of each bound by itself.
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Rate:
    """Everything that may be said about one rate.

    name: ISO name ("FNMR", "IAPAR"). k, n: errors and trials. n_effective: what the trials are worth as independent
    ones. point: k / n. lower, upper: Clopper–Pearson bounds, each one-sided at ``confidence``, of the effective counts.
    interval: (lower, upper), two-sided at ``confidence`` (0.95: 2.5 % a side), mid-P. It describes the estimate and
    decides nothing; docs/statistics-study.md says how often it holds the truth. interval_at_least: with fewer than 30
    errors of pairs, or fewer than 100 people, it holds the truth at least that often, mostly more.
    limit: (value, strict) or None. verdict: "proven_kept", "proven_broken", "shown", "not_shown", or None without a
    limit. more_without_error, more_at_this_rate: trials still needed to prove the limit, None when proven.
    """

    name: str
    k: int
    n: int
    n_effective: float
    point: float
    lower: float
    upper: float
    confidence: float
    method: str
    interval: tuple[float, float]
    limit: Optional[tuple[float, bool]] = None
    verdict: Optional[str] = None
    more_without_error: Optional[int] = None
    more_at_this_rate: Optional[int] = None
    interval_at_least: bool = False

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Rate:
        """From the object that ``shogo measure --json`` writes."""
        limit = value.get("limit")
        return cls(
            **{key: value[key] for key in ("name", "k", "n", "n_effective", "point", "lower", "upper", "confidence",
                                           "method", "verdict")},
            interval=(value["interval"]["lower"], value["interval"]["upper"]),
            limit=None if limit is None else (limit["value"], limit["relation"] == "<"),
            more_without_error=value.get("more_trials_without_error"),
            more_at_this_rate=value.get("more_trials_at_this_rate"),
            interval_at_least="at least" in value["interval"]["method"],
        )

    def __str__(self) -> str:
        text = (f"{self.name} {self.point:.3%} ({self.k}/{self.n}, worth {self.n_effective:.0f}; bounds {self.lower:.3%} "
                f".. {self.upper:.3%}, each at {self.confidence:.0%})")
        if self.limit is not None:
            text += f" {'<' if self.limit[1] else '<='} {self.limit[0]:.3%}"
        return text if self.verdict is None else f"{text}: {self.verdict.replace('_', ' ')}"


@dataclass(frozen=True)
class Plan:
    """How many trials: ``trials`` = ``clusters`` × cluster size; at most ``errors_allowed`` errors pass. ``power`` and
    ``wrong_pass`` are the probabilities that a good device, and one exactly at the limit, are told "proven kept".
    ``trials_without_error``: fewest that prove the limit when nothing goes wrong at all."""

    trials: int
    clusters: int
    errors_allowed: int
    power: float
    wrong_pass: float
    trials_without_error: int
    simulated: bool


@dataclass(frozen=True)
class PairPlan:
    """How many people, every two of them compared once, prove a false match rate."""

    subjects: int
    pairs: int
    design_effect: float
    power: float


@dataclass(frozen=True)
class SpeciesRates:
    """One attack species. IAPAR counts sessions, APCER and APNRR presentations; RIAPAR = IAPAR + FRR, an estimate."""

    species: str
    presentations: int
    transactions: int
    subjects: int
    iapar: Optional[Rate]
    apcer: Optional[Rate]
    apnrr: Rate
    riapar: Optional[float]


@dataclass(frozen=True)
class PadReport:
    """Rates of attack detection, species by species and never pooled (ISO/IEC 30107-3). ``verdict`` is of the claim
    "every species keeps the limit"; None when the bona fide control does not hold, and ``because`` says why."""

    species: list[SpeciesRates]
    frr: Optional[Rate]
    bpcer: Optional[Rate]
    bpnrr: Optional[Rate]
    worst_species: str
    verdict: Optional[str]
    because: str


def _clusters(clusters: npt.ArrayLike) -> npt.NDArray[np.int64]:
    table = np.asarray(clusters)
    if table.ndim != 2 or table.shape[1] != 2 or table.dtype.kind not in "iu":
        raise Error("invalid", "clusters: a table of whole numbers (errors, trials), one row a cluster, was expected")
    return np.ascontiguousarray(table, dtype=np.int64)


def verdict(k: int, n: int, limit: Optional[LimitLike] = None, *, clusters: Optional[npt.ArrayLike] = None,
            icc: Optional[float] = None, confidence: float = CONFIDENCE, planned: int = 0, name: str = "rate") -> Rate:
    """What ``k`` errors of ``n`` trials prove about a rate.

    clusters: trials that share a person, card or artefact are not independent; give their (errors, trials), shape
    (m, 2), summing to k and n, and the design effect is estimated from how errors fall together. icc: intra-cluster
    correlation to assume at least. planned: trials of the plan; fewer never "show" anything. Bounds: Clopper–Pearson
    (binomial tails by the incomplete beta function), one-sided.

    >>> verdict(0, 299, "<1%").verdict
    'proven_kept'
    """
    table = None if clusters is None else _clusters(clusters)
    if icc is not None and table is None:
        raise Error("invalid", "icc needs clusters: without them nothing is known to share anything")
    if table is not None and (int(table[:, 0].sum()), int(table[:, 1].sum())) != (k, n):
        raise Error("invalid", f"clusters: they hold {table[:, 0].sum()} errors of {table[:, 1].sum()} trials, "
                               f"not {k} of {n}")
    maybe = None if limit is None else limit_of(limit)
    return Rate.of_json(json.loads(_shogo.verdict(name, k, n, maybe, table, icc, confidence, planned)))


def plan(limit: LimitLike, true_rate: float, power: float = 0.9, *, cluster_size: int = 1, icc: float = 0.0,
         confidence: float = CONFIDENCE, seed: int = 1) -> Plan:
    """The smallest sample with which a device whose true rate is ``true_rate`` is told "proven kept" with probability
    ``power``. One trial a cluster: exact. Else 10 000 simulated (beta-binomial, seeded) studies with clusters of
    ``cluster_size`` trials and intra-cluster correlation ``icc``.

    >>> plan("<1%", 0.01 / 3).trials
    1312
    """
    return Plan(**json.loads(_shogo.plan(limit_of(limit), true_rate, power, confidence, cluster_size, icc, seed)))


def plan_pairs(limit: LimitLike, true_rate: float, power: float = 0.9, *, subject_share: float = 0.3,
               confidence: float = CONFIDENCE) -> PairPlan:
    """People whose every pair proves a false match rate, when each person brings ``subject_share`` of the variance of
    a score (normal model)."""
    return PairPlan(**json.loads(_shogo.plan_pairs(limit_of(limit), true_rate, power, confidence, subject_share)))


def bootstrap_clusters(clusters: npt.ArrayLike, *, replicates: int = 1000, confidence: float = CONFIDENCE,
                       seed: int = 1) -> tuple[float, float]:
    """Percentile bounds (lower, upper), each one-sided, from drawing clusters with replacement. clusters: (errors,
    trials), shape (m, 2)."""
    return _shogo.bootstrap_clusters(_clusters(clusters), replicates, confidence, seed)


def bootstrap_pairs(subjects: int, errors: npt.ArrayLike, *, replicates: int = 1000, confidence: float = CONFIDENCE,
                    seed: int = 1) -> tuple[float, float]:
    """The same for a false match rate over every pair of ``subjects`` people; errors: the pairs (numbers of two
    people) that matched falsely, shape (m, 2). Costs as much as there are errors, not pairs."""
    table = np.ascontiguousarray(np.asarray(errors, dtype=np.uint32).reshape(-1, 2))
    return _shogo.bootstrap_pairs(subjects, table, replicates, confidence, seed)


class Sequential:
    """A rate that may be looked at after every trial (betting on the claims "at or above" and "at or below" the limit;
    Ville's inequality): for independent trials. A verdict, once there, stays."""

    def __init__(self, limit: LimitLike, confidence: float = CONFIDENCE) -> None:
        self._rate = _shogo.Sequential(limit_of(limit), confidence)

    def add(self, error: bool) -> Optional[str]:
        """One more trial; returns "proven_kept", "proven_broken" or None."""
        self._rate.add(bool(error))
        return self._rate.verdict

    @property
    def k(self) -> int:
        """Errors so far."""
        return self._rate.k

    @property
    def n(self) -> int:
        """Trials so far."""
        return self._rate.n

    @property
    def verdict(self) -> Optional[str]:
        """None while undecided."""
        return self._rate.verdict

    @property
    def more_without_error(self) -> int:
        """Further trials without an error until proven kept."""
        return self._rate.more_without_error


def _maybe_rate(value: Optional[Mapping[str, Any]]) -> Optional[Rate]:
    return None if value is None else Rate.of_json(value)


def _lines_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line: what the reader of logs takes, with its messages."""
    out = io.StringIO()
    for row in rows:
        kept = {str(key): str(value) for key, value in row.items() if value is not None and value == value}
        out.write(json.dumps(kept) + "\n")
    return out.getvalue()


def pad_rates(log: Union[str, os.PathLike[str], Iterable[Mapping[str, Any]]], *, limit: LimitLike = "<1%",
              bona_fide: LimitLike = "<=15%", confidence: float = CONFIDENCE, planned: int = 0) -> PadReport:
    """Rates of attack detection from a log of presentations: a CSV or JSON lines file, or rows as mappings.

    Columns: presentation_id, subject, type ("attack" or "bona_fide"), species (for attacks), and at least one of
    pad_decision ("attack", "bona_fide") and transaction_decision ("accept", "reject"); optional transaction_id and
    response ("ok", "no_response", "error"). Rows with one presentation_id are one presentation, however many frames.
    limit: of IAPAR and APCER for every species (requirement 1-1: under 1 %). bona_fide: of the control.
    """
    if isinstance(log, (str, os.PathLike)):
        text, is_text = os.fspath(log), False
    else:
        text, is_text = _lines_of(log), True
    value = json.loads(_shogo.pad_rates(text, is_text, limit_of(limit), limit_of(bona_fide), confidence, planned))
    species = [SpeciesRates(one["species"], one["presentations"], one["transactions"], one["subjects"],
                            _maybe_rate(one["IAPAR"]), _maybe_rate(one["APCER"]), Rate.of_json(one["APNRR"]),
                            one["RIAPAR"]) for one in value["species"]]
    control = value["bona_fide"]
    return PadReport(species, _maybe_rate(control["FRR"]), _maybe_rate(control["BPCER"]), _maybe_rate(control["BPNRR"]),
                     value["worst_species"], value["verdict"], value["because"])
