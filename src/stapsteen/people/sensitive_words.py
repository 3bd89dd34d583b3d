"""Does the name of an organisation tell something about who goes there: detention, psychiatry, addiction, care, asylum?

Source: the fields of GDPR articles 9 and 10. Doubt counts as yes: what is locked away by mistake, harms nobody.
"""

from __future__ import annotations

import re
from typing import Final

from stapsteen.network.places import fold

SENSITIVE: Final = re.compile(
    r"\b(gevangenis|prison|penitentiair|detentie|justitie|justitiehuis|elektronisch toezicht|enkelband|hulpkas|"
    r"psychiatr\w*|psycholoog|psychologe|psycholog\w*|pc|pz|opz|upc|paaz|cgg|beschut wonen|mobiel team|ggz|bethanie\w*|"
    r"verslaving\w*|drug\w*|alcohol\w*|aa|na|de sleutel|free clinic|msoc|vagga|adic|katarsis|de kiem|kompas|"
    r"fedasil|opvangcentr\w*|asiel\w*|loi|lokaal opvanginitiatief|rode kruis|reception centre|centre d accueil|"
    r"caritas opvang|"
    r"ziekenhuis|hospitaal|hopital|hospital|az|huisarts|dokter|arts|revalidatie\w*|"
    r"vluchthuis|slachtofferhulp|cib|vapl)\b"
)
"""Found in a folded text (lower case, no accents)."""


def tells_too_much(name: str) -> bool:
    """Whether the name itself says something sensitive about somebody who comes from there."""
    return SENSITIVE.search(fold(name)) is not None
