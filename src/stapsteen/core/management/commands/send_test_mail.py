"""Send one mail to see whether the mail server takes it."""

from typing import Any

from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to")

    def handle(self, *args: Any, **options: Any) -> None:
        EmailMessage("Stapsteen: test", "Deze mail kwam aan.\n", to=[options["to"]]).send()
        self.stdout.write(f"sent to {options['to']}")
