"""How a loop becomes machine code: compiled once per machine by numba, kept on disk where that is allowed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
from numba import njit

HERE = Path(__file__).parent
config: Any = numba.config  # its fields are made while it loads


def folder_of(sources: Path) -> Path:
    """Where the machine code of these sources is kept. Its name changes with any of them: numba itself looks only at the
    file of a loop, and not at those of the loops that it calls."""
    every = b"".join(path.read_bytes() for path in sorted(sources.glob("*.py")))
    return sources / "__pycache__" / f"numba-{hashlib.sha256(every).hexdigest()[:16]}"


def forget_old() -> None:
    """Remove what is kept of other versions of the sources."""
    for kept in folder_of(HERE).parent.glob("numba-*"):
        if kept != folder_of(HERE):
            shutil.rmtree(kept, ignore_errors=True)


# Where we may not write, numba finds a place in the user's own cache folder.
if not config.CACHE_DIR and os.access(HERE, os.W_OK):
    config.CACHE_DIR = str(folder_of(HERE))


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
