"""An appointment: to come, was held, missed or taken back."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

APPOINTMENT = Machine(
    model="people.Appointment",
    states={
        "planned": _("Gepland"),
        "held": _("Doorgegaan"),
        "missed": _("Niet gekomen"),
        "cancelled": _("Afgezegd"),
    },
    beginnings=("planned",),
    transitions=(
        Transition("hold", ("planned",), "held", "people.appointment.keep", _("Ging door")),
        Transition("miss", ("planned",), "missed", "people.appointment.keep", _("Niet gekomen")),
        Transition("cancel", ("planned",), "cancelled", "people.appointment.keep", _("Zeg af")),
    ),
)
