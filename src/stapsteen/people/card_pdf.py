"""The printed card: a square code with the address, and the PIN on a part that is kept elsewhere."""

from __future__ import annotations

import io
from datetime import datetime

import segno

from stapsteen.core import pdf
from stapsteen.network.models import Service
from stapsteen.people.models import Person


def square(address: str) -> str:
    """A QR code (ISO/IEC 18004, level Q: readable with a quarter of it damaged) as SVG."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return out.getvalue().decode()


def card_pdf(
    *, person: Person, service: Service, address: str, pin: str, made_at: datetime, lang: str
) -> bytes:
    """PDF/UA with card and PIN. First name and initial only: a card gets lost."""
    data = {
        "service": service.name,
        "name": person.initial_name,
        "phone": service.phone,
        "address": address,
        "qr": square(address),
        "pin": f"{pin[:3]} {pin[3:]}",
        "made_at": made_at.isoformat(),
    }
    return pdf.render("card", data, lang=lang)
