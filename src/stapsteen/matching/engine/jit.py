"""How a loop becomes machine code: compiled once per machine by numba, kept on disk where that is allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import njit


def kernel[Loop: Callable[..., object]](loop: Loop) -> Loop:
    """Compile `loop`, to be called from Python. Releases the interpreter's lock, so two may run beside each other.

    The compiled code is kept beside the source, else in the user's cache folder. Where neither can be written
    it is compiled in every process (about ten seconds).
    """
    return _compiled(loop)


def inner[Loop: Callable[..., object]](loop: Loop) -> Loop:
    """Compile `loop` for other kernels only: a door from Python would cost more than the loop itself to compile."""
    return _compiled(loop, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined[Loop: Callable[..., object]](loop: Loop) -> Loop:
    """Write `loop` out where it is called. For what runs millions of times and is handed tuples of arrays: handing
    over such a tuple counts every array's owners, forty times the work of a short test."""
    return _compiled(loop, inline="always", no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compiled[Loop: Callable[..., object]](loop: Loop, **options: Any) -> Loop:
    try:
        return cast("Loop", njit(cache=True, nogil=True, **options)(loop))
    except RuntimeError:  # numba's "no locator available": nowhere to keep it
        return cast("Loop", njit(nogil=True, **options)(loop))
