"""Entity tags as RFC 9110 (8.8.3, 13.1) writes them: `*`, or a list of strong and weak tags."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers

_NEXT: Final = re.compile(r'[ \t,]*(?:(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(?:,|$))?')


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one header, without quotes; weak and strong ones are compared alike.

    A strong tag of ours comes back weak from a proxy that compresses, and still says what was
    seen. `is_any` is `*`: whatever there is.
    """

    opaque: frozenset[str]
    is_any: bool = False

    def name(self, tag: str) -> bool:
        """Return whether `tag`, without its quotes, is among these."""
        return self.is_any or tag in self.opaque


ANY: Final = Tags(frozenset(), is_any=True)


class MalformedTags(ValueError):
    """A header of tags is not as RFC 9110 writes it."""


def read(headers: Mapping[str, str], name: str) -> Tags | None:
    """Return the tags of a header, all its lines taken together; None when it was not sent.

    Raises MalformedTags.
    """
    if isinstance(headers, Headers):
        lines = headers.getlist(name)
    else:
        lines = [headers[name]] if name in headers else []
    return parse(", ".join(lines)) if lines else None


def parse(header: str) -> Tags:
    """Return the tags of a header's value. Raises MalformedTags."""
    if header.strip() == "*":
        return ANY
    found: set[str] = set()
    position = 0
    while position < len(header):
        matched = _NEXT.match(header, position)
        if matched is None or matched.end() == position:
            raise MalformedTags
        if matched[1] is not None:
            found.add(matched[1])
        position = matched.end()
    if not found:
        raise MalformedTags
    return Tags(frozenset(found))


def opaque(tag: str) -> str:
    """Return what stands between the quotes of one tag of ours."""
    return tag.removeprefix("W/").strip('"')
