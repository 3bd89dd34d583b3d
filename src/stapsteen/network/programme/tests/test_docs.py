"""docs/programmes.md names every key that a file may hold."""

from typing import get_args

from pydantic import BaseModel

from stapsteen.network.programme import PRESETS, Programme

DOCS = (PRESETS.parent / "docs" / "programmes.md").read_text(encoding="utf-8")


def keys(model: type[BaseModel]) -> set[str]:
    found = set(model.model_fields)
    for field in model.model_fields.values():
        pending = [field.annotation]
        while pending:
            kind = pending.pop()
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= keys(kind)
            else:
                pending.extend(get_args(kind))
    return found


def test_every_key_is_explained() -> None:
    assert sorted(key for key in keys(Programme) if key not in DOCS) == []
