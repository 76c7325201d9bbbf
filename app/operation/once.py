"""Client keys: what a device created once is stored once, for as long as the thing lives."""

from hashlib import blake2b, sha256
from typing import Any, Final

import orjson
from pydantic import BaseModel

from app.core.database import encoded
from app.core.errors import Invalid
from app.operation import meaning

_APART: Final = frozenset({"client_key", "draft_version", "sent_at", "zone"})
"""No part of what is said: a second try is sent later, and maybe from elsewhere. A zone counts
where both tries say one themselves."""
_FORM: Final = b"\x02"
"""Begins a digest by meaning. Those of earlier releases are 32 bytes, by spelling."""
_SAID: Final = len(_FORM) + sha256().digest_size
_NO_ZONE: Final = bytes(8)


class Fingerprint:
    """What a client said under a key. `digest` is what is stored of it."""

    __slots__ = ("_about", "_asked", "_client_id", "digest")

    def __init__(self, client_id: str, asked: BaseModel, about: str, forms: dict[str, Any]) -> None:
        self._client_id, self._asked, self._about = client_id, asked, about
        said = meaning.members(asked, but_for=_APART | forms.keys()) | meaning.canonical(forms)
        head = f"{client_id}\n{about}\n".encode()
        self.digest = _FORM + sha256(head + meaning.written(said)).digest() + _zone(asked)

    def matches(self, stored: bytes) -> bool:
        """Whether what is stored said the same, in the form it was stored in."""
        if len(stored) == sha256().digest_size:
            return stored == _by_spelling(self._client_id, self._asked, self._about)
        zones = {stored[_SAID:], self.digest[_SAID:]} - {_NO_ZONE}
        return stored[:_SAID] == self.digest[:_SAID] and len(zones) < 2


def fingerprint(client_id: str, asked: BaseModel, *, about: str, **forms: Any) -> Fingerprint:
    """Of what the client said, for the thing `about` names. `forms` are the canonical forms of
    members that the body alone does not tell, such as answers by their form."""
    return Fingerprint(client_id, asked, about, forms)


def demand_same(stored: bytes | None, given: Fingerprint, receipt: dict[str, Any]) -> None:
    """Raises Invalid `client_key.other_body`, with the stored receipt, for another body."""
    if stored is None or not given.matches(stored):
        raise Invalid(
            "client_key.other_body",
            "This client_key came with other content before, which is stored. Use a fresh key.",
            receipt=orjson.loads(encoded(receipt)),
        )


def taken() -> Invalid:
    """The refusal of a key under which somebody else's device made something: of that, nothing is
    told."""
    return Invalid(
        "client_key.other_body",
        "This client_key is in use for something else of this client. Use a fresh key.",
    )


def _zone(asked: BaseModel) -> bytes:
    """The zone the client itself said; what a batch filled in is not among what was set."""
    zone = getattr(asked, "zone", None) if "zone" in asked.model_fields_set else None
    return _NO_ZONE if zone is None else blake2b(zone.encode(), digest_size=len(_NO_ZONE)).digest()


_ADDED_LATER: Final = frozenset({"unsafe_from", "occurred_at", "visibility"})
"""Members that bodies did not have yet when digests went by spelling, where they say nothing."""
_STOOD_FOR: Final = {"answers_visible": "shared"}
"""What was digested then for a member that said nothing."""


def _by_spelling(client_id: str, asked: BaseModel, about: str) -> bytes:
    """The digest as releases before 2026-12 made it."""
    said = {
        name: _STOOD_FOR.get(name) if value is None else value
        for name, value in asked
        if name not in ("draft_version", "sent_at") and not (name in _ADDED_LATER and value is None)
    }
    written = orjson.dumps(said, default=_spelled, option=orjson.OPT_SORT_KEYS)
    return sha256(f"{client_id}\n{about}\n".encode() + written).digest()


def _spelled(value: object) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
