"""Who may in the network room: public pages, the start page, running a service."""

from stapsteen.core import scope
from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles
from stapsteen.network.models import Membership, OutsideService


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
role_rule("network.service.change", None, roles.ADMINISTRATOR)


@rule("network.membership.end")
def end_membership(actor: Actor) -> Answer:
    """Administrator: the roles in the own service."""
    if not actor.has("system", roles.ADMINISTRATOR):
        return None
    return Membership.objects.filter(service_id=scope.current().service_id, ends_on=None)


@rule("network.outside.change")
def change_outside(actor: Actor) -> Answer:
    """Administrator: what the own service added."""
    if not actor.has("system", roles.ADMINISTRATOR):
        return None
    return OutsideService.objects.filter(service_id=scope.current().service_id)
