"""The key folder: the root key every other key hangs from, and the keys that sign access tokens.

Made once, at first run, and read at every start. Losing `root.key` is losing every sealed field:
it belongs in a backup of its own, apart from the database's.
"""

import base64
import contextlib
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.vault.sealing import Key, new_key

State = Literal["next", "active", "retiring"]

_ROOT = "root.key"
_TOKENS = "tokens.json"
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class KeysMissing(Exception):
    """There is no key folder, or a file of it is gone. The message says what to do."""


class KeysUnreadable(Exception):
    """The keys are there and cannot be used as they are. The message says what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key that signs new access tokens, as PEM, and the name tokens give it."""

    kid: str
    pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything in the key folder, ready to use.

    `verifying` holds the public keys of every state, as (kid, PEM): a key is known everywhere
    before it signs (next) and until the last token it signed is over (retiring).
    """

    root: Key = field(repr=False)
    signing: SigningKey
    verifying: tuple[tuple[str, bytes], ...]


def load_or_create(folder: Path) -> Keys:
    """The keys in this folder, made first if there are none; processes starting together agree.

    The folder is made with mode 0700, the files with 0600. A folder that has lost its root key is
    refused: a new one would open nothing that the old one sealed. Raises as `load` does.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_if_open(folder)
        # The root key first: so tokens' keys without a root key are a loss, never a start halfway.
        if not (folder / _TOKENS).exists():
            _write_once(folder / _ROOT, base64.b64encode(new_key()) + b"\n")
            _write_once(folder / _TOKENS, _new_tokens())
    except OSError as error:
        raise KeysUnreadable(
            f"Keys cannot be made in {folder} ({error.strerror}). "
            "Name a folder that this account may write to."
        ) from error
    return load(folder)


def load(folder: Path) -> Keys:
    """The keys in this folder.

    Raises KeysMissing when the folder or one of its files is not there, KeysUnreadable when
    others may read it or its contents are not keys.
    """
    _refuse_if_open(folder)
    root = _root(folder / _ROOT)
    entries = _entries(folder / _TOKENS)
    active = [kid for kid, (state, _) in entries.items() if state == "active"]
    if len(active) != 1:
        raise _damaged(folder / _TOKENS)
    return Keys(
        root=root,
        signing=SigningKey(active[0], _private_pem(entries[active[0]][1])),
        verifying=tuple((kid, _public_pem(key)) for kid, (_, key) in entries.items()),
    )


def _new_tokens() -> bytes:
    states: tuple[State, ...] = ("active", "next")
    keys = [
        {
            "kid": secrets.token_hex(8),
            "state": state,
            "private_pem": _private_pem(ec.generate_private_key(ec.SECP256R1())).decode(),
        }
        for state in states
    ]
    return json.dumps({"keys": keys}, indent=2).encode() + b"\n"


def _root(path: Path) -> Key:
    try:
        return Key(base64.b64decode(_read(path).strip(), validate=True))
    except ValueError:
        raise _damaged(path) from None


def _entries(path: Path) -> dict[str, tuple[State, ec.EllipticCurvePrivateKey]]:
    try:
        found = [_entry(one) for one in json.loads(_read(path))["keys"]]
    except (ValueError, LookupError, TypeError, AttributeError, UnsupportedAlgorithm):
        raise _damaged(path) from None
    entries = {kid: (state, key) for kid, state, key in found}
    if len(entries) != len(found):
        raise _damaged(path)
    return entries


def _entry(one: Mapping[str, str]) -> tuple[str, State, ec.EllipticCurvePrivateKey]:
    kid, written = one["kid"], one["state"]
    state = next((known for known in get_args(State) if known == written), None)
    key = serialization.load_pem_private_key(one["private_pem"].encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key")
    if state is None or not _KID.fullmatch(kid):
        raise ValueError("not a known state, or not a key's name")
    return kid, state, key


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _read(path: Path) -> bytes:
    _refuse_if_open(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeysUnreadable(
            f"{path} cannot be read ({error.strerror}). "
            "Start as the account that owns it, or give that account the file."
        ) from error


def _refuse_if_open(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise KeysMissing(
            f"{path} is not there. Restore it from the backup of the keys; "
            "only a new installation has none yet, and `praxis up` makes them."
        ) from None
    except OSError as error:
        raise KeysUnreadable(
            f"{path} cannot be looked at ({error.strerror}). Start as the account that owns it."
        ) from error
    if mode & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise KeysUnreadable(
            f"{path} is open to other accounts (mode {mode:o}). Run: chmod {wanted} {path}"
        )


def _damaged(path: Path) -> KeysUnreadable:
    return KeysUnreadable(
        f"{path} does not hold the keys it should. Restore it from the backup of the keys."
    )


def _write_once(path: Path, content: bytes) -> None:
    """Put the file there whole, or leave the one that another process has put there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Without this a power cut may keep the file and lose its name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
