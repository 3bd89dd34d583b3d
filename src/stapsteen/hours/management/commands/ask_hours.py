"""Ask all hosts for a month's hours now: after an outage on the 1st, or to try the mail. Asks nobody twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stapsteen.hours.actions import ask_month
from stapsteen.hours.months import before, first_of, read_month


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", help="like 2026-10; the last full month when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        month = read_month(options["month"]) if options["month"] else before(first_of(today))
        if month is None or month > first_of(today):
            raise CommandError("Give a month like 2026-10 that has begun.")
        self.stdout.write(f"{ask_month(month=month)} mails for {month:%Y-%m}")
