"""Where help is: the practice's crisis resources, in every answer that distress may come with."""

from typing import Any, Final

from sqlalchemy import select

from app.access.practice import Practice
from app.core.database import Json
from app.core.statements import Query, p
from app.core.wire import Output
from app.operation.work import Row, Work
from app.practices.schemas import CrisisResourceOut

NOT_WATCHED: Final = (
    "Nobody reads what you send here around the clock. If you need help now, use one of these."
)


class HelpOut(Output):
    """Crisis resources, and the plain word that messages are not watched."""

    not_watched: str
    resources: list[CrisisResourceOut]


_HELP = Query(
    select(Practice.crisis_resources, Practice.version).where(
        Practice.practice_id == p("practice_id")
    )
)


def shown(crisis_resources: Json | list[dict[str, Any]]) -> Row:
    """The help of a practice whose crisis resources were read already."""
    return {"not_watched": NOT_WATCHED, "resources": crisis_resources}


async def of(work: Work) -> Row:
    """The help of the caller's practice, with the practice's `version` beside it."""
    row: Any = await work.row(_HELP)
    return {"help": shown(row["crisis_resources"]), "version": row["version"]}
