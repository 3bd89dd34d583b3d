"""Write the parts of docs/ that come from the code: state diagrams and rules."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from stapsteen.core.access import RULES
from stapsteen.core.states import MACHINES


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        parts = [
            "# States",
            "",
            "Made by `./stapsteen manage write_docs` from each room's `states.py`; a test compares.",
        ]
        for name, machine in sorted(MACHINES.items()):
            parts += ["", f"## {name}", "", "```mermaid", machine.diagram(), "```", ""]
            parts += ["| action | who | needs |", "| --- | --- | --- |"]
            for t in machine.transitions:
                needs = "; ".join((need.__doc__ or need.__name__).split("\n")[0] for need in t.needs)
                parts.append(f"| `{t.action}` | `{t.rule}` | {needs} |")
        (settings.ROOT / "docs").mkdir(exist_ok=True)
        (settings.ROOT / "docs/states.md").write_text("\n".join(parts) + "\n")
        lines = ["# Rules", "", "Made by `./stapsteen manage write_docs` from each room's `access.py`.", ""]
        lines += ["| rule | audience | who |", "| --- | --- | --- |"]
        lines += [
            f"| `{r.name}` | {r.audience} | {r.needs} |" for r in sorted(RULES.values(), key=lambda r: r.name)
        ]
        (settings.ROOT / "docs/rules.md").write_text("\n".join(lines) + "\n")
        self.stdout.write("docs/states.md, docs/rules.md")
