"""Who may import a spreadsheet: whoever runs the service's caseload."""

from stapsteen.core.access import role_rule
from stapsteen.imports.models import ImportRun, SavedMapping
from stapsteen.network import roles

role_rule("imports.run", ImportRun.objects.all, roles.COORDINATOR, roles.ADMINISTRATOR)
role_rule("imports.mapping", SavedMapping.objects.all, roles.COORDINATOR, roles.ADMINISTRATOR)
