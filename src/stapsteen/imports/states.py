"""An import run."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

RUN = Machine(
    model="imports.ImportRun",
    states={
        "uploaded": _("Wordt gelezen"),
        "preview": _("Klaar om na te kijken"),
        "importing": _("Wordt ingelezen"),
        "done": _("Klaar"),
        "refused": _("Geweigerd"),
        "cancelled": _("Geannuleerd"),
    },
    beginnings=("uploaded",),
    transitions=(
        Transition("read", ("uploaded", "preview"), "preview", "imports.run", _("Lees")),
        Transition("refuse", ("uploaded", "preview", "importing"), "refused", "imports.run", _("Weiger")),
        Transition("start", ("preview",), "importing", "imports.run", _("Lees in")),
        Transition("finish", ("importing",), "done", "imports.run", _("Klaar")),
        Transition("cancel", ("uploaded", "preview"), "cancelled", "imports.run", _("Annuleer")),
    ),
)
