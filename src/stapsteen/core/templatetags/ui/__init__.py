"""The components of every page as template tags. Parameters and examples: docs/design-components.md and /stijl/.

Tags instead of {% include %}, because a parameter that isn't given then has a default, and a wrong one is an error.
Texts come in translated; the tags add only their own words.
"""

from stapsteen.core.templatetags.ui.around import ui_date
from stapsteen.core.templatetags.ui.base import WrongParameter, register
from stapsteen.core.templatetags.ui.drawings import ui_capacity, wheel_summary
from stapsteen.core.templatetags.ui.forms import form_errors, ui_field
from stapsteen.core.templatetags.ui.lists import ui_table

__all__ = [
    "WrongParameter",
    "form_errors",
    "register",
    "ui_capacity",
    "ui_date",
    "ui_field",
    "ui_table",
    "wheel_summary",
]
