"""What Django and the job worker are told: where the database is, which keys, which folder."""

import base64
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from stapsteen.cli import cluster
from stapsteen.cli.paths import ROOT, data_folder


def demo_secrets(folder: Path) -> dict[str, str]:
    """The keys of this checkout's demo, made once. Losing the file makes the demo's sealed facts unreadable."""
    path = folder / "secrets.json"
    with cluster.locked(folder / "secrets.lock"):
        if not path.exists():
            made = {
                "STAPSTEEN_SECRET_KEY": secrets.token_urlsafe(48),
                "STAPSTEEN_MASTER_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            }
            partial = path.with_suffix(".new")
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
                json.dump(made, handle)
            partial.rename(path)
        loaded: dict[str, str] = json.loads(path.read_text())
        return loaded


def base_environment() -> dict[str, str]:
    """The caller's environment, with our packages importable."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings"}


def embedded_environment(database: cluster.Cluster) -> dict[str, str]:
    """For demo and development on the embedded server: our own keys and folder, marked as demo."""
    files = database.folder / "files"
    files.mkdir(mode=0o700, exist_ok=True)
    (files / "static-built").mkdir(
        exist_ok=True
    )  # whitenoise warns when it is missing; the demo serves from source
    defaults = {**demo_secrets(database.folder), "STAPSTEEN_DATA_DIR": str(files), "STAPSTEEN_DEMO": "1"}
    chosen = {key: os.environ.get(key, value) for key, value in defaults.items()}
    return {**base_environment(), **chosen, **database.environment}


@contextlib.contextmanager
def django_environment() -> Iterator[dict[str, str]]:
    """The environment for a Django process; the embedded server runs as long as the block when it is needed."""
    if os.environ.get("DATABASE_URL"):
        yield base_environment()
        return
    database = cluster.start(data_folder())
    try:
        yield embedded_environment(database)
    finally:
        database.stop()


def manage_command(*words: str) -> list[str]:
    """The command line of one of Django's commands."""
    return [sys.executable, str(ROOT / "manage.py"), *words]
