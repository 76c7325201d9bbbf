"""Sealed fields: AES-256-GCM under a key the caller was given, bound to the place they live in.

Nothing here knows which key belongs to whom, and nothing here remembers a key. What must be found
again without being opened is spelled in one way (`normal_email`, `name_words`, …) and hashed
under a key.
"""

import hmac
import os
import re
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.email_addresses import lookup_form

_VERSION = b"\x01"
_KEY_BYTES = 32
_NONCE_ENDS = 13
_SHORTEST = _NONCE_ENDS + 16
_UUID_LETTERS = 36

# Letters that carry their mark inside, so that removing combining marks leaves them as they are.
_PLAIN_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
# Straight, opening, closing, and the modifier letter: all of them end up inside one word.
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
_WORD = re.compile(r"[^\W_]+")
_FROM_ABROAD = re.compile(r"[^\d+]*(?:\+|00)(.*)", re.DOTALL)
_NOT_A_DIGIT = re.compile(r"\D+")


class SealBroken(Exception):
    """The sealed bytes were altered, moved, cut, or sealed under another key."""


class Key:
    """A 256-bit secret, ready to seal and open. Its repr and str show nothing of it.

    Raises ValueError unless `raw` is exactly 32 bytes.
    """

    __slots__ = ("aead", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY_BYTES:
            raise ValueError("a key is 32 bytes")
        self.raw = raw
        self.aead = AESGCM(raw)


def new_key() -> bytes:
    """32 random bytes from the operating system."""
    return os.urandom(_KEY_BYTES)


def context(practice_id: str, client_id: str | None, table: str, column: str, row_id: str) -> bytes:
    """The place a sealed value lives in; the same value elsewhere does not open.

    Ids are lower-case UUID text (36 characters). Raises ValueError for a field that would make
    two different places look the same.
    """
    place = "\x1f".join((practice_id, client_id or "", table, column, row_id))
    if (
        len(practice_id) != _UUID_LETTERS
        or len(row_id) != _UUID_LETTERS
        or (client_id is not None and len(client_id) != _UUID_LETTERS)
        or place.count("\x1f") != 4
        or place != place.lower()
    ):
        raise ValueError("a sealed value's place is made of lower-case UUIDs and plain names")
    return place.encode()


def seal(key: Key, plain: bytes, context: bytes) -> bytes:
    """Version byte, 12-byte random nonce, ciphertext and tag: 29 bytes more than `plain`."""
    nonce = os.urandom(12)
    return _VERSION + nonce + key.aead.encrypt(nonce, plain, context)


def open(key: Key, sealed: bytes, context: bytes) -> bytes:
    """What was sealed under this key for this context; raises SealBroken for anything else."""
    if len(sealed) < _SHORTEST or sealed[:1] != _VERSION:
        raise SealBroken
    try:
        return key.aead.decrypt(sealed[1:_NONCE_ENDS], sealed[_NONCE_ENDS:], context)
    except InvalidTag:
        raise SealBroken from None


def wrap(parent: Key, child_raw: bytes, context: bytes) -> bytes:
    """A child key sealed under its parent. Raises ValueError unless it is 32 bytes."""
    if len(child_raw) != _KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    return seal(parent, child_raw, _wrapping(context))


def unwrap(parent: Key, wrapped: bytes, context: bytes) -> Key:
    """The child key that `wrap` sealed; raises SealBroken as `open` does."""
    raw = open(parent, wrapped, _wrapping(context))
    if len(raw) != _KEY_BYTES:
        raise SealBroken
    return Key(raw)


def derive(parent: Key, label: str) -> Key:
    """A key for one purpose (HKDF-SHA256): the same parent and label give the same key."""
    info = b"praxis\x1f" + label.encode()
    return Key(HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=info).derive(parent.raw))


def keyed_hash(key: Key, domain: str, value: str) -> bytes:
    """HMAC-SHA256 of a value, for finding it again without storing it: 32 bytes.

    The same value in two domains ("email", "phone") gives unrelated hashes. Give it a key derived
    for hashing, never one that also seals. Raises ValueError for a domain of over 255 bytes.
    """
    name = domain.encode()
    return hmac.digest(key.raw, bytes((len(name),)) + name + value.encode(), "sha256")


def normal_email(text: str) -> str:
    """Trimmed, NFC, lower case, an international domain in ASCII; no more, since a dot or a +tag
    may be another person's mailbox.

    Mail goes to the address on file, never to the one just typed: two spellings may meet here.
    """
    return unicodedata.normalize("NFC", lookup_form(text)).lower()


def normal_phone(text: str) -> str:
    """Digits, with a + in front when the country is given: "+44 (0)20 …" and "0044 20 …" agree.

    Without a country the digits stay as they are; text without a digit gives "".
    """
    compatible = unicodedata.normalize("NFKC", text)
    written = "".join(str(int(c)) if c.isdecimal() else c for c in compatible)
    if abroad := _FROM_ABROAD.match(written):
        digits = _NOT_A_DIGIT.sub("", abroad[1].replace("(0)", ""))
        return f"+{digits}" if digits else ""
    return _NOT_A_DIGIT.sub("", written)


def name_words(name: str) -> list[str]:
    """Return the words of a name as they are compared: folded, without marks, in the order
    written. What a client is found by is made of them in `app.clients.name_search`."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not _is_mark(c))
    plain = unicodedata.normalize("NFC", bare).translate(_PLAIN_LETTERS)
    return _WORD.findall(_APOSTROPHES.sub("", plain))


def _is_mark(character: str) -> bool:
    # Format characters too: joiners and direction marks stand inside a word, unseen.
    return unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}


def _wrapping(context: bytes) -> bytes:
    # A value's context never begins so: a wrapped key cannot pass as a field, nor a field as a key.
    return b"key\x1f" + context
