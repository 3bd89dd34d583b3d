"""An evaluation moment (requirement G3)."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

EVALUATION = Machine(
    model="followup.Evaluation",
    states={"planned": _("Gepland"), "held": _("Gehouden"), "replaced": _("Vervangen"), "dropped": _("Vervallen")},
    beginnings=("planned",),
    transitions=(
        Transition("hold", ("planned",), "held", "followup.evaluation.hold", _("Noteer het gesprek")),
        Transition("replace", ("planned",), "replaced", "followup.evaluation.hold", _("Vervang")),
        Transition("drop", ("planned",), "dropped", "followup.evaluation.hold", _("Vervalt")),
    ),
)
