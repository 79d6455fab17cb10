"""What all parts share: the error, limits as people write them, and arrays as the compiled part wants them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Union

import numpy as np
import numpy.typing as npt

#: A limit: ``0.003`` means "at most 0.003"; ``"<1%"`` is strict, ``"<=0.3%"`` and ``"0.3%"`` are not.
LimitLike = Union[float, str]


class Error(ValueError):
    """Input that cannot be judged. ``code`` is the kind ("invalid", "not_found", "corrupt", …); the message says what
    was expected, what came and what to do next."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # Exceptions travel between the processes of a cluster.
        return (Error, (self.code, str(self)))


def limit_of(limit: LimitLike) -> tuple[float, bool]:
    """(value, strict) of a limit."""
    if not isinstance(limit, str):
        return (float(limit), False)
    text = limit.strip()
    strict = text.startswith("<") and not text.startswith("<=")
    number = text.lstrip("<=≤ ")
    share = number.endswith("%")
    try:
        # In decimals: 0.3 / 100 in doubles is not the double nearest to 0.003.
        value = Decimal(number.rstrip("% ")) / (100 if share else 1)
    except InvalidOperation:
        raise Error("invalid", f'a limit such as 0.003, "0.3%" or "<1%" was expected, not "{limit}"') from None
    return (float(value), strict)


def floats(values: npt.ArrayLike, name: str) -> npt.NDArray[np.float32]:
    """A contiguous float32 vector: the array itself when it is one already, else a converted copy."""
    array = np.ascontiguousarray(values, dtype=np.float32)
    if np.ndim(values) != 1:
        raise Error("invalid", f"{name}: a vector of scores was expected, not {np.ndim(values)} dimensions")
    return array


def numbers(values: npt.ArrayLike, name: str) -> npt.NDArray[np.uint32]:
    """Subject numbers as contiguous uint32; negative or fractional ones are refused."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise Error("invalid", f"{name}: a vector of subject numbers was expected, not {array.ndim} dimensions")
    if array.dtype == np.uint32:
        return np.ascontiguousarray(array)
    if array.size and (array.dtype.kind not in "iub" or array.min() < 0 or array.max() >= 2**32 - 1):
        raise Error("invalid", f"{name}: whole numbers from 0 on were expected, not {array.dtype}")
    return np.ascontiguousarray(array, dtype=np.uint32)
