"""A host's own path (requirement D6), and the agreement between service and host (D2)."""

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition
from stapsteen.hosts.models import Host


def nobody_there(host: Host) -> str | None:
    """A host stops after its placements: nobody stays behind at a host that the service no longer follows."""
    if host.placements.filter(state__in=("proposed", "active")).exists():
        return translate("Er zijn nog mensen bij deze organisatie. Sluit die plekken eerst af.")
    return None


def team_wants_this(host: Host) -> str | None:
    """After an intake talk in which host or team said no, nobody is brought there (document 003)."""
    talk = host.talks.first()
    if talk is not None and talk.team == "no":
        return translate("Het team wil dit niet. Een nee is een nee. Praat eerst opnieuw met het team.")
    if talk is not None and talk.openness == "closed":
        return translate("De organisatie wil dit nu niet. Een nee is een nee.")
    return None


HOST = Machine(
    model="hosts.Host",
    states={
        "prospect": _("Mogelijke gastorganisatie"),
        "visited": _("Bezocht"),
        "talking": _("In gesprek"),
        "active": _("Actief"),
        "paused": _("Gepauzeerd"),
        "stopped": _("Gestopt"),
    },
    beginnings=("prospect",),
    transitions=(
        Transition("visit", ("prospect",), "visited", "hosts.host.edit", _("Bezoek gedaan")),
        Transition("talk", ("prospect", "visited"), "talking", "hosts.host.edit", _("Gesprek gestart")),
        Transition(
            "activate",
            ("prospect", "visited", "talking", "paused", "stopped"),
            "active",
            "hosts.host.edit",
            _("Maak actief"),
            (team_wants_this,),
        ),
        Transition("pause", ("active",), "paused", "hosts.host.edit", _("Pauzeer")),
        Transition(
            "stop",
            ("prospect", "visited", "talking", "active", "paused"),
            "stopped",
            "hosts.host.edit",
            _("Stop"),
            (nobody_there,),
        ),
    ),
)

HOST_AGREEMENT = Machine(
    model="hosts.HostAgreement",
    states={"out": _("Te tekenen"), "signed": _("Getekend"), "replaced": _("Vervangen")},
    beginnings=("out",),
    transitions=(
        Transition("sign", ("out",), "signed", "hosts.agreement.sign", _("Teken")),
        Transition("replace", ("out", "signed"), "replaced", "hosts.agreement.view", _("Vervang")),
    ),
)
