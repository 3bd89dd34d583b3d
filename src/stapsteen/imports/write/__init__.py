"""Write a plan into the service: all of it, through the actions of the rooms below, in the caller's transaction."""

from stapsteen.imports.write.frame import Options, RowBroken, Writing
from stapsteen.imports.write.whole import write_plan

__all__ = ["Options", "RowBroken", "Writing", "write_plan"]
