"""Who may in the network room: public pages, the start page, running a service."""

from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles


@rule("network.anyone", "open")
def anyone(actor: Actor) -> Answer:
    """Everybody."""
    return True


@rule("network.service.visit", "visitor")
def visit_service(actor: Actor) -> Answer:
    """Everybody who knows the service's address."""
    return True


@rule("network.user", "user")
def user(actor: Actor) -> Answer:
    """Whoever is logged in."""
    return True


role_rule("network.staff", None, *roles.STAFF)
role_rule("network.service.run", None, roles.ADMINISTRATOR, roles.COORDINATOR)
