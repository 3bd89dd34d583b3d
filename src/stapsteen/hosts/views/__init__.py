"""The pages of this room; each module registers its own."""

from stapsteen.hosts.views import agreements, changes, host, lists, new, path, saying, tasks
from stapsteen.hosts.views.common import address
from stapsteen.hosts.views.host import week
from stapsteen.hosts.views.tasks import task_line

__all__ = [
    "address",
    "agreements",
    "changes",
    "host",
    "lists",
    "new",
    "path",
    "saying",
    "task_line",
    "tasks",
    "week",
]
