"""A host's own path (requirement D6)."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition
from stapsteen.hosts.models import Host


def nobody_there(host: Host) -> str | None:
    """A host stops after its placements: nobody stays behind at a host that the service no longer follows."""
    if host.placements.filter(state__in=("proposed", "active")).exists():
        return translate("Er zijn nog mensen bij deze organisatie. Sluit die plekken eerst af.")
    return None


HOST = Machine(
    model="hosts.Host",
    states={
        "prospect": _("Mogelijke gastorganisatie"),
        "talking": _("In gesprek"),
        "active": _("Actief"),
        "paused": _("Gepauzeerd"),
        "stopped": _("Gestopt"),
    },
    beginnings=("prospect",),
    transitions=(
        Transition("talk", ("prospect",), "talking", "hosts.host.edit", _("Gesprek gestart")),
        Transition(
            "activate",
            ("prospect", "talking", "paused", "stopped"),
            "active",
            "hosts.host.edit",
            _("Maak actief"),
        ),
        Transition("pause", ("active",), "paused", "hosts.host.edit", _("Pauzeer")),
        Transition(
            "stop",
            ("prospect", "talking", "active", "paused"),
            "stopped",
            "hosts.host.edit",
            _("Stop"),
            (nobody_there,),
        ),
    ),
)
