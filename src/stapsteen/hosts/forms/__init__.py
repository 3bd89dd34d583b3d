"""Forms of the hosts room."""

from stapsteen.hosts.forms.fields import ALL, LANGUAGES, TownField, moment_choices, set_choices
from stapsteen.hosts.forms.filters import HostFilterForm, TaskFilterForm
from stapsteen.hosts.forms.hosts import (
    CapacityForm,
    ContactForm,
    DrawUpForm,
    HostAgreementForm,
    HostNoteForm,
    KeyPersonForm,
    MoveForm,
    RefusalForm,
    ReviewForm,
    SayForm,
    SignForm,
    SignOnPaperForm,
    TalkForm,
)
from stapsteen.hosts.forms.organisations import EditOrganisationForm, NewHostForm, OrganisationForm, SiteForm
from stapsteen.hosts.forms.tasks import SubTaskForm, TaskForm, asked_by, lift_words

__all__ = [
    "ALL",
    "LANGUAGES",
    "CapacityForm",
    "ContactForm",
    "DrawUpForm",
    "EditOrganisationForm",
    "HostAgreementForm",
    "HostFilterForm",
    "HostNoteForm",
    "KeyPersonForm",
    "MoveForm",
    "NewHostForm",
    "OrganisationForm",
    "RefusalForm",
    "ReviewForm",
    "SayForm",
    "SignForm",
    "SignOnPaperForm",
    "SiteForm",
    "SubTaskForm",
    "TalkForm",
    "TaskFilterForm",
    "TaskForm",
    "TownField",
    "asked_by",
    "lift_words",
    "moment_choices",
    "set_choices",
]
