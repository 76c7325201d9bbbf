"""An episode that closed takes its homework along: what runs ends, what was proposed is withdrawn,
and its planned sessions are called off.

What holds a draft stays open to be sent, and everything that was sent stays as it is.
"""

from typing import Final

from sqlalchemy import Text, any_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.statements import Query, p
from app.homework import planning
from app.homework.models import Assignment
from app.homework.planning import PLANNED
from app.jobs.registry import Event, acting, on
from app.operation.work import Work
from app.sessions import reassignment

ENDS: Final = {"active": "ended", "paused": "ended", "proposed": "withdrawn"}
"""From each state, the one that closing brings."""

_OF_EPISODE = Query(
    select(*PLANNED)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.episode_id == p("episode_id"),
        Assignment.status == any_(p("states", ARRAY(Text()))),
    )
    .order_by(Assignment.id)
    .with_for_update(key_share=True)
)


@on("episodes.closed")
async def end_homework(work: Work, event: Event) -> None:
    """End the episode's homework, call off its slots, and take proposals back."""
    which = {"of_client": event.client_id, "episode_id": event.subject_id}
    async with work.visit(**acting(event)):
        await reassignment.settle(work, event.client_id)
        for row in await work.rows(_OF_EPISODE, **which, states=list(ENDS)):
            wanted = ENDS[row["status"]]
            by = {"ended_as": "job"} if wanted == "ended" else {}
            await work.change(
                Assignment, row["id"], row["version"], status=wanted, moved_by=None, **by
            )
            await planning.stop(work, row)
            work.tell(f"homework.{wanted}", row["id"], event.client_id)
