"""Episodes of care as staff read them: what they are about, and who treats in them now."""

from typing import Any, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.access.grounds import CareAssignment
from app.access.visible import known, readable
from app.clients.models import Episode, EpisodeFocus
from app.core.statements import Query, p
from app.operation.work import Row, Work


def focus_of(episode: Any) -> Any:
    """The focus of the episode that is selected beside it."""
    return and_(
        EpisodeFocus.practice_id == episode.practice_id,
        EpisodeFocus.client_id == episode.client_id,
        EpisodeFocus.id == episode.id,
    )


_open = aliased(Episode)
_ALL: Final = (
    select(
        Episode.id,
        Episode.client_id,
        Episode.opened_on,
        Episode.closed_at,
        Episode.version,
        CareAssignment.user_id,
        CareAssignment.part,
        _open.id.label("open_id"),
        EpisodeFocus.id.label("focus_id"),
        EpisodeFocus.client_id.label("focus_client_id"),
        EpisodeFocus.lines.label("focus"),
    )
    .outerjoin(
        CareAssignment,
        and_(
            CareAssignment.practice_id == Episode.practice_id,
            CareAssignment.episode_id == Episode.id,
            CareAssignment.starts_at <= func.now(),
            or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > func.now()),
        ),
    )
    # Whether the episode may be opened is a second look at the same row; then what it is about.
    .outerjoin(_open, and_(_open.id == Episode.id, readable(_open)))
    .outerjoin(EpisodeFocus, focus_of(_open))
    .where(known(Episode))
    .order_by(Episode.id.desc(), CareAssignment.id)
)
_OF_CLIENT = Query(_ALL.where(Episode.client_id == p("of_client")))
_ONE = Query(_ALL.where(Episode.id == p("id")))


async def of_client(work: Work, client_id: str) -> list[Row]:
    """A client's episodes, newest first, for those who know the client."""
    return [
        {name: value for name, value in episode.items() if name != "client_id"}
        for episode in _shaped(await work.rows(_OF_CLIENT, of_client=client_id))
    ]


async def get(work: Work, episode_id: str) -> Row:
    """One episode, for those who know the client. Raises NotFound."""
    found = _shaped(await work.rows(_ONE, id=episode_id))
    if not found:
        await work.nothing(Episode, episode_id)
    return found[0]


def _shaped(rows: list[Row]) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        may_open = row["open_id"] is not None
        episode = found.setdefault(
            row["id"],
            {name: row[name] for name in ("id", "client_id", "opened_on", "closed_at", "version")}
            | {"focus": (row["focus"] or []) if may_open else None, "therapists": []},
        )
        if row["user_id"] is not None:
            episode["therapists"].append({"user_id": row["user_id"], "part": row["part"]})
    return list(found.values())
