from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Municipalities, services, networks, users, memberships, roles, programmes."""

    name = "stapsteen.network"

    def ready(self) -> None:
        from stapsteen.core import pages
        from stapsteen.network import house

        pages.NETWORK.house = house.NetworkHouse()
