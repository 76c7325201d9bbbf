"""Language tags as BCP 47 writes them, and the language that suits a reader best."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from langcodes import closest_supported_match, standardize_tag, tag_is_valid

FALLBACK: Final = "en"
NEAR: Final = 10
"""Languages that are this far apart at most stand in for each other: es for es-419, Norwegian for
Bokmål. Beyond, CLDR pairs languages by who was schooled in which (Ukrainian with Russian), and
being shown the other one may hurt: the practice's language comes first."""
LONGEST: Final = 35
"""Characters of a tag: what RFC 5646 tells software to take at least."""
TAG: Final = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"

_NO_LANGUAGE: Final = frozenset({"und", "mul", "mis", "zxx"})


def is_tag(tag: object) -> bool:
    """Whether this is a tag that names a language."""
    return (
        isinstance(tag, str)
        and len(tag) <= LONGEST
        and re.match(TAG, tag) is not None
        and tag_is_valid(tag)
        and tag.partition("-")[0].lower() not in _NO_LANGUAGE
    )


def canonical(tag: str) -> str:
    """The tag in its usual spelling: es-419, zh-Hans, pt-BR. Raises ValueError for one that names
    no language."""
    if not is_tag(tag):
        raise ValueError(
            "not a language tag as BCP 47 writes it, such as en, pt-BR, es-419 or zh-Hans"
        )
    return standardize_tag(tag)


def best_of(available: Iterable[str], *wanted: str | None) -> str:
    """Of the languages there are, the one nearest to what is wanted first, or else to what is
    wanted next; English where none is near, and any where there is no English.

    Raises ValueError when none is available.
    """
    return _best_of(tuple(sorted(available)), wanted)


@lru_cache(maxsize=4096)
def _best_of(available: tuple[str, ...], wanted: tuple[str | None, ...]) -> str:
    if not available:
        raise ValueError("there is no language to choose from")
    for one in (*wanted, FALLBACK):
        found = closest_supported_match(one, available, max_distance=NEAR) if one else None
        if found is not None:
            return found
    return available[0]
