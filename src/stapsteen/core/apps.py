from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    """The guarantees: scope, pages, read log, history, states; and what every room uses."""

    name = "stapsteen.core"

    def ready(self) -> None:
        from stapsteen.core import scope

        connection_created.connect(scope.guard_connection)
