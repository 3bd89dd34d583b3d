"""Organisations of the service's network: found by a name that is nearly right."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from stapsteen.hosts.access import network_of_service
from stapsteen.hosts.models import Organisation
from stapsteen.network.places import fold

ALIKE = 82
"""rapidfuzz score from which two names of organisations look alike."""


def matches(q: str, text: str) -> bool:
    """Forgiving: every word of the search stands in the text, or nearly so (a letter wrong, other accents)."""
    words = fold(text).split()
    return all(
        any(word in other for other in words)
        or process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
        for word in fold(q).split()
    )


def similar_organisations(q: str, *, limit: int = 12) -> list[Organisation]:
    """Organisations of the service's network whose name or number looks like the text, the most alike first."""
    digits = "".join(char for char in q if char.isdigit())
    rows = Organisation.objects.filter(network_id__in=network_of_service()).values_list(
        "pk", "name", "enterprise_number"
    )
    scored = []
    for pk, name, number in rows:
        score = (
            100.0 if len(digits) >= 6 and digits in number else max(alike(q, name), 90.0 * said_in(q, name))
        )
        if score >= ALIKE:
            scored.append((-score, name, pk))
    order = [pk for _score, _name, pk in sorted(scored)[:limit]]
    found = Organisation.objects.select_related("municipality").in_bulk(order)
    return [found[pk] for pk in order]


def alike(one: str, other: str) -> float:
    """0 to 100; legal forms and the order of words don't count."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return 0.0
    if first in second or second in first:
        return 95.0
    return float(max(fuzz.token_sort_ratio(first, second), fuzz.ratio(first, second)))


def said_in(q: str, name: str) -> bool:
    """Every word that carries meaning stands in the name, or nearly so."""
    return bool(_bare(q)) and matches(_bare(q), name)


def _bare(name: str) -> str:
    forms = {"vzw", "asbl", "bv", "nv", "cv", "cvba", "de", "het", "t"}
    words = [word for word in fold(name).split() if word not in forms]
    return " ".join(words)


def organisation_choices() -> list[tuple[str, str]]:
    """All organisations of the network, for a choice list."""
    rows = (
        Organisation.objects.filter(network_id__in=network_of_service())
        .values_list("pk", "name")
        .order_by("name")
    )
    return [(str(pk), name) for pk, name in rows]
