"""The roles of a membership. What a role may do stands in each room's access.py, nowhere else."""

from django.utils.translation import gettext_lazy as _

COACH = "coach"
INTAKE = "intake"
COORDINATOR = "coordinator"
DESK = "desk"
HOST_CONTACT = "host_contact"
PARTICIPANT = "participant"
REFERRER = "referrer"
EXPERT = "expert"
POLICY = "policy"
ADMINISTRATOR = "administrator"

ROLES = {
    COACH: _("Trajectbegeleider"),
    INTAKE: _("Intake"),
    COORDINATOR: _("Coördinator"),
    DESK: _("Vrijwilligersloket"),
    HOST_CONTACT: _("Contact bij de gastorganisatie"),
    PARTICIPANT: _("Deelnemer"),
    REFERRER: _("Doorverwijzer"),
    EXPERT: _("Partner-expert"),
    POLICY: _("Beleid"),
    ADMINISTRATOR: _("Beheerder"),
}
GUIDING = (COACH, INTAKE, COORDINATOR)
"""Staff that works with persons."""
STAFF = (*GUIDING, DESK, ADMINISTRATOR, POLICY)
