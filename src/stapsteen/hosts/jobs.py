"""Work of this room that runs by itself. Cron lines are in UTC."""

from __future__ import annotations

from stapsteen.core.jobs import service_job
from stapsteen.hosts.actions import ask_who_was_silent

service_job("hosts.ask_who_was_silent", every="0 7 3 * *")(ask_who_was_silent)
