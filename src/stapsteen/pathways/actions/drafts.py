"""A public form that isn't sent yet: kept encrypted, opened by its link only, gone after thirty days (requirement B1)."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stapsteen.core import links
from stapsteen.core.errors import RuleBroken
from stapsteen.core.mail import queue_mail
from stapsteen.core.scope import Actor, current
from stapsteen.network.models import Service
from stapsteen.pathways.models import ReferralDraft

DRAFT = "pathways.draft.resume"
KEEP_DAYS = 30
LONGEST = 40_000
"""Signs: all fields of the form at their longest stay under it."""

Pairs = list[tuple[str, str]]


@transaction.atomic
def keep_draft(
    *, actor: Actor, query: dict[str, str], pairs: Pairs, step: str, draft: ReferralDraft | None = None
) -> ReferralDraft:
    """Keep what was typed: `query` chooses programme and door, `pairs` are the fields, `step` where it stood.

    Its life begins anew with each saving. Nothing is checked: it comes back as it was.
    """
    text = json.dumps({"query": query, "pairs": pairs, "step": step})
    if len(text) > LONGEST:
        raise RuleBroken(_("Dit is te lang om te bewaren. Maak je tekst korter."))
    row = draft or ReferralDraft()
    row.answers_sealed, row.saved_at = text, timezone.now()
    row.delete_on = timezone.localdate() + timedelta(days=KEEP_DAYS)
    row.save()
    return row


def open_draft(draft: ReferralDraft) -> tuple[dict[str, str], Pairs, str]:
    """(query, pairs, step) of a draft."""
    kept = json.loads(draft.answers_sealed)
    return kept["query"], [(name, value) for name, value in kept["pairs"]], kept["step"]


def forget_draft(*, draft: ReferralDraft, actor: Actor) -> None:
    """It was sent, or thrown away by who wrote it."""
    draft.delete()


def forget_old_drafts() -> int:
    """Every draft whose time is over, of the open scope's service; how many."""
    deleted, _rows = ReferralDraft.objects.filter(delete_on__lt=timezone.localdate()).delete()
    return int(deleted)


def draft_url(draft: ReferralDraft) -> str:
    """The address that opens it."""
    return links.url("pathways.draft_resume", DRAFT, service=draft.service_id, draft=draft.pk)


def token_of(draft: ReferralDraft) -> str:
    """What the form sends along, so that it is kept once, and gone when it is sent."""
    return links.make(DRAFT, service=draft.service_id, draft=draft.pk)


def mail_draft(*, draft: ReferralDraft, actor: Actor, email: str) -> None:
    """Send the link to the address that was typed; it is kept nowhere else."""
    service = Service.objects.get(pk=current().service_id)
    queue_mail(
        to=email,
        template="referral_draft",
        context={"service_name": service.name, "url": draft_url(draft), "until": draft.delete_on},
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
    )


def draft_of(token: str) -> ReferralDraft | None:
    """The draft that a token (a hidden field of the form) names; None when it is gone or isn't ours."""
    link = links.read(token) if token else None
    if link is None or link.expired or link.purpose != DRAFT:
        return None
    if link.data.get("service") != str(current().service_id):
        return None
    found: ReferralDraft | None = ReferralDraft.objects.filter(pk=link.id("draft") or UUID(int=0)).first()
    return found
