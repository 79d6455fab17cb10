"""Comparison scores: operating points, DET, files, and the whole report of a matcher."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from . import _shogo
from ._common import Error, LimitLike, floats, limit_of, numbers
from .rates import CONFIDENCE, Rate

Path = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class OperatingPoint:
    """Errors at one threshold: a comparison matches if and only if ``score >= threshold`` (+inf: nothing matches)."""

    threshold: float
    genuine: int
    false_non_matches: int
    impostor: int
    false_matches: int

    @property
    def fmr(self) -> float:
        """Share of impostor comparisons that match."""
        return self.false_matches / self.impostor

    @property
    def fnmr(self) -> float:
        """Share of genuine comparisons that do not match."""
        return self.false_non_matches / self.genuine


@dataclass(frozen=True)
class Det:
    """Detection error trade-off by rising threshold, with exact counts. threshold: float32, false_matches and
    false_non_matches: uint64, all of shape (points,). genuine, impostor: numbers of comparisons."""

    threshold: npt.NDArray[np.float32]
    false_matches: npt.NDArray[np.uint64]
    false_non_matches: npt.NDArray[np.uint64]
    genuine: int
    impostor: int

    @property
    def fmr(self) -> npt.NDArray[np.float64]:
        """Shape (points,)."""
        return self.false_matches / float(self.impostor)

    @property
    def fnmr(self) -> npt.NDArray[np.float64]:
        """Shape (points,)."""
        return self.false_non_matches / float(self.genuine)


@dataclass(frozen=True)
class MatchingReport:
    """FMR and FNMR of a matcher with bounds and verdicts. threshold_mode: where the threshold came from ("fixed",
    "split", "swept"; only the first two prove anything)."""

    threshold_mode: str
    threshold: float
    fmr: Rate
    fnmr: Rate
    fmr_second_half: Optional[Rate]
    notes: list[str]


@dataclass(frozen=True)
class Animal:
    """A person with more errors than chance explains: kind "goat" (refused) or "lamb_or_wolf" (taken for others)."""

    subject: str
    kind: str
    k: int
    n: int
    chance: float


class ScoreSet:
    """Genuine and impostor similarities, and who was compared when that is known.

    genuine, impostor: float32, shapes (g,) and (i,). genuine_subject: uint32 (g,), whose comparison it is;
    impostor_claimed, impostor_probe: uint32 (i,), the two people, never equal. float32 and uint32 arrays are taken as
    they are, without a copy: do not write into them afterwards. names: of subjects, by number.
    """

    def __init__(self, genuine: npt.ArrayLike, impostor: npt.ArrayLike, *,
                 genuine_subject: Optional[npt.ArrayLike] = None, impostor_claimed: Optional[npt.ArrayLike] = None,
                 impostor_probe: Optional[npt.ArrayLike] = None, names: Sequence[str] = ()) -> None:
        given = [genuine_subject, impostor_claimed, impostor_probe]
        if any(one is None for one in given) and any(one is not None for one in given):
            raise Error("invalid", "subjects: give genuine_subject, impostor_claimed and impostor_probe, or none of them")
        columns = [None if one is None else numbers(one, "subjects") for one in given]
        subjects = 0
        if columns[0] is not None:
            subjects = 1 + max(int(column.max()) for column in columns if column is not None and column.size)
            subjects = max(subjects, len(names))
        self._set = _shogo.ScoreSet(floats(genuine, "genuine"), floats(impostor, "impostor"), *columns, subjects,
                                    list(names))

    @classmethod
    def _of(cls, native: _shogo.ScoreSet) -> ScoreSet:
        made = cls.__new__(cls)
        made._set = native
        return made

    @property
    def genuine(self) -> npt.NDArray[np.float32]:
        """Read-only view, shape (g,)."""
        return self._set.genuine

    @property
    def impostor(self) -> npt.NDArray[np.float32]:
        """Read-only view, shape (i,)."""
        return self._set.impostor

    @property
    def genuine_subject(self) -> npt.NDArray[np.uint32]:
        """Read-only view, shape (g,), or empty."""
        return self._set.genuine_subject

    @property
    def impostor_claimed(self) -> npt.NDArray[np.uint32]:
        """Read-only view, shape (i,), or empty."""
        return self._set.impostor_claimed

    @property
    def impostor_probe(self) -> npt.NDArray[np.uint32]:
        """Read-only view, shape (i,), or empty."""
        return self._set.impostor_probe

    @property
    def subjects(self) -> int:
        """Number of people; 0 when the scores do not say who was compared."""
        return self._set.subjects

    @property
    def names(self) -> list[str]:
        """Of the subjects, by number; empty when there are numbers only."""
        return self._set.names

    @property
    def notes(self) -> list[str]:
        """What the reader of the file assumed."""
        return self._set.notes

    @property
    def genuine_failures(self) -> int:
        """Genuine comparisons that gave no score; they count as non-matches."""
        return self._set.genuine_failures

    @genuine_failures.setter
    def genuine_failures(self, count: int) -> None:
        self._set.genuine_failures = count

    @property
    def impostor_failures(self) -> int:
        """Impostor comparisons that gave no score."""
        return self._set.impostor_failures

    @impostor_failures.setter
    def impostor_failures(self, count: int) -> None:
        self._set.impostor_failures = count

    def __repr__(self) -> str:
        people = f"{self.subjects} people" if self.subjects else "people not named"
        return f"ScoreSet({len(self.genuine)} genuine, {len(self.impostor)} impostor, {people})"


def fnmr_at_fmr(genuine: npt.ArrayLike, impostor: npt.ArrayLike, fmr: float) -> OperatingPoint:
    """Errors at the lowest threshold at which *at most* ``fmr`` of the impostors match. genuine, impostor: similarities,
    shapes (g,) and (i,); float32 arrays are used in place. Exact; about one pass over the memory."""
    return OperatingPoint(*_shogo.fnmr_at_fmr(floats(genuine, "genuine"), floats(impostor, "impostor"), fmr))


def at_threshold(genuine: npt.ArrayLike, impostor: npt.ArrayLike, threshold: float) -> OperatingPoint:
    """Errors at a given threshold, for example a device's own setting."""
    return OperatingPoint(*_shogo.at_threshold(floats(genuine, "genuine"), floats(impostor, "impostor"), threshold))


def det(genuine: npt.ArrayLike, impostor: npt.ArrayLike, *, exact: bool = False) -> Det:
    """The DET. By default at up to 65 536 thresholds (the upper 16 bits of the float) with exact counts, in one pass;
    ``exact=True`` takes every distinct score as a threshold."""
    own, strangers = floats(genuine, "genuine"), floats(impostor, "impostor")
    curve = (_shogo.exact_det if exact else _shogo.cell_det)(own, strangers)
    return Det(*curve, own.size, strangers.size)


def equal_error(genuine: npt.ArrayLike, impostor: npt.ArrayLike) -> tuple[float, OperatingPoint]:
    """(EER, the exact threshold where |FMR − FNMR| is smallest); the EER is the mean of both rates there."""
    rate, point = _shogo.equal_error(floats(genuine, "genuine"), floats(impostor, "impostor"))
    return rate, OperatingPoint(*point)


def read_scores(file: Path, *, impostor: Optional[Path] = None, format: Optional[str] = None,
                distance: bool = False) -> ScoreSet:
    """Reads bob 4/5-column, CSV, FRVT, list (two files), NPZ, NPY (two files), HDF5 (needs h5py) and .scores files,
    recognised by their content or named with ``format``. distance: lower scores mean more similar; they are turned
    round. .scores files are mapped, not read: they may be larger than memory."""
    with open(file, "rb") as opened:
        magic = opened.read(8)
    if format == "hdf5" or (format is None and magic == b"\x89HDF\r\n\x1a\n"):
        from .hdf5 import read_hdf5

        return read_hdf5(file, distance=distance)
    return ScoreSet._of(_shogo.read_scores(os.fspath(file), format or "", distance,
                                           "" if impostor is None else os.fspath(impostor)))


def write_scores(file: Path, scores: ScoreSet, *, format: Optional[str] = None) -> None:
    """Writes .scores (mapped when read), .npz, .csv, .bob4 or .h5, by the file's ending or ``format``."""
    wanted = format or os.path.splitext(os.fspath(file))[1].lstrip(".")
    if wanted in ("h5", "hdf5"):
        from .hdf5 import write_hdf5

        return write_hdf5(file, scores)
    return _shogo.write_scores(os.fspath(file), scores._set, wanted)


def judge(scores: ScoreSet, *, threshold: Optional[float] = None, mode: Optional[str] = None, fmr: LimitLike = "0.01%",
          fnmr: LimitLike = "0.3%", confidence: float = CONFIDENCE, independent: bool = False,
          subject_share: float = 0.3, seed: int = 1) -> MatchingReport:
    """FMR and FNMR with verdicts (limits of requirement 3-6 by default).

    mode: "fixed" with a ``threshold``; "split" sets it on one half of the people, as the lowest at which the upper bound
    of FMR keeps the limit, and judges FNMR on the other half (default when people are known); "swept" sets and looks on
    the same scores and proves nothing. independent: declare that no two comparisons share a person. subject_share:
    variance of an impostor score that each person brings, for the two-way design effect.
    """
    value = json.loads(_shogo.judge(scores._set, threshold, mode or "", limit_of(fmr), limit_of(fnmr), confidence,
                                    independent, subject_share, seed))
    check = value["FMR_second_half"]
    return MatchingReport(value["threshold_mode"], value["threshold"], Rate.of_json(value["FMR"]),
                          Rate.of_json(value["FNMR"]), None if check is None else Rate.of_json(check), value["notes"])


def find_animals(scores: ScoreSet, threshold: float) -> list[Animal]:
    """People with more errors than chance explains at the others' rate (Bonferroni over people, 5 %), least likely
    first. Needs subjects."""
    return [Animal(**one) for one in json.loads(_shogo.animals(scores._set, threshold))]


def judge_groups(scores: ScoreSet, group_of: Mapping[str, str], threshold: float, *, fmr: LimitLike = "0.01%",
                 fnmr: LimitLike = "0.3%", confidence: float = CONFIDENCE,
                 subject_share: float = 0.3) -> dict[str, Any]:
    """Both rates for each group of people at one threshold; bounds of all groups hold together at ``confidence``
    (Bonferroni). group_of: name (or number as text) of every subject to its group."""
    return json.loads(_shogo.groups(scores._set, dict(group_of), threshold, limit_of(fmr), limit_of(fnmr), confidence,
                                    subject_share))
