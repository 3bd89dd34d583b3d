"""Sensitive facts encrypted per field: AES-256-GCM, a key per service, bound to service, table, column and row.

A value moved to another row, column or service doesn't open. The service's key lies wrapped under the master key
(STAPSTEEN_MASTER_KEYS, newest last), so rotating the master key rewraps a few keys and destroying a service's key
makes all its facts unreadable. Header: format (1 byte), service key number (4), nonce (12).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from stapsteen.core import scope

FORMAT = 1


class Unreadable(RuntimeError):
    """An encrypted value that doesn't open: another row's, tampered with, or its key is gone."""


def master_keys() -> dict[int, bytes]:
    """Number -> 32 bytes, from 'number:base64' pairs separated by commas."""
    pairs = (pair.split(":", 1) for pair in settings.MASTER_KEYS.split(","))
    keys = {int(number): base64.b64decode(text) for number, text in pairs}
    if wrong := [number for number, key in keys.items() if len(key) != 32]:
        raise ValueError(f"Master key {wrong[0]} isn't 32 bytes.")
    return keys


def seal(key: bytes, number: int, plain: bytes, about: str) -> bytes:
    nonce = secrets.token_bytes(12)
    header = struct.pack(">BI", FORMAT, number)
    return header + nonce + AESGCM(key).encrypt(nonce, plain, header + about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[5:17], sealed[17:], sealed[:5] + about.encode())
    except InvalidTag:
        raise Unreadable(f"The value of {about} doesn't open.") from None


def number_of(sealed: bytes) -> int:
    return int(struct.unpack(">BI", sealed[:5])[1])


@lru_cache(maxsize=1024)
def _service_key(service_id: UUID, number: int, wrapped: bytes) -> bytes:
    return unseal(master_keys()[number_of(wrapped)], wrapped, f"{service_id}/key/{number}")


def service_keys(service_id: UUID) -> dict[int, bytes]:
    """All keys of the open scope's service, by number."""
    from stapsteen.core.models import ServiceKey

    rows = ServiceKey.objects.order_by("number").values_list("number", "wrapped")
    return {number: _service_key(service_id, number, bytes(wrapped)) for number, wrapped in rows}


def newest_key(service_id: UUID) -> tuple[int, bytes]:
    """The key for new values, read once per scope; a service's first key is made here."""
    from stapsteen.core.models import ServiceKey

    current = scope.current()
    if not current.keys or current.made_key:  # a savepoint that is rolled back takes a first key along
        current.keys = service_keys(service_id)
    if current.keys:
        return max(current.keys.items())
    current.made_key = True
    master, key = max(master_keys().items()), secrets.token_bytes(32)
    ServiceKey.objects.create(number=1, wrapped=seal(master[1], master[0], key, f"{service_id}/key/1"))
    return 1, key


def blind_index(service_id: UUID, column: str, value: str) -> str:
    """A keyed hash to look an encrypted value up by, different per service and column."""
    _, key = newest_key(service_id)
    return hmac.new(hashlib.sha256(key + column.encode()).digest(), value.encode(), "sha256").hexdigest()


class _Opened:
    """Opens the value when it is first asked for; what lies in the instance until then is the sealed bytes."""

    def __init__(self, field: EncryptedTextField) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        if isinstance(value := instance.__dict__[name], _Sealed):
            instance.__dict__[name] = self.field.open(instance, bytes(value))
        return instance.__dict__[name]

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _Sealed(bytes):
    """Bytes as they came from the database, told apart from a plain bytes value."""


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text that the database never sees. Can't be filtered on or read by values(): only on its own row."""

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else _Sealed(value)

    def about(self, instance: Any) -> str:
        return f"{instance.service_id}/{instance._meta.db_table}/{self.column}/{instance.pk}"

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, _Sealed):
            return value
        service_id = model_instance.service_id or scope.current().service_id
        model_instance.service_id = service_id
        number, key = newest_key(service_id)
        return _Sealed(seal(key, number, self.to_bytes(value), self.about(model_instance)))

    def open(self, instance: Any, sealed: bytes) -> Any:
        if sealed == b"":
            return self.to_value(b"")  # erased
        keys = scope.current().keys
        if (number := number_of(sealed)) not in keys:
            keys.update(service_keys(instance.service_id))
        if number not in keys:
            raise Unreadable(f"The key of {self.about(instance)} is gone.")
        return self.to_value(unseal(keys[number], sealed, self.about(instance)))

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def to_value(self, plain: bytes) -> Any:
        return plain.decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: it can't be searched.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: Any) -> str:
        raise TypeError(f"{self.name} is encrypted: it isn't serialised.")


class EncryptedBytesField(EncryptedTextField):
    """The same for a file's content."""

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def to_value(self, plain: bytes) -> Any:
        return plain
