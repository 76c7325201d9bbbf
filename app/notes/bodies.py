"""What stands in a note: the sections of each format, when they are complete, and their digest."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from app.core.database import Json
from app.core.errors import FieldError, Invalid
from app.notes.schemas import NO_HEADER

FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "SOAP": ("subjective", "objective", "assessment", "plan"),
    "DAP": ("data", "assessment", "plan"),
    "narrative": ("text",),
}
SIGNED: Final = ("client_id", "episode_id", "format", "id", "kind", "revision", "session_id")
"""What a signature covers beside the body."""

Body = dict[str, Any]


def blank(format_: str) -> Body:
    """The body of a note nobody has written yet."""
    return {"header": dict(NO_HEADER), "sections": dict.fromkeys(FORMATS[format_])}


def merged(format_: str, body: Body, said: Body) -> Body:
    """`body` with what was `said`: absent stays, null clears.

    Raises Invalid for a section the format does not have, and for a stop before its start.
    """
    given = said.get("sections") or {}
    strange = sorted(given.keys() - set(FORMATS[format_]))
    if strange:
        raise Invalid(
            "notes.sections",
            f"The sections of a {format_} note are: {', '.join(FORMATS[format_])}.",
            errors=_errors(strange, "notes.section_unknown", "This format has no such section."),
        )
    header = {**body["header"], **(said.get("header") or {})}
    header["participants"] = header["participants"] or []
    start, stop = header["start"], header["stop"]
    if start and stop and datetime.fromisoformat(stop) < datetime.fromisoformat(start):
        raise Invalid(
            "notes.stop_before_start",
            "A session stops after it starts.",
            errors=[
                {
                    "pointer": "/body/header/stop",
                    "code": "notes.stop_before_start",
                    "detail": "This is before the start.",
                }
            ],
        )
    return {"header": header, "sections": {**body["sections"], **given}}


def demand_complete(format_: str, body: Body) -> None:
    """Raises Invalid naming the sections of the format in which nothing is written."""
    empty = [name for name in FORMATS[format_] if not (body["sections"][name] or "").strip()]
    if empty:
        raise Invalid(
            "notes.incomplete",
            f"To be signed, a {format_} note needs something in: {', '.join(empty)}.",
            errors=_errors(empty, "notes.section_empty", "Nothing is written here yet."),
        )


def digest(note: Mapping[str, Any]) -> bytes:
    """SHA-256 over what is signed: ids, kind, format, revision and body, as JSON in UTF-8 with
    members in the order of the alphabet and no spaces. 32 bytes."""
    body = note["body"]
    signed = {name: note[name] for name in SIGNED}
    signed["body"] = body.value if isinstance(body, Json) else body
    return sha256(orjson.dumps(signed, option=orjson.OPT_SORT_KEYS)).digest()


def verify_digest(note: Mapping[str, Any]) -> bool:
    """Whether a note, as `get_note` answers it, is what its signatures were given for.

    False without any signature.
    """
    found = digest(note).hex()
    return bool(note["signatures"]) and all(
        signature["digest"] == found for signature in note["signatures"]
    )


def _errors(sections: list[str], code: str, detail: str) -> list[FieldError]:
    return [
        {"pointer": f"/body/sections/{name}", "code": code, "detail": detail} for name in sections
    ]
