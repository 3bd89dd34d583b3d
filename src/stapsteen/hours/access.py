"""Who may enter and confirm hours."""

from stapsteen.core.access import Answer, rule
from stapsteen.core.scope import Actor
from stapsteen.hours.models import Timesheet
from stapsteen.network import roles


@rule("hours.sheet.confirm")
def confirm_sheet(actor: Actor) -> Answer:
    """Coach: the sheets with the own people; coordinator: all."""
    if actor.has("system", roles.COORDINATOR):
        return Timesheet.objects.all()
    return Timesheet.objects.filter(coach__user_id=actor.user_id) if actor.has(roles.COACH) else None


@rule("hours.sheet.enter")
def enter_sheet(actor: Actor) -> Answer:
    """The host's contact through the link of the month; a coach for the own people."""
    if actor.link is not None and actor.link.purpose == "hours.month.fill":
        return Timesheet.objects.filter(host__organisation_id=actor.link.id("organisation"))
    return confirm_sheet(actor)


@rule("hours.month.fill", "link")
def fill_month(actor: Actor) -> Answer:
    """Whoever holds the link that was mailed to the host's contact."""
    return True if actor.link is not None else None
