"""Who may see figures: they hold no person."""

from stapsteen.core.access import role_rule
from stapsteen.network import roles

role_rule("figures.service.view", None, roles.COACH, roles.COORDINATOR, roles.POLICY, roles.ADMINISTRATOR)
role_rule("figures.funder.view", None, roles.COORDINATOR, roles.POLICY)
