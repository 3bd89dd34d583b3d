"""Municipalities, services, networks, users, memberships and the programmes that services run. No persons."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from stapsteen.core.scope import HouseQuerySet, Scoped, Shared
from stapsteen.network.programme.load import load_programme
from stapsteen.network.programme.schema import Programme
from stapsteen.network.roles import ROLES


class Municipality(Shared):
    """A Belgian municipality of 2025 (Statbel). `former_names` finds what merged into it on 1 January 2025."""

    shared_because = "public list of municipalities"

    nis = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80, default="")
    province = models.CharField(max_length=60, default="")
    region = models.CharField(max_length=60, default="")
    postal_codes = ArrayField(models.CharField(max_length=4), default=list)
    former_names = ArrayField(models.CharField(max_length=80), default=list)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta(Shared.Meta):
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Network(Shared):
    """Services that exchange organisations and tasks under one logo, never persons (document 002)."""

    shared_because = "public: names of networks"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Service(Shared):
    """One service of a town or organisation: sees only its own persons (requirement A1).

    `brochure_file` is the id of a StoredFile; `funders` a list of {"name", "url", "logo"}, the logo such an id too.
    """

    shared_because = "public: names, texts and contact of services"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    owner_name = models.CharField(max_length=160)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="services")
    summary = models.JSONField(default=dict)
    email = models.EmailField(default="")
    phone = models.CharField(max_length=40, default="")
    address = models.CharField(max_length=200, default="")
    accent = models.CharField(max_length=7, default="#0b5d53")
    insz_basis = models.CharField(max_length=200, default="", blank=True)
    intake_open = models.BooleanField(default=True)
    expected_wait_weeks = models.PositiveSmallIntegerField(default=2)
    brochure_url = models.URLField(default="", blank=True)
    brochure_file = models.UUIDField(null=True, blank=True)
    film_url = models.URLField(default="", blank=True)
    funders = models.JSONField(default=list, blank=True)

    class Meta(Shared.Meta):
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Coverage(Shared):
    """A municipality whose residents (actual residence) the service is for. Postcodes narrow it to a part."""

    shared_because = "public: where a service works"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="coverage")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="coverage")
    postal_codes = ArrayField(models.CharField(max_length=4), default=list, blank=True)

    class Meta(Shared.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "municipality"], name="covered_once"),)


class OutsideService(Shared):
    """Help outside of the installation, which a service adds to those that ship with the house (network/outside.py).

    One with the name of a shipped one stands in its place where the service works; `hidden`: that one isn't shown there.
    `municipalities` are the NIS codes that it is for; none: where the service itself works. `source`: where we know it from.
    """

    shared_because = "public: names and numbers of other services"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="outside_services")
    name = models.CharField(max_length=120)
    what = models.JSONField(default=dict)
    phone = models.CharField(max_length=40, default="", blank=True)
    url = models.URLField(default="", blank=True)
    municipalities = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    source = models.CharField(max_length=200, default="", blank=True)
    hidden = models.BooleanField(default=False)

    class Meta(Shared.Meta):
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["service", "name"], name="outside_once"),)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager.from_queryset(HouseQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Shared):
    """Someone who can log in: an address and a password, nothing else. Names stand in the services."""

    shared_because = "read at login, before a service is known; holds no name"

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="nl")
    objects = UserManager()  # type: ignore[misc]
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta(Shared.Meta):
        pass


class Membership(Shared):
    """A user's role in a service, from and until. Someone can have several, in several services."""

    shared_because = "read at login to know the services of a user; holds no name"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=list(ROLES.items()))
    organisation_id = models.UUIDField(null=True, blank=True)
    starts_on = models.DateField(auto_now_add=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta(Shared.Meta):
        constraints = (
            models.UniqueConstraint(fields=["user", "service", "role"], name="role_once"),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="role_known"),
        )


class StaffMember(Scoped):
    """A colleague as this service knows them: the name on agreements and lists.

    `weight_limit`: how much weight of pathways together the colleague can carry; None: not agreed on.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, default="", blank=True)
    weight_limit = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["service", "user"], name="staff_member_once"),)

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(Shared):
    """The rules of a programme as a service runs it. A change is a new version; pathways keep the one they began with."""

    shared_because = "public rules of a programme; holds no person"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="programme_versions")
    slug = models.SlugField()
    number = models.PositiveIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=30)
    valid_from = models.DateField()
    created_by = models.CharField(max_length=60, default="")

    class Meta(Shared.Meta):
        ordering = ("service", "slug", "-number")
        constraints = (models.UniqueConstraint(fields=["service", "slug", "number"], name="version_once"),)

    @property
    def rules(self) -> Programme:
        return load_programme(self.text)
