"""From referral to the end of the pathway, and all that person and coach look at together."""

from stapsteen.pathways.models.evoluator import Axis, AxisTemplate, Goal, GoalAction, Moment, Score
from stapsteen.pathways.models.explorator import Explorator, ExploratorDomain
from stapsteen.pathways.models.groups import Attendance, Group, GroupMember, Session
from stapsteen.pathways.models.partners import ExpertAdvice, ExpertRequest, FunderRecord
from stapsteen.pathways.models.pathway import (
    DESTINATIONS,
    END_CODES,
    NOWHERE,
    REFUSAL_CODES,
    STEPPED_UP,
    Aim,
    IntakeTalk,
    Pathway,
    PathwayProgramme,
    Referral,
    Suspension,
    WheelPosition,
)
from stapsteen.pathways.models.referrers import Handover, ReferralDraft, ReferralMessage, ReferrerRight

__all__ = [
    "DESTINATIONS",
    "END_CODES",
    "NOWHERE",
    "REFUSAL_CODES",
    "STEPPED_UP",
    "Aim",
    "Attendance",
    "Axis",
    "AxisTemplate",
    "ExpertAdvice",
    "ExpertRequest",
    "Explorator",
    "ExploratorDomain",
    "FunderRecord",
    "Goal",
    "GoalAction",
    "Group",
    "GroupMember",
    "Handover",
    "IntakeTalk",
    "Moment",
    "Pathway",
    "PathwayProgramme",
    "Referral",
    "ReferralDraft",
    "ReferralMessage",
    "ReferrerRight",
    "Score",
    "Session",
    "Suspension",
    "WheelPosition",
]
