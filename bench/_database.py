"""A database of its own for a measurement: made like the tests', with row-level security on, and dropped at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]


@contextmanager
def scratch_database() -> Iterator[None]:
    """Django ready to use, as the application's role. Import models inside the block."""
    import conftest

    conftest.pytest_configure()
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    conftest._become("owner")
    connection.settings_dict["TEST"]["NAME"] = f"bench_stapsteen_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    conftest._become("app")
    try:
        yield
    finally:
        conftest._become("owner")
        teardown_databases(made, verbosity=0)
