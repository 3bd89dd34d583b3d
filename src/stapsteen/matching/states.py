"""A search for the whole caseload, and what becomes of each proposal (requirements E2 and E4)."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

SEARCH = Machine(
    model="matching.Search",
    states={
        "queued": _("Begint zo"),
        "busy": _("Zoekt"),
        "done": _("Klaar"),
        "failed": _("Mislukt"),
        "stopped": _("Gestopt"),
    },
    beginnings=("queued",),
    transitions=(
        Transition("begin", ("queued",), "busy", "matching.search.run", _("Zoek")),
        Transition("finish", ("busy",), "done", "matching.search.run", _("Klaar")),
        Transition("fail", ("queued", "busy"), "failed", "matching.search.run", _("Mislukt")),
        Transition("stop", ("queued", "busy"), "stopped", "matching.search.run", _("Stop")),
    ),
)
PROPOSAL = Machine(
    model="matching.Proposal",
    states={
        "open": _("Te beslissen"),
        "accepted": _("Aanvaard"),
        "changed": _("Andere plek gekozen"),
        "refused": _("Geweigerd"),
        "lapsed": _("Vervallen"),
        "unplaced": _("Geen plek gevonden"),
    },
    beginnings=("open", "unplaced"),
    transitions=(
        Transition("accept", ("open",), "accepted", "matching.proposal.decide", _("Aanvaard")),
        Transition("change", ("open",), "changed", "matching.proposal.decide", _("Kies iets anders")),
        Transition("refuse", ("open",), "refused", "matching.proposal.decide", _("Weiger")),
        Transition("reopen", ("refused",), "open", "matching.proposal.decide", _("Beslis opnieuw")),
        Transition("lapse", ("open",), "lapsed", "matching.proposal.decide", _("Vervalt")),
    ),
)
