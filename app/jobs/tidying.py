"""What requests and jobs leave behind, removed once it is over."""

from datetime import timedelta

from sqlalchemy import column, delete, func, table

from app.core.database import Instant
from app.core.ids import SYSTEM
from app.core.statements import Query
from app.jobs.registry import regularly
from app.operation.idempotency import KEPT_HOURS, IdempotencyKey
from app.operation.work import Work

_KEYS = Query(
    delete(IdempotencyKey).where(
        IdempotencyKey.created_at < func.now() - timedelta(hours=KEPT_HOURS)
    )
)
_QUEUE_LOG = Query(
    delete(table("pgqueuer_log", column("created", Instant()))).where(
        column("created", Instant()) < func.now() - timedelta(days=30)
    )
)


@regularly("11 * * * *")
async def tidy_idempotency_keys(work: Work) -> None:
    """Remove idempotency keys after their 24 hours, in every practice at once.

    Only the worker's role may: its policy shows it those keys and no younger ones.
    """
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await work.run(_KEYS)


@regularly("31 4 * * *")
async def tidy_queue_log(work: Work) -> None:
    """Remove what the queue noted of jobs over 30 days ago; their statistics stay."""
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await work.run(_QUEUE_LOG)
