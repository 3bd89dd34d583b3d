"""An evaluation moment (requirement G3)."""

from django.utils.translation import gettext_lazy as _

from stapsteen.core.states import Machine, Transition

EVALUATION = Machine(
    model="followup.Evaluation",
    states={"planned": _("Gepland"), "held": _("Gehouden"), "dropped": _("Vervallen")},
    beginnings=("planned",),
    transitions=(
        Transition("hold", ("planned",), "held", "followup.evaluation.hold", _("Noteer het gesprek")),
        Transition("drop", ("planned",), "dropped", "followup.evaluation.hold", _("Vervalt")),
    ),
)
