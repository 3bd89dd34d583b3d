from django.apps import AppConfig


class PortalsConfig(AppConfig):
    """Home pages per role; no models. Knows all pages, so it gives every page its menu."""

    name = "stapsteen.portals"

    def ready(self) -> None:
        from stapsteen.core import pages
        from stapsteen.portals.chrome import chrome
        from stapsteen.portals.languages import language_context

        pages.CHROME.extend((chrome, language_context))
