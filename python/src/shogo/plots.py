"""Plots with matplotlib (extra "plots"): DET curves with limits and bounds, histograms, the zoo. Every function draws on
``ax`` (a new figure when None) and returns it; ``ax.figure.savefig("det.png")`` or ``"det.svg"`` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Optional, Union

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ._common import Error, LimitLike, limit_of
from .scores import Det, MatchingReport, ScoreSet, find_animals

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, distinguishable for the colour-blind.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


def _axes(ax: Optional[Axes]) -> Axes:
    # Not pyplot: no window, no global state, usable from any thread.
    return Figure(figsize=(7.2, 5.2), layout="constrained").add_subplot() if ax is None else ax


def _percent(value: float, _: object = None) -> str:
    return f"{100 * value:g} %"


def det(curves: Union[Det, Mapping[str, Det]], *, report: Optional[MatchingReport] = None,
        fmr_limit: Optional[LimitLike] = None, fnmr_limit: Optional[LimitLike] = None,
        ax: Optional[Axes] = None) -> Axes:
    """FNMR over FMR, both logarithmic. curves: one, or several by name. report: its operating point with the bounds of
    both rates, and its limits as dashed lines unless others are given. Rates below one comparison are at the edge."""
    ax = _axes(ax)
    named = {"": curves} if isinstance(curves, Det) else dict(curves)
    left, bottom = (min(0.5 / n for n in side) for side in
                    zip(*((curve.impostor, curve.genuine) for curve in named.values())))
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(left, 1)
    ax.set_ylim(bottom, 1)
    for number, (name, curve) in enumerate(named.items()):
        # Lines of a step function: between two thresholds nothing is interpolated.
        ax.step(np.maximum(curve.fmr, 0.5 / curve.impostor), np.maximum(curve.fnmr, 0.5 / curve.genuine), where="post",
                color=_COLOURS[number % len(_COLOURS)], label=name or None,
                linestyle="-" if number < len(_COLOURS) else "--")
    if report is not None:
        fmr, fnmr = report.fmr, report.fnmr
        x, y = max(fmr.point, left), max(fnmr.point, bottom)
        ax.errorbar(x, y, xerr=[[x - max(fmr.lower, left)], [max(fmr.upper - x, 0)]],
                    yerr=[[y - max(fnmr.lower, bottom)], [max(fnmr.upper - y, 0)]],
                    fmt="o", color="#333333", capsize=3, clip_on=False,
                    label=f"threshold {report.threshold:.4g} ({report.threshold_mode}), one-sided bounds")
        fmr_limit = fmr.limit[0] if fmr_limit is None and fmr.limit is not None else fmr_limit
        fnmr_limit = fnmr.limit[0] if fnmr_limit is None and fnmr.limit is not None else fnmr_limit
    if fmr_limit is not None:
        ax.axvline(limit_of(fmr_limit)[0], color="#888888", linestyle="--", linewidth=1, label="limits")
    if fnmr_limit is not None:
        ax.axhline(limit_of(fnmr_limit)[0], color="#888888", linestyle="--", linewidth=1,
                   label="limits" if fmr_limit is None else None)
    ax.xaxis.set_major_formatter(FuncFormatter(_percent))
    ax.yaxis.set_major_formatter(FuncFormatter(_percent))
    ax.set_xlabel("false match rate (FMR)")
    ax.set_ylabel("false non-match rate (FNMR)")
    ax.grid(True, which="major", alpha=0.3)
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="upper right")
    return ax


def histogram(scores: ScoreSet, *, threshold: Optional[float] = None, bins: int = 120,
              ax: Optional[Axes] = None) -> Axes:
    """Shares of impostor and genuine scores, each side adding up to 1, and the threshold."""
    ax = _axes(ax)
    low = min(scores.genuine.min(), scores.impostor.min())
    high = max(scores.genuine.max(), scores.impostor.max())
    edges = np.linspace(float(low), float(high), bins + 1)
    for side, name, colour in ((scores.impostor, "impostor", _COLOURS[1]), (scores.genuine, "genuine", _COLOURS[0])):
        counts, _ = np.histogram(side, edges)
        ax.stairs(counts / side.size, edges, fill=True, alpha=0.45, color=colour, label=name)
    if threshold is not None and np.isfinite(threshold):
        ax.axvline(threshold, color="#333333", linestyle="--", linewidth=1, label=f"threshold {threshold:.4g}")
    ax.set_xlabel("score (match if score ≥ threshold)")
    ax.set_ylabel("share of comparisons")
    ax.legend()
    return ax


def zoo(scores: ScoreSet, threshold: float, *, ax: Optional[Axes] = None) -> Axes:
    """Each person by mean genuine and mean impostor score; those with more errors than chance explains are named.
    Needs subjects."""
    if not scores.subjects:
        raise Error("unsupported", "the scores do not say who was compared, so there is nobody to look at")
    ax = _axes(ax)
    people = scores.subjects
    own = np.bincount(scores.genuine_subject, scores.genuine, people)
    owned = np.bincount(scores.genuine_subject, minlength=people)
    foreign = (np.bincount(scores.impostor_claimed, scores.impostor, people)
               + np.bincount(scores.impostor_probe, scores.impostor, people))
    met = np.bincount(scores.impostor_claimed, minlength=people) + np.bincount(scores.impostor_probe, minlength=people)
    both = (owned > 0) & (met > 0)
    x, y = own[both] / owned[both], foreign[both] / met[both]
    ax.scatter(x, y, s=8, color="#999999", label=f"{int(both.sum())} people")
    number = {name: i for i, name in enumerate(scores.names or map(str, range(people)))}
    place = np.cumsum(both) - 1
    for kind, colour in (("goat", _COLOURS[1]), ("lamb_or_wolf", _COLOURS[0])):
        found = [one for one in find_animals(scores, threshold) if one.kind == kind and both[number[one.subject]]]
        at = [place[number[one.subject]] for one in found]
        if found:
            ax.scatter(x[at], y[at], s=36, color=colour, label=f"{kind.replace('_', ' ')} ({len(found)})")
            for one, i in list(zip(found, at))[:8]:
                ax.annotate(one.subject, (x[i], y[i]), textcoords="offset points", xytext=(5, 3), fontsize=8)
    ax.set_xlabel("mean genuine score")
    ax.set_ylabel("mean impostor score")
    ax.legend()
    return ax
