"""Scores in HDF5 files (extra "hdf5"): datasets ``genuine`` and ``impostor`` (float), and when people are known
``genuine_subject``, ``impostor_claimed``, ``impostor_probe`` (whole numbers) and ``names``: the names of our .npz.
``negatives`` and ``positives``, as bob's users call the two sides, are read too."""

from __future__ import annotations

import os
from typing import Union

import numpy as np

from ._common import Error
from .scores import ScoreSet

_SUBJECTS = ("genuine_subject", "impostor_claimed", "impostor_probe")


def read_hdf5(file: Union[str, os.PathLike[str]], *, distance: bool = False) -> ScoreSet:
    """See :func:`shogo.read_scores`. Refuses NaN and infinities, and scores that run the other way."""
    import h5py

    sides = {}
    with h5py.File(file, "r") as opened:
        for side, other in (("genuine", "positives"), ("impostor", "negatives")):
            found = opened.get(side, opened.get(other))
            if not isinstance(found, h5py.Dataset):
                raise Error("invalid", f"{os.fspath(file)}: there is no dataset \"{side}\" (or \"{other}\")")
            scores = np.ascontiguousarray(found[()], dtype=np.float32).ravel()
            if not np.isfinite(scores).all():
                raise Error("invalid", f"{os.fspath(file)}: {side} score {int(np.argmin(np.isfinite(scores)))} is not "
                                       "finite; count such comparisons as failures and leave them out")
            sides[side] = -scores if distance else scores
        people = {name: np.asarray(opened[name][()]) for name in _SUBJECTS if name in opened}
        names = [one.decode() if isinstance(one, bytes) else str(one) for one in opened["names"][()]] \
            if "names" in opened else []
    if sides["genuine"].size and sides["impostor"].size and sides["genuine"].mean() < sides["impostor"].mean():
        raise Error("invalid", f"{os.fspath(file)}: genuine scores are lower than impostor ones on average: the scores "
                               f"are {'similarities' if distance else 'distances'}; "
                               f"{'leave out' if distance else 'give'} distance=True")
    return ScoreSet(sides["genuine"], sides["impostor"], **people, names=names)


def write_hdf5(file: Union[str, os.PathLike[str]], scores: ScoreSet) -> None:
    """See :func:`shogo.write_scores`."""
    import h5py

    with h5py.File(file, "w") as opened:
        opened["genuine"], opened["impostor"] = scores.genuine, scores.impostor
        if scores.subjects:
            for name in _SUBJECTS:
                opened[name] = getattr(scores, name)
        if scores.names:
            opened["names"] = [name.encode() for name in scores.names]
