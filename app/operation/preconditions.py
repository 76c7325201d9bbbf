"""Versions: nobody changes what they have not seen."""

import re
from typing import Final

from app.core.errors import Stale, VersionRequired
from app.operation.work import Work

_ETAG: Final = re.compile(r'"v([1-9][0-9]{0,9})"')

_CHANGED: Final = "It has changed since you read it. Read it again, then decide anew."


def demand(work: Work, current: int) -> int:
    """The version the caller saw, when it is the current one.

    Called last, after the state was found right. Raises VersionRequired (428) without If-Match
    and Stale (412, with the current ETag) for any other version.
    """
    header = work.headers.get("if-match")
    if header is None:
        raise VersionRequired(
            "versions.required",
            'Read the thing first and send its ETag (or its version as "v1") in If-Match.',
        )
    matched = _ETAG.fullmatch(header.strip())
    if matched is None:
        raise stale(
            current, 'If-Match holds one ETag as it was sent, with its quotes, such as "v1".'
        )
    if int(matched[1]) != current:
        raise stale(current)
    return current


def stale(current: int | None = None, detail: str = _CHANGED) -> Stale:
    """It changed since it was read; `current` is the version it has now, where that is known."""
    return Stale(
        "versions.stale",
        detail,
        headers={"ETag": f'"v{current}"'} if current else None,
        current_version=current,
    )
