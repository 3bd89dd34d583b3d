"""Mail: written in the action's transaction, sent by the worker. It never says about whom it is."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from stapsteen.core.jobs import defer, job
from stapsteen.core.models import OutgoingMail


def queue_mail(
    *,
    to: str,
    template: str,
    context: dict[str, object],
    language: str = "nl",
    subject_id: UUID | None = None,
) -> OutgoingMail:
    """Render `mail/<template>.txt` (first line: the subject) and leave it for the worker.

    A text in `context` is one line, whatever was typed: a name with line ends can't write its own headers or body.
    """
    lines = {
        name: " ".join(word.split()) if isinstance(word, str) else word for name, word in context.items()
    }
    with translation.override(language):
        subject, _, body = render_to_string(f"mail/{template}.txt", lines).strip().partition("\n")
    mail: OutgoingMail = OutgoingMail.objects.create(
        to=to, subject=subject.strip(), body=body.strip() + "\n", language=language, subject_id=subject_id
    )
    defer("core.send_mail", mail_id=mail.pk)
    return mail


@job("core.send_mail")
def send_mail(mail_id: str) -> None:
    """Send once: the row is locked and marked in the same transaction; an error leaves it waiting for a retry."""
    from django.db import transaction

    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, sent_at=None).first()
        if mail is None:
            return
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
        mail.sent_at = timezone.now()
        mail.save(update_fields=["sent_at"])
