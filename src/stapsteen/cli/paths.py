"""Where things are: the checkout, and the folder with the data of this checkout.

Two clones never share a database: the data folder carries a short id made from the checkout's path.
"""

import hashlib
import os
from pathlib import Path

from stapsteen.cli.console import Refused

ROOT = Path(__file__).resolve().parents[3]
TABLES = "tables"  # in the data folder: the fingerprint of the source that the demo's tables were made from


def checkout_id(root: Path = ROOT) -> str:
    """Eight characters that differ for every checkout path."""
    return hashlib.sha256(str(root).encode()).hexdigest()[:8]


def base_folder() -> Path:
    """The folder of all checkouts: STAPSTEEN_DATA, else the system's place (root) or the person's own."""
    if chosen := os.environ.get("STAPSTEEN_DATA"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/stapsteen")
    shared = os.environ.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path.home() / ".local/share") / "stapsteen"


def data_folder() -> Path:
    """The folder of this checkout; made when missing. Root's is passable, so that the system user reaches its part.

    Raises Refused when it can't be written.
    """
    folder = base_folder() / checkout_id()
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        reason = f"can't make the data folder {folder}: {error.strerror}"
        raise Refused(f"{reason}. Set STAPSTEEN_DATA to a folder of yours.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(
            f"the data folder {folder} is not writable for you. Set STAPSTEEN_DATA to a folder of yours."
        )
    return folder
