"""Every template against every other, without the matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import _shogo
from ._common import Error, numbers
from .scores import OperatingPoint


@dataclass(frozen=True)
class PairsResult:
    """point: errors at the exact threshold over all pairs. genuine: every genuine cosine, float32, in order of (i, j).
    false_matches: rows (i, j), i < j, of the templates that match falsely, uint32, shape (m, 2). rescored: pairs that
    the 8-bit screen could not rule out. kernel: "avx512vnni", "avx2" or "portable"; all give the same bits."""

    point: OperatingPoint
    genuine: npt.NDArray[np.float32]
    false_matches: npt.NDArray[np.uint32]
    rescored: int
    kernel: str


def matrix_of(templates: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Contiguous float32 rows: the array itself when it is that already."""
    if np.ndim(templates) != 2:
        raise Error("invalid", f"templates: a matrix, one row a template, was expected, not {np.ndim(templates)} dimensions")
    return np.ascontiguousarray(templates, dtype=np.float32)


def cross_compare(templates: npt.ArrayLike, subject: npt.ArrayLike, fmr: float = 1e-4, *,
                  kernel: str = "") -> PairsResult:
    """FNMR at FMR over all N (N − 1) / 2 cosines, exactly, on one core, with memory for the templates only.

    templates: shape (N, d); float32 rows are used in place. subject: shape (N,), whole numbers: whose template each one
    is. The score is defined to the last bit (products in double, eight partial sums in one order, rounded to float32).
    """
    point, genuine, pairs, rescored, used = _shogo.compare_all(matrix_of(templates), numbers(subject, "subject"), fmr,
                                                               kernel)
    return PairsResult(OperatingPoint(*point), genuine, pairs.reshape(-1, 2), rescored, used)


def pair_kernels() -> list[str]:
    """What this processor can run, best first."""
    return _shogo.pair_kernels()
