"""Look in our migrations for steps that break a running system (a column dropped while the old code still runs).

`django-migration-linter` needs to be an installed app, but only here: the product doesn't carry it.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["STAPSTEEN_AS_OWNER"] = "1"  # sqlmigrate asks the database as the owner


def main() -> int:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_migration_linter"]
    django.setup()
    ours = [name.rsplit(".", 1)[1] for name in settings.INSTALLED_APPS if name.startswith("stapsteen.")]
    # The first migration of an app makes tables that no running system uses yet.
    call_command(
        "lintmigrations",
        include_apps=ours,
        ignore_name=["0001_initial"],
        no_cache=True,
        quiet=["ok", "ignore"],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
