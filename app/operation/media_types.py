"""Media types of bodies: JSON in UTF-8, or the bytes that an operation names; never compressed."""

from collections.abc import Mapping
from typing import Final

from app.core.errors import UnsupportedMedia

JSON: Final = ("application/json",)
MERGE_PATCH: Final = ("application/merge-patch+json", "application/json")
UTF_8: Final = frozenset({"", "utf-8", "utf8"})


def accepted(method: str, takes: str | None) -> tuple[str, ...]:
    """Return the media types an operation reads; `takes` is its mark's, None for JSON."""
    if takes is not None:
        return tuple(takes.split(", "))
    return MERGE_PATCH if method == "PATCH" else JSON


def require_media_type(headers: Mapping[str, str], method: str, takes: str | None) -> None:
    """Raise UnsupportedMedia (415) for a body that would be misread.

    A compressed body, another charset or a JSON Patch would be stored as something that nobody
    meant. The answer names what is read: Accept-Patch for PATCH, else Accept.
    """
    known = accepted(method, takes)
    named = {"Accept-Patch" if method == "PATCH" else "Accept": ", ".join(known)}
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMedia(
            "wire.encoding",
            "Send the body as it is, without Content-Encoding.",
            headers=named | {"Accept-Encoding": "identity"},
        )
    kind, _, parameters = headers.get("content-type", "").partition(";")
    if kind.strip().lower() not in known:
        as_what = "JSON" if takes is None else "bytes"
        raise UnsupportedMedia(
            "wire.media_type",
            f"Send the body as {as_what}, with Content-Type: {' or '.join(known)}.",
            headers=named,
        )
    if _charset(parameters) not in UTF_8:
        raise UnsupportedMedia(
            "wire.charset", "Send text in UTF-8, the only charset read here.", headers=named
        )


def _charset(parameters: str) -> str:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""
