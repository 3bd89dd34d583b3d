"""The format of a backup: one encrypted file that holds named entries, written and read as a stream.

Outside: a first line that says what it is, a line of JSON (how the key is made, salt), then chunks of AES-256-GCM:
4 bytes length, ciphertext. Every file has its own key, drawn by HKDF from the backup key and the file's salt; the
nonce is the chunk's number and a byte that is 1 in the last chunk only; the first two lines are associated data. So
a chunk that was changed, moved, left out or cut off at the end is noticed (construction: STREAM, Hoang et al. 2015).

Inside: per entry a line of JSON with its name, then blocks of 4 bytes length and data; an empty block ends it.
Nothing is ever written to disk unencrypted.
"""

import base64
import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from stapsteen.cli.console import Refused

MAGIC = b"STAPSTEEN-BACKUP 1\n"
CHUNK = 1 << 20
TAG = 16
HEADER_MAX = 10_000


# The key


def new_key() -> str:
    """A fresh value for STAPSTEEN_BACKUP_KEY."""
    return base64.b64encode(os.urandom(32)).decode()


def secret(passphrase_file: Path | None) -> tuple[str, bytes]:
    """('scrypt', passphrase) from the file, else ('key', 32 bytes) from STAPSTEEN_BACKUP_KEY. Raises Refused."""
    if passphrase_file:
        try:
            passphrase = passphrase_file.read_bytes().strip()
        except OSError as error:
            raise Refused(f"can't read {passphrase_file}: {error.strerror}") from None
        if len(passphrase) < 16:
            raise Refused(f"the passphrase in {passphrase_file} is shorter than 16 characters.")
        return "scrypt", passphrase
    text = os.environ.get("STAPSTEEN_BACKUP_KEY", "")
    if not text:
        raise Refused(
            "set STAPSTEEN_BACKUP_KEY (make one: ./stapsteen backup --make-key) or give --passphrase-file FILE."
        )
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Refused(
            "STAPSTEEN_BACKUP_KEY is not 32 bytes in base64 (make one: ./stapsteen backup --make-key)."
        )
    return "key", key


def file_key(kind: str, material: bytes, salt: bytes) -> bytes:
    """The key of one file. scrypt with 64 MB per guess (RFC 7914, n = 2^16)."""
    if kind == "scrypt":
        material = Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(material)
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"stapsteen backup").derive(material)


def nonce(number: int, last: bool) -> bytes:
    return struct.pack(">QxxxB", number, last)


# Chunks


class Sealer:
    """A writable stream that encrypts into `target`. `finish` writes the last chunk; without it the file is refused."""

    def __init__(self, target: IO[bytes], kind: str, material: bytes) -> None:
        salt = os.urandom(32)
        header = {"kind": kind, "salt": base64.b64encode(salt).decode()}
        self.header = MAGIC + json.dumps(header).encode() + b"\n"
        self.cipher = AESGCM(file_key(kind, material, salt))
        self.target, self.buffer, self.number = target, bytearray(), 0
        target.write(self.header)

    def write(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) > CHUNK:  # one chunk always stays for `finish`
            self._chunk(bytes(self.buffer[:CHUNK]), last=False)
            del self.buffer[:CHUNK]

    def finish(self) -> None:
        self._chunk(bytes(self.buffer), last=True)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        sealed = self.cipher.encrypt(nonce(self.number, last), plain, self.header)
        self.target.write(struct.pack(">I", len(sealed)) + sealed)
        self.number += 1


def read_header(source: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    if source.readline(len(MAGIC)) != MAGIC:
        raise Refused("this is not a backup of Stapsteen.")
    line = source.readline(HEADER_MAX)
    try:
        header = json.loads(line)
        return MAGIC + line, {"kind": str(header["kind"]), "salt": base64.b64decode(header["salt"])}
    except (ValueError, KeyError, TypeError):
        raise Refused("the beginning of this backup is damaged.") from None


def unsealed(source: IO[bytes], kind: str, material: bytes) -> Iterator[bytes]:
    """The plain chunks, each checked. Raises Refused for a wrong key or a file that was changed or cut off."""
    associated, header = read_header(source)
    if header["kind"] != kind:
        wanted = "a passphrase (--passphrase-file)" if header["kind"] == "scrypt" else "STAPSTEEN_BACKUP_KEY"
        raise Refused(f"this backup was made with {wanted}.")
    cipher = AESGCM(file_key(kind, material, header["salt"]))
    number, length = 0, source.read(4)
    while length:
        size = struct.unpack(">I", length)[0] if len(length) == 4 else 0
        if not TAG <= size <= CHUNK + TAG:
            raise Refused(f"this backup is damaged at chunk {number + 1}.")
        sealed, length = source.read(size), source.read(4)
        try:
            yield cipher.decrypt(nonce(number, last=not length), sealed, associated)
        except InvalidTag:
            if number == 0:
                raise Refused("the key doesn't fit this backup, or its beginning was changed.") from None
            raise Refused(f"this backup was changed or cut off at chunk {number + 1}.") from None
        number += 1
    if number == 0:
        raise Refused("this backup is empty: it was cut off.")


# Entries


class Writer:
    """Writes named entries into a sealed file."""

    def __init__(self, sealer: Sealer) -> None:
        self.sealer = sealer

    def begin(self, name: str) -> None:
        self.sealer.write(json.dumps({"name": name}).encode() + b"\n")

    def block(self, data: bytes) -> None:
        if data:  # an empty one would end the entry
            self.sealer.write(struct.pack(">I", len(data)) + data)

    def end(self) -> None:
        self.sealer.write(struct.pack(">I", 0))

    def entry(self, name: str, data: bytes) -> None:
        self.begin(name)
        for start in range(0, len(data), CHUNK):
            self.block(data[start : start + CHUNK])
        self.end()


class Reader:
    """Reads the entries back, in order: iterate over `entries()` and use up each one's `blocks()`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.buffer = chunks, bytearray()

    def _fill(self) -> bool:
        chunk = next(self.chunks, None)
        self.buffer += chunk or b""
        return chunk is not None

    def _take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            if not self._fill():
                raise Refused("this backup ends in the middle of an entry.")
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def entries(self) -> Iterator[str]:
        while self.buffer or self._fill():
            while b"\n" not in self.buffer:
                if not self._fill():
                    raise Refused("this backup ends in the middle of an entry.")
            line = self._take(self.buffer.index(b"\n") + 1)
            yield str(json.loads(line)["name"])

    def blocks(self) -> Iterator[bytes]:
        while size := struct.unpack(">I", self._take(4))[0]:
            yield self._take(size)

    def content(self) -> bytes:
        return b"".join(self.blocks())


def open_backup(path: Path, kind: str, material: bytes) -> tuple[IO[bytes], Reader]:
    """The open file (close it) and a reader of its entries."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise Refused(f"can't read {path}: {error.strerror}") from None
    return source, Reader(unsealed(source, kind, material))
