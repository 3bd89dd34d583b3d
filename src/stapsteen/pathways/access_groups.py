"""Who may keep groups, and whose attendance they see there (requirements C6 and B6)."""

from __future__ import annotations

from django.db.models import Q

from stapsteen.core.access import Answer, role_rule, rule
from stapsteen.core.scope import Actor
from stapsteen.network import roles
from stapsteen.pathways.models import GroupMember, Session
from stapsteen.people.access import OF_LIVE, reach

role_rule("pathways.session.keep", Session.objects.all, *roles.GUIDING)


@rule("pathways.group_member.keep")
def keep_group_member(actor: Actor) -> Answer:
    """Whoever may see the person, and who leads the group; never who comes from an organisation that can sanction."""
    condition = reach(actor, "person")
    if condition is None or actor.can_sanction:
        return None
    if condition:  # an empty one means everybody: the leader's own group is in it
        condition |= Q(group__led_by__user_id=actor.user_id)
    found: Answer = GroupMember.objects.filter(condition, **OF_LIVE)
    return found
