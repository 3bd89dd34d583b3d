"""`./stapsteen serve`: the web server of a real installation, behind a proxy that does TLS (see deploy/README.md)."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from stapsteen.cli.console import Refused
from stapsteen.cli.demo import gunicorn
from stapsteen.cli.environment import base_environment, manage_command
from stapsteen.cli.messages import compile_messages
from stapsteen.cli.paths import ROOT

REQUIRED = {
    "DATABASE_URL": "the address of PostgreSQL for the application's role",
    "STAPSTEEN_SECRET_KEY": "a long random text",
    "STAPSTEEN_MASTER_KEYS": "the keys that close the sensitive facts",
    "STAPSTEEN_HOSTS": "the host names of the site",
    "STAPSTEEN_BASE_URL": "the address of the site, https://...",
}


def production_environment() -> dict[str, str]:
    """The caller's environment as production. Raises Refused naming everything that is missing."""
    missing = [f"{name} ({text})" for name, text in REQUIRED.items() if not os.environ.get(name)]
    if missing:
        raise Refused(
            f"set {'; '.join(missing)}. See deploy/README.md; to try Stapsteen use `./stapsteen demo`."
        )
    return {**base_environment(), "STAPSTEEN_ENV": "production"}


def make_static_folder(environment: dict[str, str]) -> None:
    """Whitenoise warns when the folder of collected files is missing; it may be empty (files come from the source)."""
    try:
        (Path(environment.get("STAPSTEEN_DATA_DIR") or ROOT / "var") / "static-built").mkdir(
            parents=True, exist_ok=True
        )
    except OSError as error:
        raise Refused(
            f"can't write the data folder: {error}. Set STAPSTEEN_DATA_DIR (deploy/README.md)."
        ) from None


def become(command: list[str], environment: dict[str, str]) -> NoReturn:
    """Replace this process, so that systemd watches the server itself."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(command[0], command, environment)  # noqa: S606 - no shell wanted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bind", default="127.0.0.1:8000", help="address:port or unix:/path (default 127.0.0.1:8000)"
    )
    parser.add_argument(
        "--workers", type=int, default=3, help="processes (default 3; one per core and one more)"
    )
    parser.add_argument("--threads", type=int, default=4, help="threads in each (default 4)")


def run(args: argparse.Namespace) -> int:
    environment = production_environment()
    compile_messages()
    make_static_folder(environment)
    become(gunicorn(args.bind, workers=args.workers, threads=args.threads), environment)


def run_worker() -> NoReturn:
    """The job worker of a real installation."""
    become(manage_command("run_worker"), production_environment())
