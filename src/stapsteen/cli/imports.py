"""`./stapsteen import FILE --service SLUG`: hands a spreadsheet to the management command `import_caseload`."""

import argparse
from pathlib import Path

from stapsteen.cli.console import Refused
from stapsteen.cli.manage import delegate


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the spreadsheet (.xlsx)")
    parser.add_argument("--service", required=True, help="the short name of the service, as in its address")
    parser.add_argument(
        "--dry-run", action="store_true", help="only look: say what would be read and every problem"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON")


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise Refused(f"there is no file {args.file}.")
    words = ["import_caseload", str(args.file.resolve()), "--service", args.service]
    words += ["--dry-run"] if args.dry_run else []
    words += ["--json"] if args.json else []
    return delegate(words)
