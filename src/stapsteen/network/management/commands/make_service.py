"""The first service of an installation and its administrator; from then on everything goes through the pages."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import open_scope, system
from stapsteen.network.actions import cover, create_service, give_role, save_programme
from stapsteen.network.models import Municipality, Network, Service, User
from stapsteen.network.places import find_town
from stapsteen.network.roles import ADMINISTRATOR, COORDINATOR


def presets() -> list[str]:
    return sorted(path.stem for path in (settings.ROOT / "programmes").glob("*.toml"))


def municipality(text: str) -> Municipality:
    """The one that the text surely means. Raises CommandError with what it could mean."""
    found = find_town(text)
    sure = [match for match in found if match.score == 1]
    if len(sure) != 1:
        near = ", ".join(match.name for match in found[:5]) or "nothing like it"
        raise CommandError(f"which municipality is {text!r}? Known: {near}")
    return Municipality.objects.get(nis=sure[0].nis)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short address, for example vinac")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner", required=True, help="the town or organisation that runs it")
        parser.add_argument("--network", help="short name of the network (default: one of its own)")
        parser.add_argument(
            "--municipality", action="append", required=True, help="whose residents it is for; repeat"
        )
        parser.add_argument(
            "--programme", action="append", required=True, choices=presets(), help="preset; repeat"
        )
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction for the service, one for its administrator: a scope opens its own."""
        validate_email(options["admin_email"])
        if Service.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"there is a service {options['slug']} already")
        towns = [municipality(text) for text in options["municipality"]]
        try:
            service = self.make(options, towns)
            self.staff(service, options)
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken
        password = self.first_password(options["admin_email"])
        self.stdout.write(f"{settings.BASE_URL}/{service.slug}/")
        self.stdout.write(f"{options['admin_email']} {password or '(keeps the password it has)'}")

    @transaction.atomic
    def make(self, options: dict[str, Any], towns: list[Municipality]) -> Service:
        slug = options["network"] or options["slug"]
        network, _made = Network.objects.get_or_create(slug=slug, defaults={"name": options["name"]})
        service = create_service(
            slug=options["slug"],
            name=options["name"],
            owner_name=options["owner"],
            network=network,
            email=options["admin_email"],
        )
        for town in towns:
            cover(service=service, municipality=town)
        for preset in options["programme"]:
            text = (settings.ROOT / "programmes" / f"{preset}.toml").read_text()
            save_programme(service=service, actor=system("make_service"), text=text)
        return service

    def staff(self, service: Service, options: dict[str, Any]) -> None:
        actor = system("make_service")
        with open_scope(service.pk, actor=actor, purpose="make_service"):
            for role in (ADMINISTRATOR, COORDINATOR):
                give_role(actor=actor, email=options["admin_email"], name=options["admin_name"], role=role)

    def first_password(self, email: str) -> str:
        """A password to start with; empty when this user has one already (of another service)."""
        user = User.objects.get(email=email.lower())
        if user.has_usable_password():
            return ""
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save(update_fields=["password"])
        return password
