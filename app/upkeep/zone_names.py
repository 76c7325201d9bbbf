"""Zones that are stored under an older name get the one they have now.

What comes in is stored under today's name, but names change: Europe/Kiev became Europe/Kyiv, and a
database may not know the one or the other. It is the same zone, so no version changes.
"""

from typing import Any, Final

from sqlalchemy import Integer, Text, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.practice import Practice
from app.clients.models import Client
from app.core.statements import Query, p
from app.core.zones import renamed_zones
from app.homework.models import Assignment
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import regularly
from app.operation.work import Work
from app.rests.models import RestPeriod
from app.sessions.models import Session

BATCH: Final = 200
TABLES: Final[tuple[Any, ...]] = (Practice, Client, Session, RestPeriod, Assignment)
"""Whose zones days are counted by. What a client sent keeps the name it came with."""

_NAMES: Final = select(
    func.unnest(p("older", ARRAY(Text()))).label("older"),
    func.unnest(p("newer", ARRAY(Text()))).label("newer"),
).subquery("names")


def _rename(table: Any) -> Query:
    key = tuple(table.__table__.primary_key.columns)
    outdated = (
        select(*key)
        .where(
            table.practice_id == p("practice_id"),
            table.zone == p("older", ARRAY(Text())).any_(),
        )
        .limit(p("limit", Integer()))
        # One that somebody holds has its turn the next time.
        .with_for_update(key_share=True, skip_locked=True)
    )
    return Query(
        update(table)
        .where(tuple_(*key).in_(outdated), table.zone == _NAMES.c.older)
        .values(zone=_NAMES.c.newer)
    )


_RENAME: Final = [_rename(table) for table in TABLES]


@regularly("41 3 * * *")
async def rename_zones(work: Work) -> None:
    """Store zones under the names they have now, in every practice."""
    await in_each_practice(work, _rename_all)


async def _rename_all(work: Work, practice_id: str) -> None:
    names = renamed_zones()
    for query in _RENAME:
        changed = BATCH
        while changed == BATCH:
            async with work.visit(capacity="job", practice_id=practice_id):
                changed = await work.run(
                    query, older=[*names], newer=[*names.values()], limit=BATCH
                )
