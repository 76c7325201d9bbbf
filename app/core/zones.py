"""Time zones by their names: which there are, what each is called now, and what day it is there.

All of it follows the pinned tzdata, wherever this runs: never the machine's, which may be years
old, and never the database's, which may not know every name.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, reset_tzpath

reset_tzpath(to=())


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of today, and for each older one the name of today that means the same."""

    current: frozenset[str]
    renamed: dict[str, str]


def available_zones() -> set[str]:
    """The names of all IANA zones, older spellings included."""
    return {*_names().current, *_names().renamed}


def current_zones() -> frozenset[str]:
    """The names that are stored: one for each zone, and the ones of its own for every place."""
    return _names().current


def renamed_zones() -> dict[str, str]:
    """The older names, each with the one that is stored instead: Asia/Calcutta, Asia/Kolkata."""
    return dict(_names().renamed)


def canonical(name: str) -> str:
    """The name under which a zone is stored. Raises ValueError for an unknown one."""
    names = _names()
    if name in names.current:
        return name
    if name not in names.renamed:
        raise ValueError("not a known IANA time zone, such as Europe/Berlin")
    return names.renamed[name]


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of that name, an older one too. Raises ValueError for an unknown one."""
    canonical(name)
    return ZoneInfo(name)


def local_day(moment: datetime, name: str) -> date:
    """The date it is at `moment` (aware) in the zone. Raises ValueError for an unknown zone."""
    return moment.astimezone(zone(name)).date()


# A link in tzdata is an older spelling or a place whose clocks agree with another's since 1970:
# Asia/Calcutta is Asia/Kolkata, but Oslo stays Oslo, for it may part from Berlin one day. Places
# are in zone.tab.
@cache
def _names() -> _Names:
    folder = files("tzdata") / "zoneinfo"
    rows = (folder / "zone.tab").read_text().splitlines()
    current = {row.split("\t")[2] for row in rows if not row.startswith("#")}
    links = {}
    for line in (folder / "tzdata.zi").read_text().splitlines():
        kind, *rest = line.split(" ", 3)
        if kind == "Z":
            current.add(rest[0])
        elif kind == "L":
            links[rest[1]] = rest[0]
    renamed = {older: _followed(older, links, current) for older in links if older not in current}
    return _Names(frozenset(current), renamed)


def _followed(name: str, links: dict[str, str], current: set[str]) -> str:
    while name not in current:
        name = links[name]
    return name
