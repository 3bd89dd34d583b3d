"""Who may open the home pages."""

from django.conf import settings

from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles

role_rule("portals.today", None, *roles.STAFF)
role_rule("portals.search", None, *roles.GUIDING, roles.DESK)
role_rule("portals.expert", None, roles.EXPERT)
role_rule("portals.referrer", None, roles.REFERRER)
role_rule("portals.policy", None, roles.POLICY)


@rule("portals.demo", "open")
def demo(actor: Actor) -> Answer:
    """Everybody, in a demo only."""
    return settings.DEMO
