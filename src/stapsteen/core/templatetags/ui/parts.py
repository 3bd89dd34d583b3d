"""Small things and blocks: icon, button, badge, card, page header, alert."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stapsteen.core import ui
from stapsteen.core.templatetags.ui.base import (
    KIND_ICONS,
    MESSAGE_KINDS,
    TRAFFIC,
    Item,
    one_of,
    register,
)


@register.simple_tag
def ui_icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon; decoration without a label, an image with one. Size: "", "s", "l"."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="st-icon{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>',
        f" st-icon--{size}" if size else "",
        said,
        ui.icon_path(name),
    )


@register.inclusion_tag("components/logo.html")
def ui_logo(word: bool = True) -> dict[str, Any]:
    """The mark, three stones over water, with or without the name."""
    return {"word": word}


@register.inclusion_tag("components/scene.html")
def ui_scene() -> dict[str, Any]:
    """Stones crossing water: the picture of home and error pages. Decoration."""
    return {}


@register.inclusion_tag("components/avatar.html")
def ui_avatar(name: str, size: str = "") -> dict[str, Any]:
    """Initials on a quiet colour; decoration beside the name. Size: "", "s", "l"."""
    return {
        "initials": ui.initials(name),
        "tone": ui.tone(name),
        "size": one_of(size, ["", "s", "l"], "size"),
    }


@register.inclusion_tag("components/button.html")
def ui_button(
    label: str,
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    button_type: str = "submit",
    form: str = "",
    wide: bool = False,
    hide_label: bool = False,
) -> dict[str, Any]:
    """A button. Kind: primary, secondary, tertiary, danger. `form` is the id of a form elsewhere on the page."""
    one_of(kind, ["primary", "secondary", "tertiary", "danger"], "button kind")
    return {
        "label": label,
        "kind": kind,
        "icon": icon,
        "name": name,
        "value": value,
        "type": one_of(button_type, ["submit", "button", "reset"], "button type"),
        "form": form,
        "wide": wide,
        "hide_label": hide_label,
    }


@register.inclusion_tag("components/link_button.html")
def ui_link_button(
    label: str, href: str, kind: str = "primary", icon: str = "", wide: bool = False, download: bool = False
) -> dict[str, Any]:
    """A link that looks like a button: it goes somewhere and changes nothing."""
    one_of(kind, ["primary", "secondary", "tertiary", "danger"], "button kind")
    return {"label": label, "href": href, "kind": kind, "icon": icon, "wide": wide, "download": download}


@register.inclusion_tag("components/print_button.html")
def ui_print_button(label: str = "") -> dict[str, Any]:
    """Prints the page. Hidden as long as there is no JavaScript."""
    return {"label": label or _("Druk af")}


@register.inclusion_tag("components/badge.html")
def ui_badge(label: str, kind: str = "neutral", icon: str = "") -> dict[str, Any]:
    """A short state in words. Kind: neutral, info, success, warning, error, wish."""
    one_of(kind, KIND_ICONS, "badge kind")
    return {"label": label, "kind": kind, "icon": icon}


@register.inclusion_tag("components/traffic.html")
def ui_traffic(light: str, label: str) -> dict[str, Any]:
    """A traffic light that also says it: light is green, orange, red or grey; the label carries the meaning."""
    return {"light": one_of(light, TRAFFIC, "light"), "label": label}


@register.inclusion_tag("components/stat.html")
def ui_stat(label: str, value: str | int, note: str = "", href: str = "") -> dict[str, Any]:
    """One figure with its words. Format decimals before you give them."""
    return {"label": label, "value": value, "note": note, "href": href}


@register.simple_block_tag
def ui_card(
    content: str, title: str = "", level: int = 2, href: str = "", kind: str = "", icon: str = ""
) -> str:
    """A white card. Level is the heading's; kind: "", "quiet", "accent"; with href the title is a link."""
    one_of(kind, ["", "quiet", "accent"], "card kind")
    return render_to_string(
        "components/card.html",
        {"content": content, "title": title, "level": level, "href": href, "kind": kind, "icon": icon},
    )


@register.simple_block_tag
def ui_page_header(
    content: str,
    title: str,
    lede: str = "",
    crumbs: Sequence[Item] = (),
    back: str = "",
    back_label: str = "",
    eyebrow: str = "",
) -> str:
    """The page's h1. Content: the page's actions. crumbs: [{label, url}]; back: one link instead of crumbs."""
    return render_to_string(
        "components/page_header.html",
        {
            "content": SafeString(content.strip()),
            "title": title,
            "lede": lede,
            "crumbs": crumbs,
            "back": back,
            "back_label": back_label or _("Terug"),
            "eyebrow": eyebrow,
        },
    )


@register.simple_block_tag
def ui_alertbox(content: str, kind: str = "info", title: str = "", level: int = 2) -> str:
    """A message with rich content. Kind: info, success, warning, error."""
    return render_to_string("components/alert.html", alert(kind, title, content, level))


@register.inclusion_tag("components/alert.html")
def ui_alert(text: str, kind: str = "info", title: str = "", level: int = 2) -> dict[str, Any]:
    """A message in one or two sentences. Kind: info, success, warning, error."""
    return alert(kind, title, text, level)


def alert(kind: str, title: str, text: str, level: int) -> dict[str, Any]:
    """What alert.html needs."""
    one_of(kind, MESSAGE_KINDS.values(), "alert kind")
    return {"kind": kind, "title": title, "text": text, "level": level, "icon": KIND_ICONS[kind]}


@register.simple_block_tag
def ui_person_header(
    content: str,
    name: str,
    sub: str = "",
    url: str = "",
    badges: Sequence[Item] = (),
    facts: Sequence[Item] = (),
) -> str:
    """Who this page is about, always on top. Content: actions. badges: [{label, kind}]; facts: [{icon, text, href}]."""
    return render_to_string(
        "components/person_header.html",
        {
            "content": SafeString(content.strip()),
            "name": name,
            "sub": sub,
            "url": url,
            "badges": badges,
            "facts": facts,
        },
    )


@register.simple_block_tag
def ui_more(content: str, summary: str, unfolded: bool = False) -> str:
    """Something to unfold (details); works without JavaScript."""
    return render_to_string(
        "components/more.html", {"content": content, "summary": summary, "open": unfolded}
    )
