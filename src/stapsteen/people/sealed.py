"""Codes that say too much to lie open in the database."""

from __future__ import annotations

import json
from typing import Any

from stapsteen.core.crypto import EncryptedTextField


class EncryptedListField(EncryptedTextField):
    """A list of codes, encrypted per field as a text is."""

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(list(value)).encode()

    def to_value(self, plain: bytes) -> Any:
        return json.loads(plain) if plain else []
