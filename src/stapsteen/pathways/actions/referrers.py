"""Who may refer, and referrers that say too much about the person: kept under lock, found by themselves only (B1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor, current, system
from stapsteen.hosts.models import Organisation
from stapsteen.network.models import ProgrammeVersion, Service
from stapsteen.network.queries import programmes_on
from stapsteen.pathways.blind import index_of
from stapsteen.pathways.models import Referral, ReferrerRight
from stapsteen.people.actions import record_sensitive_fact
from stapsteen.people.sensitive_words import tells_too_much

SENSITIVE_KIND = "sensitive"
WHY_KEPT = "Nodig om samen te werken met wie doorverwees."


@dataclass(frozen=True)
class Locked:
    """A referrer under lock: its id where it is an organisation that we know, and its name in words."""

    organisation_id: UUID | None
    words: str


def rights_for(programme: ProgrammeVersion, day: date | None = None) -> QuerySet[ReferrerRight]:
    """Who may refer to this programme on that day, in the open scope's service."""
    rows = ReferrerRight.objects.on(day or timezone.localdate())
    found: QuerySet[ReferrerRight] = rows.filter(programme_slug__in=("", programme.slug))
    return found.select_related("organisation").order_by("cluster", "organisation__name", "id")


def check_may_refer(
    actor: Actor, programme: ProgrammeVersion, by: str, referrer: Organisation | None
) -> None:
    """Where only named centres refer (document 001), a visitor must come from one; colleagues write down what came in."""
    if actor.roles or by != "helper" or not centres_only(programme):
        return
    if referrer is None or not rights_for(programme).filter(organisation=referrer).exists():
        raise RuleBroken(
            _("Alleen een centrum van de lijst kan hier aanmelden. Kies jouw centrum."), field="referrer"
        )


def centres_only(programme: ProgrammeVersion) -> bool:
    """The programme names centres and the service filled in which; before that anybody may refer."""
    return programme.rules.referral.centres is not None and rights_for(programme).exists()


def locked_away(
    programme: ProgrammeVersion, referrer: Organisation | None, organisation: str, words: str
) -> Locked | None:
    """The referrer, when its name or kind says something about the person (prison, psychiatry, ...); else None."""
    if referrer is not None and is_sensitive(programme, referrer):
        return Locked(referrer.pk, referrer.name)
    if words:
        return Locked(referrer.pk if referrer else None, words)
    return Locked(None, organisation) if referrer is None and tells_too_much(organisation) else None


def is_sensitive(programme: ProgrammeVersion, referrer: Organisation) -> bool:
    """Marked on the organisation itself, or by the kind in its right to refer."""
    kinds = rights_for(programme).filter(organisation=referrer).values_list("kind", flat=True)
    return referrer.sensitive_referrer or any(kind in ReferrerRight.SENSITIVE_KINDS for kind in kinds)


def kind_of(programme: ProgrammeVersion, referrer: Organisation) -> str:
    """As what kind it may refer; '' where its right doesn't say."""
    kinds = (
        rights_for(programme).filter(organisation=referrer).exclude(kind="").values_list("kind", flat=True)
    )
    return next(iter(kinds), "")


def sealed(locked: Locked) -> dict[str, str]:
    """The referral's columns: the referrer encrypted, with a blind index for the referrer's own page."""
    if locked.organisation_id is None:
        return {"referrer_kind": SENSITIVE_KIND}
    return {
        "referrer_kind": SENSITIVE_KIND,
        "referrer_sealed": str(locked.organisation_id),
        "referrer_index": index_of(locked.organisation_id),
    }


def keep_referrer(referral: Referral, locked: Locked) -> None:
    """Who referred, as a sensitive fact of the person."""
    record_sensitive_fact(
        person=referral.person, actor=system("receive_referral"), kind="referrer", text=locked.words, purpose=WHY_KEPT,
        starts_on=referral.received_on,
    )  # fmt: skip


@transaction.atomic
def give_right(
    *, organisation: Organisation, actor: Actor, programme_slug: str = "", kind: str = "", cluster: str = "",
    starts_on: date | None = None,
) -> ReferrerRight:  # fmt: skip
    """An organisation may refer to a programme ('' for all) from that day on. A programme with clusters needs one of its
    own; `kind` is one of its kinds of referrers or of SENSITIVE_KINDS."""
    day = starts_on or timezone.localdate()
    service = Service.objects.get(pk=current().service_id)
    versions = {version.slug: version for version in programmes_on(service)}
    if programme_slug and programme_slug not in versions:
        raise RuleBroken(_("Dit programma hoort niet bij deze dienst."), field="programme_slug")
    named = [versions[programme_slug]] if programme_slug else list(versions.values())
    if organisation.network_id != service.network_id:
        raise RuleBroken(_("Deze organisatie hoort bij een ander netwerk."), field="organisation")
    if kind and kind not in kinds_of(named):
        raise RuleBroken(_("Kies een soort uit de lijst."), field="kind")
    if (known := clusters_of(named)) and cluster not in known:
        raise RuleBroken(_("Kies bij welke cluster dit centrum hoort."), field="cluster")
    open_ones = ReferrerRight.objects.on(day).filter(organisation=organisation, programme_slug=programme_slug)
    if open_ones.exists():
        raise RuleBroken(_("Deze organisatie mag dit al."), field="organisation")
    if "referrer" not in organisation.roles:
        organisation.roles = [*organisation.roles, "referrer"]
        organisation.save(update_fields=["roles"])
    return ReferrerRight.objects.create(
        organisation=organisation, programme_slug=programme_slug, kind=kind, cluster=cluster, starts_on=day
    )


@transaction.atomic
def end_right(*, right: ReferrerRight, actor: Actor, on: date | None = None) -> ReferrerRight:
    """It may no longer refer: `on` is the first day without (today)."""
    right = ReferrerRight.objects.select_for_update().get(pk=right.pk)
    if right.ends_on is not None:
        raise RuleBroken(_("Dit is al gestopt."))
    right.ends_on = (on or timezone.localdate()) - timedelta(days=1)
    right.save(update_fields=["ends_on"])
    return right


def kinds_of(programmes: list[ProgrammeVersion]) -> dict[str, str]:
    """Kind -> name: what the programmes name, and the sensitive ones."""
    named = {one.kind: one.name.nl for version in programmes for one in version.rules.referral.referrers}
    return {**named, **{key: str(words) for key, words in ReferrerRight.SENSITIVE_KINDS.items()}}


def clusters_of(programmes: list[ProgrammeVersion]) -> dict[str, str]:
    """Id -> name of the clusters of centres, where only centres refer."""
    return {
        cluster.id: cluster.name.nl
        for version in programmes
        if version.rules.referral.centres
        for cluster in version.rules.referral.centres.clusters
    }
