"""A month sheet: asked, entered, confirmed (requirement G1)."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

TIMESHEET = Machine(
    model="hours.Timesheet",
    states={
        "open": _("Nog niet gevraagd"),
        "asked": _("Gevraagd"),
        "entered": _("Ingevuld"),
        "confirmed": _("Bevestigd"),
    },
    beginnings=("open",),
    transitions=(
        Transition("ask", ("open",), "asked", "hours.sheet.confirm", _("Vraag de uren")),
        Transition(
            "enter", ("open", "asked", "entered"), "entered", "hours.sheet.enter", _("Verstuur de uren")
        ),
        Transition("confirm", ("entered",), "confirmed", "hours.sheet.confirm", _("Bevestig")),
        Transition("send_back", ("entered",), "asked", "hours.sheet.confirm", _("Vraag opnieuw")),
    ),
)
