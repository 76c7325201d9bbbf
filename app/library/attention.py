"""Attention: how soon a therapist should see what a client answered."""

from collections.abc import Iterable
from typing import Final, Literal

AttentionLevel = Literal["urgent", "soon"]
"""Urgent is told at once and stands before soon; soon heads what else waits."""

SAFETY_FIELD: Final = "safe_now"
"""The field that asks about safety. It was published before fields had a level, and is urgent."""


def worst(levels: Iterable[AttentionLevel | None]) -> AttentionLevel | None:
    """Return the more urgent of several levels, None where there is none."""
    found = set(levels)
    return "urgent" if "urgent" in found else "soon" if "soon" in found else None
