"""A client's topics, and the exercises a therapist pins to their toolbox."""

from typing import Final
from uuid import UUID

from sqlalchemy import Integer, delete, select

from app.access.visible import readable, treated
from app.clients import care
from app.core.errors import Conflict, NotFound
from app.core.ids import new_id
from app.core.statements import Query, p
from app.homework.along import Pin, Topic
from app.homework.asked import TopicCreate
from app.library import service as library
from app.operation.work import Row, Work

_TOPIC: Final = (
    Topic.id,
    Topic.client_id,
    Topic.label,
    Topic.slug,
    Topic.created_at,
    Topic.version,
)
_ONE = Query(select(*_TOPIC).where(Topic.id == p("id"), readable(Topic)))
_LIST = Query(
    select(*_TOPIC)
    .where(Topic.client_id == p("of_client"), Topic.id < p("after"), readable(Topic))
    .order_by(Topic.id.desc())
    .limit(p("limit", Integer()))
)
_PIN = Query(
    select(Pin.client_id, Pin.exercise_id, Pin.pinned_by, Pin.created_at).where(
        Pin.client_id == p("of_client"), Pin.exercise_id == p("exercise_id"), readable(Pin)
    )
)
_UNPIN = Query(
    delete(Pin).where(
        Pin.client_id == p("of_client"), Pin.exercise_id == p("exercise_id"), treated(Pin)
    )
)


async def create(work: Work, client_id: str, asked: TopicCreate) -> Row:
    """A topic of this client's. Raises as `care.demand_treated` does."""
    await care.demand_treated(work, client_id)
    topic_id = new_id()
    await work.add(Topic, id=topic_id, client_id=client_id, label=asked.label, slug=asked.slug)
    work.tell("homework.topic_named", topic_id, client_id)
    return await get(work, topic_id)


async def get(work: Work, topic_id: str) -> Row:
    """One topic, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=topic_id)
    if row is None:
        await work.nothing(Topic, topic_id)
    return row


async def list_of(work: Work, client_id: str, *, after: str, limit: int) -> list[Row]:
    """A client's topics, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1)
    if not rows:
        await care.demand_readable(work, client_id)
    return rows


async def pin(work: Work, client_id: str, exercise_id: UUID) -> tuple[Row, bool]:
    """Put an exercise into the client's toolbox; the pin, and whether it is new.

    Raises as `care.demand_treated` does, NotFound for an exercise that is not there, and Conflict
    for one that is retired.
    """
    await care.demand_treated(work, client_id)
    exercise = await library.to_assign(work, str(exercise_id))
    if exercise is None:
        raise NotFound()
    if exercise["is_retired"]:
        raise Conflict("homework.exercise", "This exercise is retired. Pin another one.")
    is_new = await work.add(
        Pin,
        unless=("practice_id", "client_id", "exercise_id"),
        id=new_id(),
        client_id=client_id,
        library_id=exercise["library_id"],
        exercise_id=str(exercise_id),
        pinned_by=work.actor.user_id,
    )
    if is_new:
        work.tell("homework.pinned", str(exercise_id), client_id)
    found = await work.row(_PIN, of_client=client_id, exercise_id=str(exercise_id))
    assert found is not None
    return found, is_new


async def unpin(work: Work, client_id: str, exercise_id: UUID) -> None:
    """Take it out again; what is not in it is out of it. Raises as `care.demand_treated` does."""
    await care.demand_treated(work, client_id)
    if await work.run(_UNPIN, of_client=client_id, exercise_id=str(exercise_id)):
        work.tell("homework.unpinned", str(exercise_id), client_id)
