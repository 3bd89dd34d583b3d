"""Pages of the search for places; importing them registers their addresses."""

from stapsteen.matching.views import how, one, searches, settings, supply

__all__ = ["how", "one", "searches", "settings", "supply"]
