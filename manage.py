"""Django's commands; migrate and the like run as the owner of the tables, everything else as the application."""

import os
import sys
from pathlib import Path

OWNER_COMMANDS = {"makemigrations", "migrate", "showmigrations", "sqlmigrate"}

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["STAPSTEEN_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
