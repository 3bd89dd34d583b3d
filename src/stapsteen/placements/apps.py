from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "stapsteen.placements"
