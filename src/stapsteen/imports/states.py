"""An import run. The job reads and writes; a person looks, corrects and says "go"."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

RUN = Machine(
    model="imports.ImportRun",
    states={
        "uploaded": _("Wordt gelezen"),
        "preview": _("Klaar om na te kijken"),
        "importing": _("Wordt ingelezen"),
        "done": _("Ingelezen"),
        "refused": _("Geweigerd"),
        "cancelled": _("Geannuleerd"),
    },
    beginnings=("uploaded",),
    transitions=(
        Transition("read", ("uploaded",), "preview", "imports.run", _("Gelezen")),
        Transition("reread", ("preview",), "uploaded", "imports.run", _("Lees opnieuw")),
        Transition("refuse", ("uploaded",), "refused", "imports.run", _("Weiger")),
        Transition("start", ("preview",), "importing", "imports.run", _("Lees in")),
        Transition("halt", ("importing",), "preview", "imports.run", _("Stop")),
        Transition("finish", ("importing",), "done", "imports.run", _("Klaar")),
        Transition("cancel", ("uploaded", "preview"), "cancelled", "imports.run", _("Annuleer")),
    ),
)
