"""The same exact results on a Dask cluster (extra "dask"): scores in partitions, templates in blocks.

A partition is a pair (genuine, impostor) of arrays, a path of a score file, or a function without arguments that
returns a pair: whatever the workers can reach. Counts of partitions are whole numbers and add up, so the result is that
of one machine with all the scores, to the bit. What travels: 1 MB of counts a partition, and the few scores around the
threshold.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from typing import Any, Union

import numpy as np
import numpy.typing as npt
from distributed import Client

from . import _shogo
from ._common import Error, floats, numbers
from .compare import PairsResult, matrix_of
from .scores import Det, OperatingPoint, read_scores

Pair = tuple[npt.ArrayLike, npt.ArrayLike]
Partition = Union[Pair, str, "os.PathLike[str]", Callable[[], Pair]]
_CELLS = 65536


def _load(partition: Partition) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    if isinstance(partition, (str, os.PathLike)):
        scores = read_scores(partition)
        return scores.genuine, scores.impostor
    genuine, impostor = partition() if callable(partition) else partition
    return floats(genuine, "genuine"), floats(impostor, "impostor")


def _cells(partition: Partition) -> npt.NDArray[np.uint64]:
    """Shape (2, 65536): genuine and impostor counts. A partition may lack one side."""
    genuine, impostor = _load(partition)
    return np.stack([_shogo.count_cells(side, name) if side.size else np.zeros(_CELLS, np.uint64)
                     for side, name in ((genuine, "genuine"), (impostor, "impostor"))])


def _between(partition: Partition, low: float, high: float) -> npt.NDArray[np.float32]:
    """Impostor scores in one cell."""
    _, impostor = _load(partition)
    return impostor[(impostor >= low) & (impostor <= high)]


def _errors(partition: Partition, threshold: float) -> tuple[int, int]:
    genuine, impostor = _load(partition)
    return (int(np.count_nonzero(genuine < np.float32(threshold))),
            int(np.count_nonzero(impostor >= np.float32(threshold))))


def _all(client: Client, work: Callable[..., Any], partitions: Sequence[Partition], *arguments: Any) -> list[Any]:
    # Not pure: hashing the scores to name the task would cost more than the work.
    return client.gather([client.submit(work, one, *arguments, pure=False) for one in partitions])


def _totals(client: Client, partitions: Sequence[Partition]) -> npt.NDArray[np.uint64]:
    if not partitions:
        raise Error("invalid", "there are no partitions")
    cells = np.sum(_all(client, _cells, partitions), axis=0, dtype=np.uint64)
    for side, name in zip(cells, ("genuine", "impostor")):
        if not side.any():
            raise Error("invalid", f"there are no {name} scores in any partition; both sides are needed")
    return cells


def det(client: Client, partitions: Sequence[Partition]) -> Det:
    """As :func:`shogo.det`: up to 65 536 thresholds with exact counts."""
    cells = _totals(client, partitions)
    return Det(*_shogo.cell_curve(cells[0], cells[1]), int(cells[0].sum()), int(cells[1].sum()))


def _float_of(key: int) -> np.float32:
    """The float of an order key: positive ones had their top bit set, negative ones were inverted. -0 counts as +0, so
    its own key stands for the number below."""
    key -= key == 0x7FFFFFFF
    bits = key ^ 0x80000000 if key & 0x80000000 else key ^ 0xFFFFFFFF
    return np.uint32(bits).view(np.float32)


def fnmr_at_fmr(client: Client, partitions: Sequence[Partition], fmr: float) -> OperatingPoint:
    """As :func:`shogo.fnmr_at_fmr`, to the bit. Three passes: counts, the scores of one cell, errors."""
    cells = _totals(client, partitions)
    impostors = int(cells[1].sum())
    allowed = _shogo.errors_allowed(fmr, impostors)
    if allowed >= impostors:
        threshold = float(np.finfo(np.float32).min)
    else:
        from_top = np.cumsum(cells[1][::-1], dtype=np.uint64)
        place = int(np.searchsorted(from_top, allowed, side="right"))  # first cell from the top with more than allowed
        above = int(from_top[place - 1]) if place else 0
        cell = _CELLS - 1 - place
        inside = np.concatenate(_all(client, _between, partitions, _float_of(cell << 16),
                                     _float_of(cell << 16 | 0xFFFF)))
        rank = inside.size - 1 - (allowed - above)
        threshold = _shogo.just_above(float(np.partition(inside, rank)[rank]))
    errors = np.sum(_all(client, _errors, partitions, threshold), axis=0)
    return OperatingPoint(threshold, int(cells[0].sum()), int(errors[0]), impostors, int(errors[1]))


def _part(first: tuple[Any, Any], second: Any, threshold: float) -> tuple[Any, ...]:
    """One block with itself (second None), or two. Pairs come back as rows of the two blocks one after the other."""
    values, subject = first
    if second is None:
        return _shogo.compare_part(values, subject, len(subject), 0, threshold)
    return _shogo.compare_part(np.concatenate([values, second[0]]), np.concatenate([subject, second[1]]), len(subject),
                               len(subject), threshold)


def cross_compare(client: Client, templates: Sequence[npt.ArrayLike], subject: Sequence[npt.ArrayLike],
                  fmr: float = 1e-4) -> PairsResult:
    """As :func:`shogo.cross_compare`, to the bit, on templates in blocks: each block goes to the workers once, and every
    two blocks are one task. templates: arrays (n_b, d); subject: arrays (n_b,), numbers that hold across blocks."""
    blocks = [(matrix_of(values), numbers(who, "subject")) for values, who in zip(templates, subject)]
    if len(templates) != len(subject) or not blocks:
        raise Error("invalid", f"{len(templates)} blocks of templates and {len(subject)} of subjects do not fit")
    starts = np.concatenate([[0], np.cumsum([len(who) for _, who in blocks])]).astype(np.int64)
    futures = client.scatter(blocks, hash=False)
    tasks = list(combinations_with_replacement(range(len(blocks)), 2))
    whose = np.concatenate([who for _, who in blocks])
    count = len(whose)
    own = sum(int(n) * (int(n) - 1) // 2 for n in np.unique(whose, return_counts=True)[1])
    impostors = count * (count - 1) // 2 - own
    if impostors == 0 or own == 0:
        raise Error("invalid", "templates: at least two subjects, and one with two templates, are needed")
    allowed = _shogo.errors_allowed(fmr, impostors)

    # Where to look, from the first templates; only the time depends on its being right. Too few found: look again.
    few = slice(0, min(600, len(blocks[0][1])))
    sample = np.sort(_shogo.compare_part(blocks[0][0][few], blocks[0][1][few], few.stop, 0, -2.0)[3])[::-1]
    rank = int(2 * fmr * sample.size) + 20
    threshold = float(sample[rank]) if rank < sample.size else -2.0
    while True:
        parts = client.gather([
            client.submit(_part, futures[a], None if a == b else futures[b], threshold, pure=False) for a, b in tasks])
        reaching = np.concatenate([part[3] for part in parts])
        if reaching.size > allowed or threshold <= -2:
            break
        threshold = threshold - 0.1 if threshold > -0.9 else -2.0
    excluded = np.partition(reaching, reaching.size - 1 - allowed)[reaching.size - 1 - allowed]

    def renumbered(pairs: npt.NDArray[np.uint32], task: tuple[int, int]) -> npt.NDArray[np.uint32]:
        a, b = task
        rows = pairs.reshape(-1, 2).astype(np.int64)
        length = len(blocks[a][1])
        return np.where(rows < length, rows + starts[a], rows - length + starts[b]).astype(np.uint32)

    def in_order(pairs: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
        return np.lexsort((pairs[:, 1], pairs[:, 0]))

    own_pairs = np.concatenate([renumbered(part[1], task) for part, task in zip(parts, tasks)])
    genuine = np.concatenate([part[0] for part in parts])[in_order(own_pairs)]
    found = np.concatenate([renumbered(part[4], task)[part[3] > excluded] for part, task in zip(parts, tasks)])
    limit = _shogo.just_above(float(excluded))
    point = OperatingPoint(limit, genuine.size, int(np.count_nonzero(genuine < np.float32(limit))), impostors,
                           len(found))
    return PairsResult(point, genuine, found[in_order(found)], int(reaching.size), "cluster")
