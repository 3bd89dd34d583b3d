"""Questions both ways between the service and who referred (requirement B4). The mail only says that there is one."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor, current
from stapsteen.network.models import Service
from stapsteen.pathways.actions.referral import FOLLOW, follow_url
from stapsteen.pathways.models import Referral, ReferralMessage
from stapsteen.people.access import demand
from stapsteen.people.actions import author_name

LONGEST = 2_000


@transaction.atomic
def write_to_referrer(*, referral: Referral, actor: Actor, text: str) -> ReferralMessage:
    """A question or answer of the service. Who referred must be reachable: by mail, or with an own login."""
    demand(actor, referral, "pathways.referral.handle")
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if referral.by == "self" or not (
        referral.helper_email or referral.referrer_id or referral.referrer_index
    ):
        raise RuleBroken(_("We hebben geen e-mailadres van wie doorverwees. Bel liever."))
    message = _write(referral, to_referrer=True, text=text, author=author_name(actor))
    _read(referral, to_referrer=False)
    if referral.helper_email:
        _mail(referral)
    return message


@transaction.atomic
def write_to_service(*, referral: Referral, actor: Actor, text: str) -> ReferralMessage:
    """A question or answer of who referred: from the link in the mail, or with an own login."""
    demand(actor, referral, FOLLOW, "pathways.referral.follow")
    referral = Referral.objects.select_for_update(of=("self",)).select_related("person").get(pk=referral.pk)
    if referral.person.erased_at is not None:
        raise RuleBroken(_("Deze aanmelding is afgesloten. Bel ons als je nog een vraag hebt."))
    message = _write(referral, to_referrer=False, text=text, author=referral.helper_name)
    _read(referral, to_referrer=True)
    return message


@transaction.atomic
def read_messages(*, referral: Referral, actor: Actor) -> int:
    """A colleague read what who referred wrote; how many there were."""
    demand(actor, referral, "pathways.referral.handle")
    return _read(referral, to_referrer=False)


def _write(referral: Referral, *, to_referrer: bool, text: str, author: str) -> ReferralMessage:
    if not text.strip():
        raise RuleBroken(_("Schrijf eerst je bericht."), field="text")
    if len(text) > LONGEST:
        raise RuleBroken(_("Dit bericht is te lang. Hou het kort."), field="text")
    message: ReferralMessage = ReferralMessage.objects.create(
        person_id=referral.person_id,
        referral=referral,
        to_referrer=to_referrer,
        text=text.strip(),
        author=author,
    )
    kind = "referral.asked" if to_referrer else "referral.answered"
    events.record(kind, subject_id=referral.person_id, object_id=message.pk)
    return message


def _read(referral: Referral, *, to_referrer: bool) -> int:
    rows = ReferralMessage.objects.filter(referral=referral, to_referrer=to_referrer, read_at=None)
    return rows.update(read_at=timezone.now())


def _mail(referral: Referral) -> None:
    service = Service.objects.get(pk=current().service_id)
    queue_mail(
        to=referral.helper_email,
        template="referral_message",
        context={"service_name": service.name, "reference": referral.reference, "url": follow_url(referral)},
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        subject_id=referral.person_id,
    )
