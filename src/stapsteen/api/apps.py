from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Answers in JSON. Each address is a page like any other: rule, scope, read log."""

    name = "stapsteen.api"
