from django.apps import AppConfig


class HostsConfig(AppConfig):
    name = "stapsteen.hosts"
