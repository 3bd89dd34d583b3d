"""`./stapsteen COMMAND`: reads the command line and hands over to the module of that command."""

import argparse
import os
import sys
from importlib import import_module

from stapsteen.cli.console import Refused, plain

# Command -> module and one line of help. The module has `options(parser)` and `run(args) -> exit code`.
COMMANDS = {
    "demo": ("demo", "start everything with five example services and open it in the browser"),
    "test": ("testing", "every check and test that CI runs"),
    "check": ("check", "the quick checks: lint, types, import order, templates, translations"),
    "fmt": ("fmt", "format Python and templates"),
    "bench": ("bench", "measure speed"),
    "e2e": ("e2e", "the journeys in a real browser"),
    "serve": ("serve", "the web server, for a real installation"),
    "worker": ("worker", "the process that does the jobs, for a real installation"),
    "doctor": ("doctor", "look what is missing, and what to do about it"),
    "import": ("imports", "read a service's own spreadsheet"),
    "solve": ("solve", "the best proposals for a caseload problem, with a proven bound"),
    "backup": ("backup", "write the whole installation into one encrypted file"),
    "restore": ("restore", "bring a backup back"),
    "prepare": ("prepare", "install what the lock names and compile the translations; start nothing"),
    "manage": ("manage", "Django's own commands (migrate, shell, ...)"),
}
HANDED_ON = {"manage", "e2e"}
"""Their words go to Django and to pytest as they are."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="./stapsteen", description="Stapsteen: from referral to a place in society."
    )
    subcommands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_module, text) in COMMANDS.items():
        subcommands.add_parser(name, help=text, description=text)
    return top


def main(argv: list[str]) -> int:
    if not argv or argv[0] in {"help", "-h", "--help"}:
        parser().print_help()
        return 0
    if argv[0] not in COMMANDS:
        parser().parse_args(argv[:1])  # ends with argparse's own message
    module_name, text = COMMANDS[argv[0]]
    command = import_module(f"stapsteen.cli.{module_name}")
    own = argparse.ArgumentParser(prog=f"./stapsteen {argv[0]}", description=text)
    command.options(own)
    args = argparse.Namespace(rest=argv[1:]) if argv[0] in HANDED_ON else own.parse_args(argv[1:])
    try:
        return int(command.run(args))
    except Refused as refused:
        plain(f"stapsteen: {refused}")
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
