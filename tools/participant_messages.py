"""Which texts belong to the participant's own pages: those are translated in more languages than the rest.

The templates are walked from PAGES over what they extend, include and use as components; the Python from the
functions, classes and constants in SOURCES.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/stapsteen"
LANGUAGES = ("ar", "tr", "uk")
Text = tuple[str, str]
"""msgid and its plural, or ""."""

PAGES = (
    "portals/participant.html", "portals/who_sees_me.html", "portals/own_wheel.html", "portals/own_spider.html",
    "portals/own_score.html", "portals/own_goals.html", "portals/own_action_done.html", "portals/own_people.html",
    "portals/own_nothing.html", "placements/agreement_own.html", "people/card_open.html", "people/card_done.html",
    "card_over.html", "matching/how_own.html",
)  # fmt: skip

SOURCES: dict[str, tuple[str, ...]] = {
    "../../config/settings.py": ("LANGUAGES",),
    "portals/own_views.py": (),
    "portals/my_map_views.py": (),
    "portals/participant.py": (),
    "portals/who_sees.py": (),
    "portals/who_sees_views.py": (),
    "people/views/cards.py": ("PinForm", "card_open"),
    "people/actions/cards.py": ("try_pin",),
    "pathways/forms.py": ("WheelForm",),
    "pathways/forms_looking.py": ("NOT_SAID", "ScoreForm", "ActionDoneForm"),
    "pathways/looking.py": ("spider_summary", "progress", "moment_words", "who_does"),
    "pathways/queries.py": ("ambition_words",),
    "pathways/models/evoluator.py": ("GoalAction",),
    "pathways/models/pathway.py": ("WheelPosition",),
    "pathways/models/partners.py": ("ExpertRequest",),
    "people/models/journal.py": ("Appointment", "Note"),
    "people/models/profile.py": ("Supporter",),
    "people/models/rights.py": ("Consent",),
    "network/roles.py": ("ROLES",),
    "placements/views/signing.py": ("agreement_own",),
    "core/halfdays.py": (),
    "core/limits.py": ("TooOften",),
    "core/resend.py": (),
    "core/templatetags/ui/around.py": ("ui_language_switch",),
    "core/templatetags/ui/drawings.py": (
        "step_words", "ui_steps", "ui_wheel", "wheel_summary", "summary_pattern", "ui_chart_bar", "bar_row",
    ),
    "core/templatetags/ui/forms.py": ("ui_form",),
    "core/templatetags/ui/lists.py": ("ui_table",),
    "core/templatetags/ui/parts.py": ("ui_print_button", "ui_page_header"),
    "core/templatetags/ui_pictures.py": (),
}  # fmt: skip
"""Under src/stapsteen: the names whose texts these pages show; () is the whole file."""

GETTEXT = {"_", "gettext", "gettext_lazy", "translate", "ngettext", "ngettext_lazy"}


# Templates -----------------------------------------------------------------------------------------------------------


def template_file(name: str) -> Path:
    found = [ROOT / "templates" / name, *ROOT.glob(f"src/stapsteen/*/templates/{name}")]
    return next(path for path in found if path.exists())


def tags() -> dict[str, str]:
    """{"ui_card": "components/card.html", ...}: which template each component tag renders."""
    found: dict[str, str] = {}
    for path in (ROOT / "src/stapsteen/core/templatetags").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                names = re.findall(r"components/\w+\.html", ast.unparse(node))
                found |= {node.name: names[0]} if names else {}
    return found


def templates() -> set[str]:
    """The pages and everything that they are made of."""
    waiting, found, known = list(PAGES), set(), tags()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        text = template_file(name).read_text()
        waiting += re.findall(r'{%\s*(?:extends|include)\s+"([^"]+)"', text)
        waiting += [known[tag] for tag in re.findall(r"{%\s*(ui_\w+)", text) if tag in known]
    return found


def template_texts(name: str) -> Iterator[Text]:
    tokens = iter(Lexer(template_file(name).read_text()).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            words = list(smart_split(token.contents))
            if words[0] == "translate" and words[1][0] in "\"'":
                yield words[1][1:-1], ""
            elif words[0] == "blocktranslate":
                yield block_text(tokens, "trimmed" in words)


def block_text(tokens: Iterator[Token], trimmed: bool) -> Text:
    """What stands between blocktranslate and its end, and its plural."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.contents == "endblocktranslate":
            break
        if token.token_type == TokenType.BLOCK:
            parts.append([])
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
    whole = ["".join(part) for part in parts]
    shown = [trim_whitespace(part) if trimmed else part for part in whole]
    return shown[0], shown[1] if len(shown) > 1 else ""


# Python --------------------------------------------------------------------------------------------------------------


def name_of(node: ast.stmt) -> str:
    """The name that it gives to something; "" for any other line."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else []
    return targets[0].id if targets and isinstance(targets[0], ast.Name) else ""


def python_texts(path: str, names: tuple[str, ...]) -> Iterator[Text]:
    """The texts in the named parts of a module. Raises ValueError when a name isn't there any more."""
    body = ast.parse((SOURCE / path).read_text()).body
    parts = [node for node in body if not names or name_of(node) in names]
    if missing := set(names) - {name_of(node) for node in parts}:
        raise ValueError(f"{path} hasn't {', '.join(sorted(missing))}; mend SOURCES in {__file__}")
    for node in (inner for part in parts for inner in ast.walk(part)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            said = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if said:
                yield said[0], said[1] if len(said) > 1 else ""


def texts() -> dict[str, tuple[str, str]]:
    """{msgid: (plural or "", where it stands)}, in the order of the places."""
    found: dict[str, tuple[str, str]] = {}
    for name in sorted(templates()):
        for msgid, plural in template_texts(name):
            found.setdefault(msgid, (plural, str(template_file(name).relative_to(ROOT))))
    for path, names in SOURCES.items():
        for msgid, plural in python_texts(path, names):
            found.setdefault(msgid, (plural, str((SOURCE / path).resolve().relative_to(ROOT))))
    return found
