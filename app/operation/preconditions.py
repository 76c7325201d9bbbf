"""Versions: nobody changes what they have not seen."""

import re
from typing import Final

from app.core.errors import Stale, VersionRequired
from app.operation.work import Work

_ETAG: Final = re.compile(r'"v([1-9][0-9]{0,9})"')

_CHANGED: Final = "It has changed since you read it. Read it again, then decide anew."
_NONE_SAID: Final = 'Read the thing first and send its ETag (or its version as "v1") in If-Match.'

NONE_YET: Final = 0
"""What `If-None-Match: *` says: the caller has seen no version, since there is none."""
UNREADABLE: Final = -1


def seen(work: Work) -> int | None:
    """The version the caller says it saw; None when it says nothing.

    For services that are asked without headers too: they give it to `demand_seen`.
    """
    header = work.headers.get("if-match")
    if header is None:
        return None
    matched = _ETAG.fullmatch(header.strip())
    return int(matched[1]) if matched else UNREADABLE


def seen_or_none_yet(work: Work) -> int | None:
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
    said: int | None, current: int, *, changed: str = _CHANGED, none_said: str = _NONE_SAID
) -> int:
    """As `demand`, for a version given by hand; the words say what to do next."""
    if said is None:
        raise VersionRequired("versions.required", none_said)
    if said == UNREADABLE:
        raise stale(
            current, 'If-Match holds one ETag as it was sent, with its quotes, such as "v1".'
        )
    if said != current:
        raise stale(current, changed)
    return current


def stale(current: int | None = None, detail: str = _CHANGED) -> Stale:
    """It changed since it was read; `current` is the version it has now, where that is known."""
    return Stale(
        "versions.stale",
        detail,
        headers={"ETag": f'"v{current}"'} if current else None,
        current_version=current or None,
    )
