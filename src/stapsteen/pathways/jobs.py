"""Periodic work of the pathways. Cron lines are in UTC."""

from __future__ import annotations

from stapsteen.core.jobs import service_job
from stapsteen.pathways.actions.drafts import forget_old_drafts

service_job("pathways.forget_drafts", every="10 2 * * *")(forget_old_drafts)
