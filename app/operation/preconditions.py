"""Versions: nobody changes what they have not seen."""

import re
from typing import Final

from app.core import entity_tags
from app.core.entity_tags import Tags
from app.core.errors import Stale, VersionRequired
from app.operation.work import Work

Seen = int | Tags
"""What a caller saw: one version, said by hand, or the tags of If-Match."""

_VERSION: Final = re.compile(r"v([1-9][0-9]{0,9})(?:[.-].*)?")
"""A tag of ours: the version, and after a dot the content of what changes without a new one; after
a dash a proxy says how it compressed it."""

_CHANGED: Final = "It has changed since you read it. Read it again, then decide anew."
_NONE_SAID: Final = 'Read the thing first and send its ETag (or its version as "v1") in If-Match.'

NONE_YET: Final = 0
"""What `If-None-Match: *` says: the caller has seen no version, since there is none."""


def seen(work: Work) -> Seen | None:
    """Return what the caller says it saw; None when it says nothing.

    For services that are asked without headers too: they give it to `demand_seen`. Whether it is
    well-formed was settled before the operation began.
    """
    return entity_tags.read(work.headers, "if-match")


def version_tag(tag: str) -> str | None:
    """Return the ETag of the version alone; None for a tag that names no version."""
    found = _VERSION.fullmatch(entity_tags.opaque(tag))
    return f'"v{found[1]}"' if found else None


def seen_or_none_yet(work: Work) -> Seen | None:
    """As `seen`, for what the same request may begin: NONE_YET for `If-None-Match: *`."""
    begins = work.headers.get("if-none-match", "").strip() == "*"
    found = seen(work)
    return NONE_YET if found is None and begins else found


def demand(work: Work, current: int) -> int:
    """The version the caller saw, when it is the current one.

    Called last, after the state was found right. Raises VersionRequired (428) without If-Match
    and Stale (412, with the current ETag) for any other version.
    """
    return demand_seen(seen(work), current)


def demand_seen(
    said: Seen | None, current: int, *, changed: str = _CHANGED, none_said: str = _NONE_SAID
) -> int:
    """As `demand`, for a version given by hand; the words say what to do next."""
    if said is None:
        raise VersionRequired("versions.required", none_said)
    if not _names(said, current):
        raise stale(current, changed)
    return current


def _names(said: Seen, current: int) -> bool:
    """Whether this is the current version; `*` is any there is."""
    if isinstance(said, int):
        return said == current
    if said.is_any:
        return current != NONE_YET
    found = (_VERSION.fullmatch(tag) for tag in said.opaque)
    return any(one is not None and int(one[1]) == current for one in found)


def stale(current: int | None = None, detail: str = _CHANGED) -> Stale:
    """It changed since it was read; `current` is the version it has now, where that is known."""
    return Stale(
        "versions.stale",
        detail,
        headers={"ETag": f'"v{current}"'} if current else None,
        current_version=current or None,
    )
