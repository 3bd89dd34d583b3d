"""Pages of the search for places; importing them registers their addresses."""

from stapsteen.matching.views import from_task, how, one, searches, settings, supply

__all__ = ["from_task", "how", "one", "searches", "settings", "supply"]
