"""Core's own periodic work; importing the rooms' jobs makes them known to the worker."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils.module_loading import autodiscover_modules

from stapsteen.core import limits, mail, resend  # noqa: F401 -- registers core.send_mail
from stapsteen.core.jobs import job, service_job
from stapsteen.core.models import StoredFile
from stapsteen.core.readlog import seal_entries
from stapsteen.core.stranded import take_up_again

service_job("core.seal_read_log", every="* * * * *")(seal_entries)
service_job("core.forget_sent_forms", every="40 2 * * *")(resend.forget)
service_job("core.seal_late_entries", every="40 3 * * *")(partial(seal_entries, timedelta(days=36_500)))
job("core.take_up_again", every="* * * * *")(take_up_again)
job("core.forget_attempts", every="20 * * * *")(limits.forget)


@service_job("core.delete_old_files", every="15 3 * * *")
def delete_old_files() -> int:
    """Files whose time is over (leftovers of an import) go, whole."""
    from django.utils import timezone

    deleted, _ = StoredFile.objects.filter(delete_on__lt=timezone.localdate()).delete()
    return int(deleted)


autodiscover_modules("jobs")
