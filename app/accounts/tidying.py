"""What signing in leaves behind, removed once it is over. The walls hold the same bounds."""

from datetime import timedelta

from sqlalchemy import delete, func, or_

from app.accounts.models import RefreshToken, Reset, Throttle
from app.core.ids import SYSTEM
from app.core.statements import Query
from app.jobs.registry import regularly
from app.operation.work import Work

_THROTTLES = Query(delete(Throttle).where(Throttle.window_ends_at < func.now()))
_RESETS = Query(delete(Reset).where(Reset.created_at < func.now() - timedelta(days=1)))
_REFRESH_TOKENS = Query(
    delete(RefreshToken).where(
        RefreshToken.created_at < func.now() - timedelta(days=30),
        or_(RefreshToken.rotated_at.is_not(None), RefreshToken.idle_until < func.now()),
    )
)


@regularly("7 * * * *")
async def tidy_throttles_and_resets(work: Work) -> None:
    """Remove throttles past their window, and requests for a new password after a day."""
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await work.run(_THROTTLES)
        await work.run(_RESETS)


@regularly("23 3 * * *")
async def tidy_refresh_tokens(work: Work) -> None:
    """Remove refresh tokens of over 30 days ago that were rotated, or lay idle for too long.

    Until then a rotated one that comes again ends its sign-in; after that it is merely unknown.
    """
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await work.run(_REFRESH_TOKENS)
